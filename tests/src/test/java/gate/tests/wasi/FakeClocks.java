// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import gate.executor.host.wasi.Alarm;
import gate.executor.host.wasi.WasiClocks;

/// Clocks that a test sets, and in which waiting takes no time.
final class FakeClocks implements WasiClocks {
    long realtime = 1_700_000_000_000_000_000L;
    long monotonic = 500;
    long cpu = 42;
    long paused;
    /// A longer pause returns early.
    long pauseMax = Long.MAX_VALUE;

    Runnable whilePausing = () -> {};

    @Override
    public long realtimeNanos() {
        return realtime;
    }

    @Override
    public long monotonicNanos() {
        return monotonic;
    }

    @Override
    public long cpuNanos() {
        return cpu;
    }

    @Override
    public void pause(Alarm alarm, long nanosAtMost) {
        long nanos = Math.min(nanosAtMost, pauseMax);
        monotonic += nanos;
        realtime += nanos;
        paused += nanos;
        whilePausing.run();
    }
}
