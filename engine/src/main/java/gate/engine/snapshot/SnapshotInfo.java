// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import java.util.List;

/// The section `gate.snapshot`: how the program stood. Reference 7.2.
///
/// @param isFinal it has ended, and must never run again
/// @param trap reference 2.1: 0 it exited, 2 it was suspended
/// @param result of a program that exited, 0 or 1
/// @param monotonicNanos its monotonic clock
/// @param breakpoints code offsets as in reference 3.6, ascending, each once
public record SnapshotInfo(boolean isFinal, int trap, int result, long monotonicNanos, List<Long> breakpoints) {
    /// Trap id of a program that exited.
    public static final int EXIT = 0;

    /// Trap id of a program that was suspended.
    public static final int SUSPENDED = 2;

    /// Breakpoints of a program.
    public static final int BREAKPOINTS_MAX = 100;

    private static final int VERSION = 0;
    private static final int FINAL = 1;
    private static final long U32 = 0xFFFF_FFFFL;

    public SnapshotInfo {
        breakpoints = List.copyOf(breakpoints);
        if (monotonicNanos < 0) {
            throw new IllegalArgumentException("a monotonic clock at " + monotonicNanos);
        }
        if (breakpoints.size() > BREAKPOINTS_MAX) {
            throw new IllegalArgumentException("snapshot has too many breakpoints");
        }
    }

    /// Of a program that can go on.
    public static SnapshotInfo suspended(long monotonicNanos) {
        return new SnapshotInfo(false, SUSPENDED, 0, monotonicNanos, List.of());
    }

    /// Of a program that has exited and may be called again.
    public static SnapshotInfo halted(int result, long monotonicNanos) {
        return new SnapshotInfo(false, EXIT, result, monotonicNanos, List.of());
    }

    byte[] encode() {
        ByteSink sink = new ByteSink();
        sink.unsigned(VERSION);
        sink.unsigned(isFinal ? FINAL : 0);
        sink.unsigned(trap);
        sink.unsigned(Integer.toUnsignedLong(result));
        sink.unsigned(monotonicNanos);
        sink.unsigned(breakpoints.size());
        breakpoints.forEach(sink::unsigned);
        return sink.toArray();
    }

    /// Reads up to the section's end; what follows the breakpoints is from a later version, and ignored.
    static SnapshotInfo decode(FileCursor in) throws CorruptSnapshotException {
        in.unsigned64("the version of gate.snapshot"); // later ones are assumed to be compatible
        long flags = in.unsigned64("the flags of gate.snapshot");
        int trap = in.count(Integer.MAX_VALUE, "the trap of gate.snapshot");
        int result = (int) in.unsigned(U32, "the result of gate.snapshot");
        long monotonic = in.unsigned64("the time of gate.snapshot");
        int count = in.count(Integer.MAX_VALUE, "the number of breakpoints");
        if (count > BREAKPOINTS_MAX) {
            throw in.corrupt("snapshot has too many breakpoints");
        }
        Long[] breakpoints = new Long[count];
        for (int i = 0; i < count; i++) {
            breakpoints[i] = in.unsigned(U32, "a breakpoint");
            if (i > 0 && breakpoints[i] <= breakpoints[i - 1]) {
                throw in.corrupt("breakpoints aren't in ascending order");
            }
        }
        return new SnapshotInfo((flags & FINAL) != 0, trap, result, clamped(monotonic), List.of(breakpoints));
    }

    /// A clock that stands at 292 years or more stays where ours end.
    private static long clamped(long monotonic) {
        return monotonic < 0 ? Long.MAX_VALUE : monotonic;
    }
}
