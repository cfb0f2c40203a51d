// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.HostClock;
import gate.engine.abi.RandomSource;
import gate.engine.runtime.MemoryBackend;
import java.security.SecureRandom;
import java.time.Instant;

/// What the instances of a process share: clocks, chance, memory, and who runs when. Thread-safe. Close it when its
/// instances are closed.
public final class InstanceHost implements AutoCloseable {
    private final HostClock clock;
    private final RandomSource random;
    private final MemoryBackend memory;
    private final Slicer slicer = new Slicer();

    public InstanceHost(HostClock clock, RandomSource random, MemoryBackend memory) {
        this.clock = clock;
        this.random = random;
        this.memory = memory;
    }

    /// With the system's clocks and random numbers.
    public static InstanceHost system(MemoryBackend memory) {
        SecureRandom random = new SecureRandom();
        return new InstanceHost(new SystemClock(), random::nextBytes, memory);
    }

    HostClock clock() {
        return clock;
    }

    RandomSource random() {
        return random;
    }

    MemoryBackend memory() {
        return memory;
    }

    Slicer slicer() {
        return slicer;
    }

    @Override
    public void close() {
        slicer.close();
    }

    private static final class SystemClock implements HostClock {
        private static final long NANOS_PER_SECOND = 1_000_000_000L;

        @Override
        public long realtimeNanos() {
            Instant now = Instant.now();
            return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    }
}
