// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The house test on programs that are debugged: breakpoints and single steps change neither results nor memory, nor
/// the count of instructions, also where the program goes through a saved file at them. `-Dgate.debugged=N` says
/// how many generated programs, `-Dgate.seed=N` from which on.
final class BreakpointEquivalenceTest {
    private static final int MODULES = Integer.getInteger("gate.debugged", 300);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);
    private static final int CARRIES_MAX = 20;
    private static final int FAILURES_SHOWN = 3;

    private final AtomicLong stops = new AtomicLong();

    @Test
    void generatedProgramsDoTheSameWhenTheyAreDebugged() {
        List<String> reports = Collections.synchronizedList(new ArrayList<>());
        LongStream.range(FIRST_SEED, FIRST_SEED + MODULES).parallel().forEach(seed -> {
            if (reports.size() < FAILURES_SHOWN) {
                byte[] module = ModuleGenerator.generate(Choices.seeded(seed));
                difference(module, seed)
                        .ifPresent(found -> reports.add("seed " + seed + ": " + found + "\n"
                                + HexFormat.of().formatHex(module)));
            }
        });
        assertThat(reports).isEmpty();
        assertThat(stops.get()).as("stops at breakpoints").isGreaterThan(50L * MODULES);
    }

    private Optional<String> difference(byte[] module, long seed) {
        try {
            for (boolean counting : new boolean[] {true, false}) {
                Outcome straight = GuestRun.of(Engine.INTERPRETER, module, seed, counting, Interruptions.none());
                String how = counting ? "" : " without counting";
                Optional<String> found = Optional.empty();
                for (int round = 0; round < 4 && found.isEmpty(); round++) {
                    Breaking debugger = round < 2 ? Breaking.everywhere() : Breaking.somewhere(seed * 4 + round);
                    Interruptions others =
                            round % 2 == 0 ? Interruptions.none() : Interruptions.seeded(seed, CARRIES_MAX);
                    Outcome debugged = GuestRun.of(Engine.INTERPRETER, module, seed, counting, others.with(debugger));
                    stops.addAndGet(debugger.stops());
                    found = straight.equals(debugged)
                            ? Optional.empty()
                            : Optional.of(
                                    "round " + round + how + ":\nexpected " + straight + "\nbut it is " + debugged);
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
}
