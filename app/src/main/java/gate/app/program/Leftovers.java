// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What this process has made outside of itself, such as other processes and the files of sockets. It goes
/// when its owner
/// closes it; and where the process ends by a signal, which asks no owner. Thread-safe.
public final class Leftovers {
    private static final Set<Leftover> ALL = new LinkedHashSet<>();
    private static final AtomicBoolean ENDING = new AtomicBoolean();
    private static boolean hooked;

    private Leftovers() {}

    /// One thing. Closing it removes it, once; whoever closes it at the same time waits until it is gone.
    public static final class Leftover implements AutoCloseable {
        private @Nullable Runnable removal;

        private Leftover(Runnable removal) {
            this.removal = removal;
        }

        @Override
        public void close() {
            synchronized (this) {
                Runnable once = removal;
                removal = null;
                if (once != null) {
                    once.run();
                }
            }
            forget();
        }

        /// It is gone already, or somebody else's.
        public void forget() {
            synchronized (ALL) {
                ALL.remove(this);
            }
        }
    }

    /// Nothing, for who has to close something.
    public static Leftover none() {
        return new Leftover(() -> {});
    }

    /// @param removal must come to an end, whatever state the rest of the process is in
    public static Leftover add(Runnable removal) {
        Leftover added = new Leftover(removal);
        synchronized (ALL) {
            ALL.add(added);
            if (!hooked) {
                hooked = true;
                Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::removeAll, "leftovers"));
            }
        }
        return added;
    }

    /// Ends the process at once, but for this, with the rest of it in whatever state. The first status counts:
    /// who loses what has been removed, and ends by that, doesn't come before.
    public static void halt(int status) {
        if (ENDING.getAndSet(true)) {
            while (true) {
                LockSupport.park();
            }
        }
        removeAll();
        Runtime.getRuntime().halt(status);
    }

    /// Removes everything, the last made first.
    private static void removeAll() {
        for (Optional<Leftover> last = last(); last.isPresent(); last = last()) {
            last.get().close();
        }
    }

    private static Optional<Leftover> last() {
        synchronized (ALL) {
            Leftover last = null;
            for (Iterator<Leftover> each = ALL.iterator(); each.hasNext(); ) {
                last = each.next();
            }
            return Optional.ofNullable(last);
        }
    }
}
