// SPDX-License-Identifier: Apache-2.0
package gate.tests.callsite;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.callsite.OriginalStack;
import gate.engine.wasm.Module;
import org.junit.jupiter.api.Test;

/// The house test through portable stacks: a program does the same when it is carried as one from wherever it can be.
/// `-Dgate.portable=N` says how many programs, `-Dgate.seed=N` from which on.
final class PortableRoundTripTest {
    private static final int PROGRAMS = Integer.getInteger("gate.portable", 60);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);

    @Test
    void generatedProgramsDoTheSameWhenTheyAreCarriedAsPortableStacks() throws Exception {
        long stops = 0;
        long carries = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
            String text = PortableGenerator.generate(seed);
            Module module = PortableWords.module(text);
            OriginalStack stacks = new OriginalStack(PortableWords.sites(module));
            PortableRun.Outcome straight = PortableRun.straight(module, stacks, seed);
            PortableRun.Outcome stopped = run(module, stacks, seed, text);
            assertThat(stopped.end()).as("seed %d: %s", seed, text).isEqualTo(straight.end());
            stops += stopped.stops();
            carries += stopped.carries();
        }
        assertThat(carries).as("of %d stops", stops).isGreaterThan(stops / 4).isGreaterThan(PROGRAMS);
    }

    private static PortableRun.Outcome run(Module module, OriginalStack stacks, long seed, String text) {
        try {
            return PortableRun.stopped(module, stacks, seed);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + text, e);
        }
    }
}
