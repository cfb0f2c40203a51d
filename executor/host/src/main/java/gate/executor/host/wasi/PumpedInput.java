// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Input from a Java stream, whose reads can't be ended: a daemon thread makes them, one whenever the guest has read
/// everything and wants more, so that nothing is taken ahead of need.
final class PumpedInput implements StreamInput {
    private final InputStream source;

    private byte[] buffer = new byte[0];
    private int position;
    private boolean ended;
    private @Nullable IOException failure;
    private boolean wanted;
    private @Nullable Runnable ready;
    private @Nullable Thread pump;

    PumpedInput(InputStream source) {
        this.source = source;
    }

    @Override
    public synchronized int available() throws IOException {
        if (position < buffer.length) {
            return buffer.length - position;
        }
        if (failure != null) {
            throw failure;
        }
        if (ended) {
            return END;
        }
        want();
        return 0;
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        int available = available();
        if (available <= 0) {
            return available;
        }
        int count = Math.min(available, target.remaining());
        target.put(buffer, position, count);
        position += count;
        return count;
    }

    @Override
    public void whenReady(Runnable listener) {
        boolean now;
        synchronized (this) {
            now = ended || failure != null || position < buffer.length;
            ready = now ? null : listener;
            if (!now) {
                want();
            }
        }
        if (now) {
            listener.run();
        }
    }

    @Override
    public synchronized byte[] unread() {
        return Arrays.copyOfRange(buffer, position, buffer.length);
    }

    private void want() {
        wanted = true;
        if (pump == null) {
            pump = new Thread(this::run, "wasi-input");
            pump.setDaemon(true);
            pump.start();
        }
        notifyAll();
    }

    private void run() {
        byte[] bytes = new byte[WasiLimits.INPUT_BYTES_MAX];
        while (awaitWant()) {
            int count;
            IOException thrown = null;
            try {
                count = source.read(bytes);
            } catch (IOException e) {
                count = -1;
                thrown = e;
            }
            Runnable listener = deliver(bytes, count, thrown);
            if (listener != null) {
                listener.run();
            }
            if (count < 0) {
                return;
            }
        }
    }

    private synchronized boolean awaitWant() {
        while (!wanted) {
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        return true;
    }

    private synchronized @Nullable Runnable deliver(byte[] bytes, int count, @Nullable IOException thrown) {
        wanted = false;
        if (count < 0) {
            failure = thrown;
            ended = true;
        } else {
            buffer = Arrays.copyOf(bytes, count);
            position = 0;
        }
        Runnable listener = ready;
        ready = null;
        return listener;
    }
}
