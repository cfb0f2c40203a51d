// SPDX-License-Identifier: Apache-2.0
package gate.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.Module;
import gate.engine.wasm.ModuleException;
import gate.tests.equivalence.Choices;
import gate.tests.equivalence.ModuleGenerator;
import gate.tests.equivalence.SavedFile;
import gate.tests.spec.SuiteModules;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Damaged modules and saved files. `-Dgate.fuzz=N` says how many, `-Dgate.seed=N` from which on.
final class EngineFuzzTest {
    private static final long INPUTS = Long.getLong("gate.fuzz", 60_000);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);
    private static final int SEED_BYTES_MAX = 8_192;
    private static final int FAILURES_SHOWN = 5;

    /// Processor time for one input, which is some kilobytes long; most take less than a millisecond.
    private static final long NANOS_MAX = 2_000_000_000L;

    /// By the clock, which goes on while a busy machine does something else.
    private static final Duration HANG = Duration.ofSeconds(10);

    /// Heap that decoding may allocate, in all, also what is garbage at once: a fixed amount and so much per byte.
    /// What a module asks for without spending bytes on it (locals, table elements) costs nothing here.
    private static final long FIXED_BYTES_MAX = 512 << 10;

    private static final long BYTES_PER_BYTE_MAX = 32;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicInteger valid = new AtomicInteger();
    private final AtomicInteger restored = new AtomicInteger();
    private final AtomicLong mostBytes = new AtomicLong();
    private final AtomicLong mostNanos = new AtomicLong();

    @Test
    @Tag("slow")
    void damagedInputEndsInADeclaredException() throws Exception {
        List<byte[]> modules = new ArrayList<>(SuiteModules.binaries("fuzz of the suite's modules", SEED_BYTES_MAX));
        List<byte[]> files = new ArrayList<>();
        for (long seed = 1; files.size() < 150; seed++) {
            byte[] module = ModuleGenerator.generate(Choices.seeded(seed));
            if (module.length <= SEED_BYTES_MAX) {
                modules.add(module);
                GuardedGuest.run(Module.parse(module)).ifPresent(files::add);
            }
        }
        List<String> failures = new ArrayList<>();
        WatchedInputs.tryAll(FIRST_SEED, INPUTS, HANG, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<byte[]> from = random.nextInt(3) == 0 ? files : modules;
            byte[] other = modules.get(random.nextInt(modules.size()));
            byte[] damaged = new Mutation(random).damage(from.get(random.nextInt(from.size())), other);
            // A wrong checksum would end most of it too early.
            byte[] input = isSaved(damaged) && random.nextInt(10) > 0 ? SavedFile.summed(damaged) : damaged;
            problem(input).ifPresent(found -> {
                synchronized (failures) {
                    if (failures.size() < FAILURES_SHOWN) {
                        failures.add("seed " + seed + ": " + found + "\n"
                                + HexFormat.of().formatHex(input));
                    }
                }
            });
        });
        System.out.println("fuzz: " + INPUTS + " inputs of " + modules.size() + " modules and " + files.size()
                + " saved files; " + valid + " valid modules run, " + restored + " saved files restored; at most "
                + mostBytes + " bytes allocated and " + mostNanos.get() / 1_000_000 + " ms for one");
        assertThat(failures).isEmpty();
        assertThat(valid.get()).as("inputs that are still valid").isPositive();
        assertThat(restored.get()).as("saved files that are still valid").isPositive();
    }

    private Optional<String> problem(byte[] input) {
        long nanos = THREADS.getCurrentThreadCpuTime();
        try {
            Optional<String> found = isSaved(input) ? savedFile(input) : module(input);
            if (found.isPresent()) {
                return found;
            }
        } catch (Throwable e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return Optional.of(trace.toString());
        }
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        mostNanos.accumulateAndGet(nanos, Math::max);
        return nanos > NANOS_MAX ? Optional.of("takes " + nanos / 1_000_000 + " ms") : Optional.empty();
    }

    private static boolean isSaved(byte[] input) {
        return Snapshot.isSnapshot(MemorySegment.ofArray(input));
    }

    private Optional<String> module(byte[] input) throws IOException, CorruptSnapshotException {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        Optional<Module> module = Optional.empty();
        try {
            module = Optional.of(Module.parse(input));
        } catch (ModuleException e) {
            if (String.valueOf(e.getMessage()).isBlank()) {
                return Optional.of("no reason given");
            }
        }
        Optional<String> found = allocated(input, bytes);
        if (found.isEmpty() && module.isPresent()) {
            valid.incrementAndGet();
            GuardedGuest.run(module.get());
        }
        return found;
    }

    private Optional<String> savedFile(byte[] input) throws IOException {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        Optional<Snapshot> snapshot = Optional.empty();
        try {
            snapshot = Optional.of(SavedFile.read(input));
        } catch (ModuleException | CorruptSnapshotException e) {
            if (String.valueOf(e.getMessage()).isBlank()) {
                return Optional.of("no reason given");
            }
        }
        Optional<String> found = allocated(input, bytes);
        if (found.isEmpty() && snapshot.isPresent()) {
            try {
                GuardedGuest.resume(snapshot.get());
                restored.incrementAndGet();
            } catch (CorruptSnapshotException e) {
                return Optional.empty();
            }
        }
        return found;
    }

    private Optional<String> allocated(byte[] input, long before) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        mostBytes.accumulateAndGet(bytes, Math::max);
        return bytes > FIXED_BYTES_MAX + BYTES_PER_BYTE_MAX * input.length
                ? Optional.of(input.length + " bytes of input make it allocate " + bytes)
                : Optional.empty();
    }
}
