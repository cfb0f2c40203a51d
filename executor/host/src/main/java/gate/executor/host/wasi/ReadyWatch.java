// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Knows whether a descriptor of the process is ready, by Linux's `ppoll`, and can tell when it becomes so:
/// then a daemon thread of its own waits. It takes and writes no byte, so that it doesn't matter that its wait
/// can't be ended.
final class ReadyWatch {
    static final short POLLIN = 1;
    static final short POLLOUT = 4;
    static final short POLLHUP = 16;

    private static final long FOREVER = 0;

    private final int file;
    private final short events;
    private final Probe now;

    private boolean waiting;
    private @Nullable Runnable ready;
    private @Nullable Thread thread;

    ReadyWatch(int file, short events) {
        this.file = file;
        this.events = events;
        this.now = new Probe();
    }

    /// Whether it is ready; also where it has failed or been hung up on, so that reading or writing tells so.
    boolean ready() {
        return now.poll(now.zero.address());
    }

    void whenReady(Runnable listener) {
        synchronized (this) {
            ready = listener;
            waiting = true;
            if (thread == null) {
                thread = new Thread(this::run, "wasi-ready-" + file);
                thread.setDaemon(true);
                thread.start();
            }
            notifyAll();
        }
    }

    private void run() {
        Probe probe = new Probe();
        while (awaitRequest()) {
            // A poll that fails counts as ready: the read or write that follows reports what is wrong.
            boolean _ = probe.poll(FOREVER);
            Runnable listener;
            synchronized (this) {
                waiting = false;
                listener = ready;
                ready = null;
            }
            if (listener != null) {
                listener.run();
            }
        }
    }

    private synchronized boolean awaitRequest() {
        while (!waiting) {
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        return true;
    }

    /// One thread's system call and its memory.
    private final class Probe {
        private final Kernel kernel = new Kernel();
        private final MemorySegment poll = kernel.allocate(8);
        private final MemorySegment zero = kernel.allocate(16);

        boolean poll(long timeoutAddress) {
            poll.set(ValueLayout.JAVA_INT, 0, file);
            poll.set(ValueLayout.JAVA_SHORT, 4, events);
            poll.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
            return kernel.call(SystemCall.PPOLL, poll.address(), 1, timeoutAddress, 0, 0) != 0;
        }
    }
}
