// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/// The host's clocks. Thread-safe.
final class SystemClocks implements WasiClocks {
    static final SystemClocks INSTANCE = new SystemClocks();

    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;

    private SystemClocks() {}

    @Override
    public long realtimeNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public long cpuNanos() {
        Kernel kernel = new Kernel();
        MemorySegment time = kernel.allocate(16);
        Kernel.check(kernel.call(SystemCall.CLOCK_GETTIME, CLOCK_PROCESS_CPUTIME_ID, time.address()));
        return time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + time.get(ValueLayout.JAVA_LONG, 8);
    }

    @Override
    public void pause(Alarm alarm, long nanosAtMost) {
        alarm.await(nanosAtMost);
    }
}
