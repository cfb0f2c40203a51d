// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import gate.executor.host.wasi.StreamOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Standard output that takes as much as a test lets it.
final class FakeOutput implements StreamOutput {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long room = Long.MAX_VALUE;
    private int pieceMax = Integer.MAX_VALUE;
    private @Nullable IOException failure;
    private @Nullable Runnable listener;

    /// Lets it take so many more bytes.
    void room(long bytes) {
        Runnable run;
        synchronized (this) {
            room = bytes;
            run = listener;
            listener = null;
        }
        if (run != null) {
            run.run();
        }
    }

    synchronized void pieceMax(int bytes) {
        pieceMax = bytes;
    }

    synchronized void fail(IOException with) {
        failure = with;
    }

    synchronized String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    synchronized int size() {
        return written.size();
    }

    @Override
    public synchronized boolean writable() {
        return room > 0;
    }

    @Override
    public synchronized int write(ByteBuffer source) throws IOException {
        if (failure != null) {
            throw failure;
        }
        int count = (int) Math.min(Math.min(room, pieceMax), source.remaining());
        for (int i = 0; i < count; i++) {
            written.write(source.get());
        }
        room -= count;
        return count;
    }

    @Override
    public void whenWritable(Runnable ready) {
        boolean now;
        synchronized (this) {
            now = room > 0;
            listener = now ? null : ready;
        }
        if (now) {
            ready.run();
        }
    }
}
