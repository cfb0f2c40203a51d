// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import gate.executor.host.wasi.FileType;
import gate.executor.host.wasi.StreamInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Standard input that a test types.
final class FakeInput implements StreamInput {
    private final Deque<Byte> bytes = new ArrayDeque<>();
    private boolean ended;
    private @Nullable IOException failure;
    private @Nullable Runnable listener;

    void type(String text) {
        Runnable run;
        synchronized (this) {
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                bytes.add(b);
            }
            run = listener;
            listener = null;
        }
        if (run != null) {
            run.run();
        }
    }

    synchronized void end() {
        ended = true;
    }

    synchronized void fail(IOException with) {
        failure = with;
    }

    synchronized int left() {
        return bytes.size();
    }

    @Override
    public synchronized int available() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return bytes.isEmpty() && ended ? END : bytes.size();
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        int count = Math.min(available(), target.remaining());
        for (int i = 0; i < count; i++) {
            target.put(bytes.remove());
        }
        return count;
    }

    @Override
    public void whenReady(Runnable ready) {
        boolean now;
        synchronized (this) {
            now = ended || !bytes.isEmpty();
            listener = now ? null : ready;
        }
        if (now) {
            ready.run();
        }
    }

    @Override
    public FileType type() {
        return FileType.CHARACTER_DEVICE;
    }
}
