// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.wasm.Module;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Generated programs do the same in V8. `-Dgate.v8=N` says how many, `-Dgate.seed=N` from which on.
final class OtherEngineEquivalenceIT {
    private static final int MODULES = Integer.getInteger("gate.v8", 1_500);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);
    private static final int STEPS = 600;

    @Test
    @Tag("slow")
    void generatedProgramsDoTheSameInV8(@TempDir Path folder) throws Exception {
        V8 v8 = V8.findOrSkip("OtherEngineEquivalenceIT", folder);
        List<Program> programs = new ArrayList<>();
        List<List<String>> ours = new ArrayList<>();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + MODULES; seed++) {
            Module module = Module.parse(ModuleGenerator.generateForOthers(Choices.seeded(seed)));
            Program program = Program.of(module, "steps", STEPS, seed);
            programs.add(program);
            ours.add(ObservedRun.straight(program));
        }
        List<List<String>> theirs = v8.run(programs);
        StepComparison comparison = new StepComparison();
        for (int i = 0; i < MODULES; i++) {
            String module = HexFormat.of().formatHex(programs.get(i).module().bytes());
            comparison.add("seed " + (FIRST_SEED + i) + " " + module, ours.get(i), "V8", theirs.get(i));
        }
        System.out.println("V8: " + comparison);
        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.steps()).as("steps compared").isGreaterThan(3L * MODULES);
    }
}
