// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Has instances that run for long give way to others: virtual threads don't do so by themselves. Once in
/// [InstanceLimits#SLICE_NANOS] it looks at those that run, and stops those that it has seen before; they park for a
/// moment and go on behind those that have waited.
///
/// Its thread sleeps while nothing runs. Thread-safe.
final class Slicer implements AutoCloseable {
    /// What runs.
    interface Sliced {
        /// Ends its slice; called more than once, and also when it doesn't run any more.
        void endSlice();
    }

    /// A stretch of running.
    private static final class Slice {
        private boolean seen;
    }

    private final ConcurrentHashMap<Sliced, Slice> running = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean idle;
    private volatile boolean closed;

    Slicer() {
        thread = Thread.ofPlatform().daemon().name("slicer").start(this::run);
    }

    /// Something begins to run.
    void enter(Sliced sliced) {
        running.put(sliced, new Slice());
        if (idle) {
            idle = false;
            LockSupport.unpark(thread);
        }
    }

    /// It doesn't run any more, or waits.
    void leave(Sliced sliced) {
        running.remove(sliced);
    }

    private void run() {
        while (!closed) {
            if (running.isEmpty()) {
                idle = true;
                if (running.isEmpty()) {
                    LockSupport.park(this);
                }
                idle = false;
                continue;
            }
            LockSupport.parkNanos(this, InstanceLimits.SLICE_NANOS);
            running.forEach((sliced, slice) -> {
                if (slice.seen) {
                    sliced.endSlice();
                }
                slice.seen = true;
            });
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
