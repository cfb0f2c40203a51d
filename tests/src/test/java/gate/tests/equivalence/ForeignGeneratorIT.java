// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.wasm.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs of a generator that isn't ours, `wasm-smith`: they are valid here too, and do the same in V8 and when they
/// are stopped. `-Dgate.smith=N` says how many, `-Dgate.seed=N` from which on; `tests/foreign` makes the modules.
final class ForeignGeneratorIT {
    private static final int MODULES = Integer.getInteger("gate.smith", 500);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);
    private static final int BATCH = 500;

    /// As `tests/foreign` exports and sets it.
    private static final String FUEL = "gate-fuel";

    private static final int STEPS = 500;

    /// Distances between stops that go through a file.
    private static final int[] EVERY = {1, 2, 3, 5, 8, 13, 50, 200};

    /// What is kept of failures.
    private static final Path KEPT = Path.of("target", "foreign");

    private final StepComparison withV8 = new StepComparison();
    private final StepComparison stopped = new StepComparison();
    private long files;

    @Test
    @Tag("slow")
    void foreignProgramsDoTheSameInV8AndStopped(@TempDir Path folder) throws Exception {
        Path generator = generator();
        V8 v8 = V8.findOrSkip("ForeignGeneratorIT", folder);
        int modules = 0;
        for (long first = FIRST_SEED; first < FIRST_SEED + MODULES; first += BATCH) {
            long count = Math.min(BATCH, FIRST_SEED + MODULES - first);
            modules += batch(generator, v8, folder, first, count);
        }
        System.out.println("wasm-smith: " + modules + " modules; with V8 " + withV8 + "; stopped " + stopped + ", "
                + files + " times through a saved file");
        assertThat(withV8.differences()).isEmpty();
        assertThat(stopped.differences()).isEmpty();
        assertThat(modules).as("seeds of which modules can be made").isGreaterThan(MODULES * 8 / 10);
        assertThat(files).as("saved files").isGreaterThan(MODULES);
        assertThat(withV8.steps()).as("steps compared").isGreaterThan(2L * MODULES);
    }

    private int batch(Path generator, V8 v8, Path folder, long first, long count) throws Exception {
        generate(generator, folder, first, count);
        List<Path> modules = new ArrayList<>();
        List<Program> programs = new ArrayList<>();
        List<List<String>> ours = new ArrayList<>();
        for (long seed = first; seed < first + count; seed++) {
            Path file = folder.resolve(seed + ".wasm");
            if (!Files.exists(file)) {
                continue; // no module can be made of this seed
            }
            modules.add(file);
            try {
                Program program = Program.of(Module.parse(Files.readAllBytes(file)), FUEL, STEPS, seed);
                programs.add(program);
                ours.add(run(program, seed, file));
            } catch (RuntimeException | Error e) {
                keepUnless(false, file);
                throw new AssertionError(file.getFileName() + " is refused or fails", e);
            }
        }
        List<List<String>> theirs = v8.run(programs);
        for (int i = 0; i < modules.size(); i++) {
            Path file = modules.get(i);
            keepUnless(withV8.add(file.getFileName().toString(), ours.get(i), "V8", theirs.get(i)), file);
            Files.delete(file);
        }
        return modules.size();
    }

    /// Runs a program straight and stopped, and compares that.
    ///
    /// @return the steps
    private List<String> run(Program program, long seed, Path file) throws Exception {
        List<String> straight = ObservedRun.straight(program);
        int every = EVERY[Math.floorMod(seed, EVERY.length)];
        ObservedRun.Observed other = ObservedRun.stopped(program, every);
        files += other.files();
        keepUnless(stopped.add(file.getFileName().toString(), straight, "stopped", other.steps()), file);
        return straight;
    }

    private static void keepUnless(boolean alike, Path file) throws IOException {
        if (!alike) {
            Files.createDirectories(KEPT);
            Files.write(KEPT.resolve(file.getFileName()), Files.readAllBytes(file));
            System.out.println("kept " + KEPT.resolve(file.getFileName()).toAbsolutePath());
        }
    }

    private static void generate(Path generator, Path folder, long first, long count)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        generator.toString(), folder.toString(), Long.toString(first), Long.toString(count))
                .inheritIO()
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as("the generator ends")
                    .isTrue();
            assertThat(process.exitValue()).as("the generator's status").isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Path generator() {
        String generator = System.getenv("GATE_FOREIGN");
        if (generator == null) {
            System.out.println("SKIPPED: ForeignGeneratorIT - no generator - `cargo build --release` in tests/foreign,"
                    + " and set GATE_FOREIGN to the program that it makes");
        }
        Assumptions.assumeTrue(generator != null, "GATE_FOREIGN isn't set");
        return Path.of(String.valueOf(generator));
    }
}
