// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.DebugLog;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Consumer;

/// Cuts what a program writes to its debug log into lines: reference 1.2, "Debug output". For the program's thread.
public final class LineLog implements DebugLog {
    private final Consumer<byte[]> lines;
    private byte[] line = new byte[0];
    private int length;

    /// @param lines takes each with its newline, at once: what it is given is the guest's, whatever bytes those are
    public LineLog(Consumer<byte[]> lines) {
        this.lines = lines;
    }

    @Override
    public void write(MemorySegment bytes) {
        for (long at = 0; at < bytes.byteSize(); at++) {
            byte next = bytes.get(ValueLayout.JAVA_BYTE, at);
            add(next);
            if (next == '\n') {
                flush();
            } else if (length == InstanceLimits.LOG_LINE_BYTES_MAX - 1) {
                add((byte) '\n');
                flush();
            }
        }
    }

    private void add(byte next) {
        if (length == line.length) {
            line = Arrays.copyOf(line, Math.clamp(length * 2L, 80, InstanceLimits.LOG_LINE_BYTES_MAX));
        }
        line[length++] = next;
    }

    private void flush() {
        byte[] whole = Arrays.copyOf(line, length);
        length = 0;
        lines.accept(whole);
    }

    /// Ends a line that has begun: the program has stopped.
    public void end() {
        if (length > 0) {
            add((byte) '\n');
            flush();
        }
    }
}
