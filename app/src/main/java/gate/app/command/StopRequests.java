// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collects what signals and timers want of a running guest, and asks it to stop. Thread-safe.
///
/// ```
///  RUNNING -> STOPPING    // the first request; the guest is asked to suspend
/// STOPPING -> STOPPING    // more requests wait
/// STOPPING -> RUNNING     // the person at the terminal chose to go on; requests that waited stop it again
/// STOPPING -> (killed)    // a second Ctrl-C
/// ```
public final class StopRequests {
    private static final List<StopReason> PRESSING = List.of(
            StopReason.TERMINATE, StopReason.HANG_UP, StopReason.AFTER, StopReason.TIMEOUT, StopReason.INTERRUPT);

    private final Runnable suspend;
    private final Runnable kill;
    private final Set<StopReason> reasons = EnumSet.noneOf(StopReason.class);
    private boolean stopping;
    private @Nullable Runnable terminated;

    /// @param suspend asks the guest to suspend; may be called more than once, and after the guest has ended
    /// @param kill ends the process at once
    public StopRequests(Runnable suspend, Runnable kill) {
        this.suspend = suspend;
        this.kill = kill;
    }

    /// Asks the guest to stop. Called by signals and timers, on their own threads.
    public void request(StopReason reason) {
        Runnable action;
        synchronized (this) {
            boolean again = !reasons.add(reason);
            Runnable listener = terminated;
            if (again && reason == StopReason.INTERRUPT) {
                action = kill;
            } else if (endsQuestions(reason) && listener != null) {
                action = listener;
            } else if (stopping) {
                return;
            } else {
                stopping = true;
                action = suspend;
            }
        }
        action.run();
    }

    /// Why the guest was stopped, once it has stopped. Where there are several reasons, the most pressing one:
    /// those that end the process come before those that ask.
    ///
    /// @throws IllegalStateException if nobody has asked it to stop
    public synchronized StopReason reason() {
        for (StopReason pressing : PRESSING) {
            if (reasons.contains(pressing)) {
                return pressing;
            }
        }
        throw new IllegalStateException("the guest stopped, and nobody has asked it to");
    }

    /// Whether nobody is there to answer any more, or there is no time for it.
    private static boolean endsQuestions(StopReason reason) {
        return reason == StopReason.TERMINATE || reason == StopReason.HANG_UP;
    }

    /// Has `listener` run at the next SIGTERM or SIGHUP, on any thread, or at once where there was one: for a
    /// question to a person, which it must not wait for. Call it while the guest is stopped.
    public void onTerminate(Runnable listener) {
        synchronized (this) {
            terminated = listener;
            if (reasons.stream().noneMatch(StopRequests::endsQuestions)) {
                return;
            }
        }
        listener.run();
    }

    /// Whether somebody has asked the guest to stop.
    public synchronized boolean isStopping() {
        return stopping;
    }

    /// The person at the terminal wants the guest to go on. Call it before the guest runs again.
    ///
    /// @param asked what the question was about, beside any Ctrl-C
    public void goOn(StopReason asked) {
        synchronized (this) {
            reasons.remove(StopReason.INTERRUPT);
            reasons.remove(asked);
            terminated = null;
            stopping = !reasons.isEmpty();
            if (!stopping) {
                return;
            }
        }
        suspend.run();
    }
}
