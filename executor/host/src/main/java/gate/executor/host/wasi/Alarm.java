// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.util.concurrent.TimeUnit;

/// Ends one thread's wait from another thread. Rung before the wait begins, it ends it at once.
///
/// An interrupt of the waiting thread is the embedder's business and not the guest's: the wait goes on, and
/// [#restoreInterrupt()] sets the thread's flag again when the host call ends.
public final class Alarm {
    private boolean rung;
    private boolean interrupted;

    /// An alarm that hasn't rung.
    public Alarm() {}

    public synchronized void ring() {
        rung = true;
        notifyAll();
    }

    synchronized void reset() {
        rung = false;
    }

    /// Waits until it is rung, at most so long; may return early.
    public synchronized void await(long nanos) {
        if (rung || nanos <= 0) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.timedWait(this, nanos);
        } catch (InterruptedException e) {
            interrupted = true;
        }
    }

    synchronized void restoreInterrupt() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
