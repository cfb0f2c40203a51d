// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static org.assertj.core.api.Assertions.assertThat;

import gate.server.service.origin.OriginConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// The client of a connection: what it sends, and what it has received. Whatever has to happen is waited for.
final class FakeClient {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    final In in = new In();
    final Out out = new Out();
    private final Object lock = new Object();
    private final Deque<byte[]> unsent = new ArrayDeque<>();
    private boolean ended;
    private boolean inputFails;
    private boolean deaf;
    private boolean inputClosed;
    private boolean reading;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private int flushes;
    private boolean slow;
    private boolean writing;
    private boolean outputFails;
    private boolean outputClosed;
    private boolean transferEnded;

    /// Moves this client's data in a thread of its own.
    FakeClient on(OriginConnection connection) {
        Thread.ofVirtual().start(() -> {
            try {
                connection.transfer(in, out);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                change(() -> transferEnded = true);
            }
        });
        return this;
    }

    FakeClient sends(String text) {
        return sends(text.getBytes(StandardCharsets.UTF_8));
    }

    FakeClient sends(byte[] bytes) {
        change(() -> unsent.add(bytes));
        return this;
    }

    FakeClient ends() {
        change(() -> ended = true);
        return this;
    }

    /// Reading from it fails, after what it has sent.
    FakeClient breaks() {
        change(() -> inputFails = true);
        return this;
    }

    /// Closing its input doesn't end a read, as with standard input.
    FakeClient deaf() {
        change(() -> deaf = true);
        return this;
    }

    FakeClient slow(boolean now) {
        change(() -> slow = now);
        return this;
    }

    FakeClient refusesOutput() {
        change(() -> outputFails = true);
        return this;
    }

    String received() {
        synchronized (lock) {
            return received.toString(StandardCharsets.UTF_8);
        }
    }

    void awaitReceived(String text) {
        await("'" + text + "'", () -> received().equals(text));
    }

    void awaitReceived(int bytes) {
        await(bytes + " bytes", () -> received.size() == bytes);
    }

    void awaitFlush() {
        await("flush", () -> flushes > 0);
    }

    void awaitOutputClosed() {
        await("end of output", () -> outputClosed);
    }

    void awaitReading() {
        await("read", () -> reading);
    }

    void awaitWriting() {
        await("write", () -> writing);
    }

    void awaitTransferEnd() {
        await("end of transfer", () -> transferEnded);
        assertThat(inputClosed).isTrue();
        assertThat(outputClosed).isTrue();
    }

    boolean isInputClosed() {
        synchronized (lock) {
            return inputClosed;
        }
    }

    private void change(Runnable change) {
        synchronized (lock) {
            change.run();
            lock.notifyAll();
        }
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        synchronized (lock) {
            try {
                while (!condition.getAsBoolean()) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        throw new AssertionError("no " + what + "; the client received '" + received() + "'");
                    }
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                }
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }

    private void waitWhile(BooleanSupplier condition) throws IOException {
        synchronized (lock) {
            while (condition.getAsBoolean()) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
            }
        }
    }

    /// What the client sends.
    final class In extends InputStream {
        @Override
        public int read() {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            synchronized (lock) {
                reading = true;
                lock.notifyAll();
                try {
                    waitWhile(() -> unsent.isEmpty() && !ended && !inputFails && (!inputClosed || deaf));
                } finally {
                    reading = false;
                }
                if (unsent.isEmpty() || inputClosed && !deaf) {
                    if (inputFails || inputClosed) {
                        throw new IOException("broken");
                    }
                    return -1;
                }
                byte[] first = unsent.remove();
                int count = Math.min(length, first.length);
                System.arraycopy(first, 0, target, offset, count);
                if (count < first.length) {
                    unsent.addFirst(java.util.Arrays.copyOfRange(first, count, first.length));
                }
                return count;
            }
        }

        @Override
        public void close() {
            change(() -> inputClosed = true);
        }
    }

    /// What the client receives.
    final class Out extends OutputStream {
        @Override
        public void write(int oneByte) {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (lock) {
                writing = true;
                lock.notifyAll();
                try {
                    waitWhile(() -> slow && !outputClosed && !outputFails);
                } finally {
                    writing = false;
                }
                if (outputClosed || outputFails) {
                    throw new IOException("broken");
                }
                received.write(bytes, offset, length);
                lock.notifyAll();
            }
        }

        @Override
        public void flush() {
            change(() -> flushes++);
        }

        @Override
        public void close() {
            change(() -> outputClosed = true);
        }
    }
}
