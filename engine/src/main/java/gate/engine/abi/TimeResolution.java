// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// How coarse a program's clocks are: they show times whose part below a second is a multiple of a power of
/// two. So a program can't measure what its neighbours do to the caches.
///
/// Gate's reference 1.2, "Time". Times are unsigned nanoseconds.
///
/// @param stepNanos the power of two; more than a second where clocks show whole seconds
record TimeResolution(long stepNanos) {
    static final long SECOND = 1_000_000_000;

    /// @param nanos a policy's number; outside of 1 ns to 1 s it means a second
    static TimeResolution of(long nanos) {
        long wanted = nanos <= 0 || nanos > SECOND ? SECOND : nanos;
        return new TimeResolution(Long.highestOneBit(wanted) << 1);
    }

    /// What a program is told.
    long reportedNanos() {
        return Math.min(stepNanos, SECOND);
    }

    /// The last time that can be shown and isn't after `nanos`.
    long floor(long nanos) {
        long seconds = Long.divideUnsigned(nanos, SECOND) * SECOND;
        return seconds + (nanos - seconds & -stepNanos);
    }

    /// The first time that can be shown and isn't before `nanos`; the greatest number where there is none.
    long ceiling(long nanos) {
        long floor = floor(nanos);
        if (floor == nanos) {
            return nanos;
        }
        long seconds = Long.divideUnsigned(nanos, SECOND) * SECOND;
        long ceiling = seconds + Math.min(floor - seconds + stepNanos, SECOND);
        return Long.compareUnsigned(ceiling, nanos) < 0 ? -1 : ceiling;
    }
}
