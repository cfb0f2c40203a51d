// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a client sends. While it waits for the program, the first of it is read ahead: that is how its end is
/// noticed. From
/// the first read on nothing is, so that the program decides how much is taken of it. For one reader.
final class ClientInput extends InputStream {
    /// What a client has sent beyond this hides its end.
    private static final int AHEAD_BYTES = 2_048;

    private final InputStream client;

    // All below is guarded by `this`.
    private final byte[] bytes = new byte[AHEAD_BYTES];
    private int from;
    private int to;
    private boolean reading;
    /// Nothing more is read ahead.
    private boolean served;
    private boolean ended;
    private @Nullable IOException failure;

    ClientInput(SocketChannel channel) {
        client = Channels.newInputStream(channel);
    }

    /// Begins, with a thread.
    ///
    /// @param broken is run where the client turns out to be gone, and not just to have sent all
    void readAhead(Runnable broken) {
        Thread.ofVirtual().name("client").start(() -> {
            for (int begin = beginReading(); begin < AHEAD_BYTES; begin = beginReading()) {
                int count = 0;
                IOException thrown = null;
                try {
                    count = client.read(bytes, begin, AHEAD_BYTES - begin);
                } catch (IOException e) {
                    thrown = e;
                }
                endReading(count, thrown);
                if (thrown != null) {
                    broken.run();
                }
            }
        });
    }

    /// @return where to read to; AHEAD_BYTES where not to
    private synchronized int beginReading() {
        if (served || ended || failure != null || to == AHEAD_BYTES) {
            return AHEAD_BYTES;
        }
        reading = true;
        return to;
    }

    private synchronized void endReading(int count, @Nullable IOException thrown) {
        reading = false;
        failure = thrown;
        ended = count < 0;
        to += Math.max(0, count);
        notifyAll();
    }

    /// All that it will ever send has been seen.
    synchronized boolean hasEnded() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        synchronized (this) {
            served = true;
            awaitAhead();
            if (from < to) {
                int count = Math.min(length, to - from);
                System.arraycopy(bytes, from, target, offset, count);
                from += count;
                return count;
            }
            if (ended) {
                return -1;
            }
            if (failure != null) {
                throw failure;
            }
        }
        return client.read(target, offset, length);
    }

    /// With the lock.
    private void awaitAhead() throws InterruptedIOException {
        while (from == to && reading) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
