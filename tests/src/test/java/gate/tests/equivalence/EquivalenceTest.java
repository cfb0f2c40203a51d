// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.wasm.Module;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The house test on generated programs. `-Dgate.generated=N` says how many, `-Dgate.seed=N` from which on.
final class EquivalenceTest {
    private static final int MODULES = Integer.getInteger("gate.generated", 10_000);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);
    private static final int CARRIES_MAX = Integer.getInteger("gate.carries", 12);
    private static final int FAILURES_SHOWN = 3;
    private static final long SHRINKING_NANOS = 30_000_000_000L;

    @Test
    @Tag("slow")
    void generatedProgramsDoTheSameHoweverOftenTheyAreStopped() {
        AtomicInteger failures = new AtomicInteger();
        List<String> reports = new ArrayList<>();
        LongStream.range(FIRST_SEED, FIRST_SEED + MODULES).parallel().forEach(seed -> {
            if (failures.get() >= FAILURES_SHOWN) {
                return;
            }
            Choices choices = Choices.seeded(seed);
            ModuleGenerator.generate(choices);
            difference(choices.list(), seed).ifPresent(found -> {
                if (failures.incrementAndGet() <= FAILURES_SHOWN) {
                    String report = report(choices.list(), seed, found);
                    synchronized (reports) {
                        reports.add(report);
                    }
                }
            });
        });
        assertThat(reports).isEmpty();
    }

    private static String report(int[] list, long seed, String found) {
        int[] shrunk =
                Shrinking.shrink(list, candidate -> difference(candidate, seed).isPresent(), SHRINKING_NANOS);
        byte[] module = ModuleGenerator.generate(Choices.of(shrunk));
        return "seed " + seed + ": " + found + "\nshrunk from " + list.length + " decisions to " + shrunk.length + ": "
                + difference(shrunk, seed).orElse("") + "\n" + HexFormat.of().formatHex(module);
    }

    /// What is wrong with a module, if anything.
    private static Optional<String> difference(int[] choices, long seed) {
        byte[] module = ModuleGenerator.generate(Choices.of(choices));
        try {
            Module.parse(module);
            for (Engine engine : Engine.values()) {
                Outcome straight = GuestRun.of(engine, module, seed, true, Interruptions.none());
                Optional<String> found = compare("stopped", straight, module, engine, seed, true);
                if (found.isEmpty()) {
                    Outcome free = GuestRun.of(engine, module, seed, false, Interruptions.none());
                    found = unequal("without counting", straight.withoutFuel(), free);
                }
                if (found.isEmpty()) {
                    found = compare("stopped without counting", straight.withoutFuel(), module, engine, seed, false);
                }
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (Throwable e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return Optional.of(trace.toString());
        }
    }

    private static Optional<String> compare(
            String what, Outcome straight, byte[] module, Engine engine, long seed, boolean counting) throws Exception {
        Outcome stopped = GuestRun.of(engine, module, seed, counting, Interruptions.seeded(seed, CARRIES_MAX));
        return unequal(what, straight, stopped);
    }

    private static Optional<String> unequal(String what, Outcome expected, Outcome actual) {
        return expected.equals(actual)
                ? Optional.empty()
                : Optional.of(what + ":\nexpected " + expected + "\nbut it is " + actual);
    }
}
