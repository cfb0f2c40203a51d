// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// An import function's wait for packets and time, which ends at once when the program is to stop.
final class PacketWait {
    /// What is waited for.
    interface Goal {
        /// Whether the wait is over; doesn't wait. The others are asked after it.
        boolean reached();

        /// Whether packet bytes to read may end it.
        boolean readable();

        /// Whether room for packet bytes may end it.
        boolean writable();

        /// How long until time ends it, or `Long.MAX_VALUE`.
        long nanosLeft();
    }

    private PacketWait() {}

    /// @return false where the program is to stop and the goal isn't reached
    static boolean until(AbiCall call, Goal goal) {
        if (goal.reached()) {
            return true;
        }
        PacketStream packets = call.running().packets();
        call.host().wakeWith(packets::wake);
        try {
            while (!call.stopRequested()) {
                packets.await(goal.readable(), goal.writable(), Math.max(goal.nanosLeft(), 1));
                if (goal.reached()) {
                    return true;
                }
            }
            return false;
        } finally {
            call.host().wakeWith(null);
        }
    }
}
