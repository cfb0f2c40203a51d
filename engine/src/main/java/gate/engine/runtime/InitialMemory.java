// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.DataSegment;
import gate.engine.wasm.Module;
import gate.engine.wasm.SegmentMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A memory as a module's active segments make it, in a file in memory that instances map copy-on-write.
///
/// Made when a module is instantiated the second time, in steps, because copying can be long. For one thread at a
/// time; [ModuleCode] sees to that.
final class InitialMemory {
    /// Less data than this is copied faster than mapped.
    private static final long BYTES_MIN = 64 << 10;

    private static final int CHUNK_BYTES = 1 << 18;

    private final Module module;
    private final int memory;
    private final long bytes;
    private final int descriptor;
    /// Closes the file when the image becomes unreachable.
    private final MemorySegment guard;

    private int segment;
    private int done;

    private InitialMemory(Module module, int memory, long bytes, int descriptor) {
        this.module = module;
        this.memory = memory;
        this.bytes = bytes;
        this.descriptor = descriptor;
        this.guard = MemorySegment.NULL.reinterpret(Arena.ofAuto(), ignored -> NativeMemory.closeFile(descriptor));
    }

    /// Begins an image.
    ///
    /// @return null where sharing isn't possible or not worth it: little data, or segments whose place isn't
    /// constant
    static @Nullable InitialMemory begin(Module module, int memory) {
        if (memory < module.importedMemoryCount()) {
            return null;
        }
        long total = 0;
        long end = 0;
        for (int i = 0; i < module.dataSegmentCount(); i++) {
            DataSegment data = module.dataSegment(i);
            if (data.mode() != SegmentMode.ACTIVE || data.memory() != memory) {
                continue;
            }
            long at = constantOffset(module, data);
            if (at < 0) {
                return null;
            }
            total += data.size();
            end = Math.max(end, at + data.size());
        }
        long size = (long) module.memory(memory).minimum() * Memory.PAGE_BYTES;
        if (total < BYTES_MIN || end > size) {
            return null;
        }
        long rounded = (end + NativeMemory.OS_PAGE_BYTES - 1) & -NativeMemory.OS_PAGE_BYTES;
        int descriptor = NativeMemory.createFile(rounded);
        return descriptor < 0 ? null : new InitialMemory(module, memory, rounded, descriptor);
    }

    /// The address of a segment whose offset expression is one constant, else -1.
    private static long constantOffset(Module module, DataSegment data) {
        CodeCursor in = new CodeCursor(module.bytes(), data.offsetExpression());
        if (in.opcode() != I32_CONST) {
            return -1;
        }
        long at = in.s64() & 0xFFFF_FFFFL;
        return in.opcode() == END ? at : -1;
    }

    /// Copies segments.
    ///
    /// @return false where `pause` came first; it can be called again
    boolean advance(BooleanSupplier pause) {
        if (segment == module.dataSegmentCount()) {
            return true;
        }
        long address = NativeMemory.mapShared(descriptor, bytes);
        if (address == NativeMemory.FAILED) {
            throw new OutOfMemoryError("mmap of " + bytes + " bytes failed");
        }
        try {
            MemorySegment source = MemorySegment.ofArray(module.bytes());
            for (; segment < module.dataSegmentCount(); segment++, done = 0) {
                DataSegment data = module.dataSegment(segment);
                if (data.mode() != SegmentMode.ACTIVE || data.memory() != memory) {
                    continue;
                }
                long target = address + constantOffset(module, data);
                for (; done < data.size(); done += CHUNK_BYTES) {
                    if (pause.getAsBoolean()) {
                        return false;
                    }
                    int chunk = Math.min(CHUNK_BYTES, data.size() - done);
                    MemorySegment.copy(source, data.start() + done, NativeMemory.ALL, target + done, chunk);
                }
            }
            return true;
        } finally {
            NativeMemory.unmap(address, bytes);
        }
    }

    long bytes() {
        return bytes;
    }

    int descriptor() {
        assert guard != null;
        return descriptor;
    }
}
