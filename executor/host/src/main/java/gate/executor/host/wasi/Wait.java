// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.runtime.HostCall;
import java.io.IOException;

/// A host call's wait for streams and time, which ends at once when the execution is to stop.
final class Wait {
    /// Waits without an end are cut into pieces, so that a clock that was set is looked at again.
    private static final long PIECE_NANOS = 1_000_000_000L;

    /// How a wait ended.
    enum End {
        READY,
        STOP
    }

    /// What is waited for.
    interface Goal {
        /// Whether it is there; doesn't wait.
        boolean reached() throws IOException;

        /// Has `changed` run when [#reached()] may have changed because of a stream.
        void watch(Runnable changed);

        /// How long until [#reached()] changes because of time, or `Long.MAX_VALUE`.
        long nanosLeft();
    }

    private Wait() {}

    static End until(HostCall call, WasiClocks clocks, Goal goal) throws IOException {
        if (goal.reached()) {
            return End.READY;
        }
        Alarm alarm = new Alarm();
        call.wakeWith(alarm::ring);
        try {
            while (true) {
                alarm.reset();
                goal.watch(alarm::ring);
                if (goal.reached()) {
                    return End.READY;
                }
                if (call.suspendRequested()) {
                    return End.STOP;
                }
                clocks.pause(alarm, Math.min(goal.nanosLeft(), PIECE_NANOS));
            }
        } finally {
            call.wakeWith(null);
            alarm.restoreInterrupt();
        }
    }
}
