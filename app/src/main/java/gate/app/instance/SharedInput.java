// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import gate.executor.host.wasi.StreamInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Standard input, as connections of a Gate program read it, one after another; for one of them at a time.
///
/// A thread of the system's takes bytes for a reader who waits, and only what that one wants. The reader may
/// be a virtual
/// thread, which would hold up others if it were in the system's hands itself. It can be interrupted: then
/// nothing is taken any more, and what comes is left to whoever reads next, in this process or another one.
/// Bytes that are being taken at that moment are still read.
public final class SharedInput extends InputStream {
    private final StreamInput source;

    // All below is guarded by `this`.
    /// As many bytes as the reader wants; 0 where nobody waits.
    private int wanted;
    /// There may be something.
    private boolean maybe = true;
    /// Bytes are being taken.
    private boolean taking;
    /// For the reader; without bytes it is the end.
    private byte @Nullable [] taken;
    private @Nullable IOException failure;
    private @Nullable Thread thread;

    public SharedInput(StreamInput source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /// @throws InterruptedIOException where the thread is interrupted before there are bytes
    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        want(length);
        boolean interrupted = awaitBytes();
        wanted = 0;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        IOException thrown = failure;
        byte[] bytes = taken;
        failure = null;
        taken = null;
        if (thrown != null) {
            throw thrown;
        }
        if (bytes == null) {
            throw new InterruptedIOException("interrupted");
        }
        System.arraycopy(bytes, 0, target, offset, bytes.length);
        return bytes.length == 0 ? -1 : bytes.length;
    }

    private void want(int length) {
        wanted = length;
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("standard-input").start(this::run);
        }
        notifyAll();
    }

    /// @return whether the reader was interrupted
    private boolean awaitBytes() {
        boolean interrupted = false;
        while (taken == null && failure == null && (taking || !interrupted)) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
                wanted = 0;
            }
        }
        return interrupted;
    }

    // ---- the system's thread ----

    private void run() {
        while (true) {
            int most = awaitWish();
            try {
                byte[] bytes = take(most);
                deliver(bytes, null);
                if (bytes == null) {
                    source.whenReady(this::ready);
                }
            } catch (IOException e) {
                deliver(null, e);
            } catch (RuntimeException e) {
                deliver(null, new IOException("standard input can't be read", e));
            }
        }
    }

    /// @return null where there is nothing yet; without bytes at the end
    private byte @Nullable [] take(int most) throws IOException {
        if (source.available() == 0) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(most);
        int count = source.read(bytes);
        return count == 0 ? null : Arrays.copyOf(bytes.array(), Math.max(0, count));
    }

    private synchronized int awaitWish() {
        while (wanted == 0 || !maybe || taken != null || failure != null) {
            try {
                wait();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt it: it ends with the process.
            }
        }
        taking = true;
        return wanted;
    }

    private synchronized void deliver(byte @Nullable [] bytes, @Nullable IOException thrown) {
        taking = false;
        maybe = bytes != null || thrown != null;
        taken = bytes;
        failure = thrown;
        notifyAll();
    }

    private synchronized void ready() {
        maybe = true;
        notifyAll();
    }

    /// It isn't the connection's alone, and stays open.
    @Override
    public void close() {}
}
