// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import gate.engine.abi.HostClock;

/// Clocks that a test sets.
final class FakeClock implements HostClock {
    static final long SECOND = 1_000_000_000;

    long realtime = 1_700_000_000 * SECOND;
    long monotonic = 123_456_789_012_345L;

    void pass(long nanos) {
        realtime += nanos;
        monotonic += nanos;
    }

    @Override
    public long realtimeNanos() {
        return realtime;
    }

    @Override
    public long monotonicNanos() {
        return monotonic;
    }
}
