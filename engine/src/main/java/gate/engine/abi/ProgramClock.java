// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// The clocks as one program sees them, from a start or resumption on. Nanoseconds.
///
/// The monotonic clock counts the time that the program isn't stopped. It starts at one second, so that it
/// never shows 0, and goes on from exactly where it stood: the saved number is the exact time, so that a
/// program that is stopped more often than its clock ticks still sees time pass; and it shows no time
/// before that number, however coarse the resolution is now.
///
/// Gate's reference 1.2, "Time", and 7.10. For one thread at a time.
public final class ProgramClock {
    private final HostClock host;
    private final TimeResolution resolution;
    private final long hostStart;
    private final long start;
    private long elapsed;

    /// @param resolutionNanos a policy's number, see [AbiPolicy]
    public ProgramClock(HostClock host, long resolutionNanos, AbiState state) {
        this.host = host;
        this.resolution = TimeResolution.of(resolutionNanos);
        this.hostStart = host.monotonicNanos();
        this.start = state.monotonicNanos() == 0 ? TimeResolution.SECOND : state.monotonicNanos();
    }

    TimeResolution resolution() {
        return resolution;
    }

    public long realtimeNanos() {
        return now().realtime();
    }

    public long monotonicNanos() {
        return now().monotonic();
    }

    /// Where the monotonic clock stands, to go on from.
    public AbiState state() {
        return new AbiState(now().exact);
    }

    /// Host time since the start or resumption.
    long elapsedNanos() {
        elapsed = Math.max(elapsed, host.monotonicNanos() - hostStart);
        return elapsed;
    }

    Now now() {
        return new Now();
    }

    /// All clocks at one moment.
    final class Now {
        private final long hostRealtime = Math.max(host.realtimeNanos(), 0);
        private final long elapsedNow = elapsedNanos();
        private final long exact = exact(elapsedNow);

        private long exact(long since) {
            long sum = start + since;
            return sum < 0 ? Long.MAX_VALUE : sum;
        }

        /// Host time since the start or resumption.
        long elapsed() {
            return elapsedNow;
        }

        long realtime() {
            return resolution.floor(hostRealtime);
        }

        long monotonic() {
            long shown = resolution.floor(exact);
            return Math.max(shown, start);
        }

        /// How long until the real-time clock shows `time` or later; 0 where it does now.
        ///
        /// @param time unsigned
        long untilRealtime(long time) {
            return Long.compareUnsigned(time, realtime()) <= 0 ? 0 : difference(time, hostRealtime);
        }

        /// How long until the monotonic clock shows `time` or later; 0 where it does now.
        ///
        /// @param time unsigned
        long untilMonotonic(long time) {
            return Long.compareUnsigned(time, monotonic()) <= 0 ? 0 : difference(time, exact);
        }

        private long difference(long time, long from) {
            long difference = resolution.ceiling(time) - from;
            return difference < 0 ? Long.MAX_VALUE : difference;
        }
    }
}
