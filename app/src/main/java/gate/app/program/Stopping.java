// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import org.jspecify.annotations.Nullable;

/// A wish that a program stops, which may come before there is one. Thread-safe.
///
/// ```
///      (new) -> PREPARING    // what may take long: a wish interrupts it
///  PREPARING -> (new)
///      (new) -> RUNNING      // a wish is passed on, an earlier one too
/// ```
public final class Stopping {
    private boolean wanted;
    private @Nullable Thread preparing;
    private @Nullable Runnable stop;

    public Stopping() {}

    /// Any thread may wish so.
    public void stop() {
        Runnable now;
        synchronized (this) {
            wanted = true;
            if (preparing != null) {
                preparing.interrupt();
            }
            now = stop;
        }
        if (now != null) {
            now.run();
        }
    }

    /// From now on the calling thread is interrupted by a wish.
    ///
    /// @throws InterruptedException where there was one
    public synchronized void prepare() throws InterruptedException {
        if (wanted) {
            throw new InterruptedException("stopped before");
        }
        preparing = Thread.currentThread();
    }

    /// From now on it isn't; an interruption that nobody has noticed is forgotten, as there will be a program
    /// to stop.
    public synchronized void prepared() {
        preparing = null;
        boolean _ = Thread.interrupted();
    }

    /// There is a program.
    ///
    /// @param action stops it
    public void running(Runnable action) {
        boolean now;
        synchronized (this) {
            stop = action;
            now = wanted;
        }
        if (now) {
            action.run();
        }
    }
}
