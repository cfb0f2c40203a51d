// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.system.GateProcess.Ended;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs that people use, stopped at random moments in the middle of whatever they do: nothing of what they
/// write may change.
///
/// Every stop goes through a file. 50 of each program's go on in this process, which is quick, and 3 in processes of
/// their own; `-Dgate.test.processes=50` has as many there too.
@Tag("slow")
final class RealProgramsIT {
    private static final int STOPS = 50;
    private static final int PROCESSES = Integer.getInteger("gate.test.processes", 3);
    private static final String PROJECT = "tests/src/test/resources/gate/tests/system/";
    private static final List<String> BUNDLE = List.of(
            "main.ts",
            "--bundle",
            "--format=esm",
            "--minify-syntax",
            "--sourcemap",
            "--target=es2022",
            "--outfile=/out/bundle.js");

    private final long seed = Long.getLong("gate.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    private Path folder;

    // ---- esbuild: 20 MB of Go ----

    @Test
    void esbuildWritesWhatItWritesUnderNodeAlsoWhenItIsStopped() throws IOException, InterruptedException {
        Path esbuild = RealPrograms.esbuild();
        StoppedProgram program = new StoppedProgram(esbuild, project(), BUNDLE, new byte[0]);
        StoppedProgram.Result whole = program.whole(folder.resolve("saved.wasm"));
        assertThat(whole.status()).as(whole.err()).isZero();
        Map<String, String> bundle = takeOutput();
        assertThat(bundle).containsOnlyKeys("bundle.js", "bundle.js.map");
        compareWithNode(esbuild, bundle);
        stopInThisProcess(program, _ -> assertThat(takeOutput()).isEqualTo(bundle));
        List<String> command = new ArrayList<>(List.of("--dir", folder + "::/", "--env", "PWD=/"));
        command.add(esbuild.toString());
        command.addAll(BUNDLE);
        stopInProcesses(command, new byte[0], _ -> assertThat(takeOutput()).isEqualTo(bundle));
    }

    private void compareWithNode(Path esbuild, Map<String, String> bundle) throws IOException, InterruptedException {
        Optional<Path> node = RealPrograms.node();
        if (node.isEmpty()) {
            System.out.println(
                    "SKIPPED: comparison with Node's WASI - GATE_NODE names none and none is on PATH - apt install nodejs");
            return;
        }
        List<String> arguments = new ArrayList<>(List.of(
                "--no-warnings",
                Repository.root().resolve(PROJECT + "node-wasi.mjs").toString(),
                esbuild.toString(),
                folder.toString()));
        arguments.addAll(BUNDLE);
        try (GateProcess process = GateProcess.start(folder, node.get().toString(), arguments)) {
            Ended ended = process.await();
            assertThat(ended.status()).as(ended.err()).isZero();
        }
        assertThat(takeOutput()).isEqualTo(bundle);
    }

    /// A copy of our small project, which esbuild sees as `/`.
    private Path project() throws IOException {
        try (Stream<Path> files = Files.list(Repository.root().resolve(PROJECT + "project"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Files.createDirectory(folder.resolve("out"));
        return folder;
    }

    /// What lies in the output folder, which is empty afterwards.
    private Map<String, String> takeOutput() throws IOException {
        Map<String, String> output = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            for (Path file : files.toList()) {
                output.put(file.getFileName().toString(), Files.readString(file));
                Files.delete(file);
            }
        }
        return output;
    }

    // ---- goja: a JavaScript interpreter, in the middle of a recursive script ----

    @Test
    void aJavaScriptInterpreterGoesOnInTheMiddleOfARecursiveScript() throws IOException, InterruptedException {
        Path javascript = RealPrograms.javascript();
        byte[] script = Files.readAllBytes(Repository.root().resolve("examples/javascript/recursion.js"));
        StoppedProgram program = new StoppedProgram(javascript, folder, List.of(), script);
        StoppedProgram.Result whole = program.whole(folder.resolve("saved.wasm"));
        assertThat(whole.status()).as(whole.err()).isZero();
        assertThat(whole.out()).contains("ackermann 5 13\n", "permutations 24\n", "tree 1 0.673435029701474");
        stopInThisProcess(program, out -> assertThat(out).isEqualTo(whole.out()));
        stopInProcesses(
                List.of(javascript.toString()), script, out -> assertThat(out).isEqualTo(whole.out()));
    }

    // ---- C ----

    @Test
    void aProgramInCGoesOn() throws IOException, InterruptedException {
        Path queens = Guests.example("queens/queens.wasm");
        StoppedProgram program = new StoppedProgram(queens, folder, List.of("12"), new byte[0]);
        StoppedProgram.Result whole = program.whole(folder.resolve("saved.wasm"));
        assertThat(whole.out()).contains(" 8 queens:         92 ways");
        stopInThisProcess(program, out -> assertThat(out).isEqualTo(whole.out()));
        stopInProcesses(
                List.of(queens.toString(), "12"),
                new byte[0],
                out -> assertThat(out).isEqualTo(whole.out()));
    }

    // ---- stopping ----

    /// Looks at what a program has written.
    private interface Check {
        void of(String out) throws IOException;
    }

    /// Runs the program as often as it takes to have stopped it 50 times, some 25 times a run.
    private void stopInThisProcess(StoppedProgram program, Check check) throws IOException {
        Path saved = folder.resolve("saved.wasm");
        StoppedProgram.Result whole = program.whole(saved); // for the second time, so that it is warm
        double millis = whole.millis();
        check.of(whole.out());
        int stops = 0;
        while (stops < STOPS) {
            LongSupplier gap = () -> (long) (random.nextDouble() * millis / 12 * 1e6);
            StoppedProgram.Result result = program.run(gap, STOPS - stops, saved);
            assertThat(result.status()).as("seed %d: %s", seed, result.err()).isZero();
            check.of(result.out());
            stops += result.stops();
        }
        System.out.printf("stopped %d times in this process, of about %.0f ms%n", stops, millis);
    }

    /// Each time: started in one process, stopped at a random moment and saved, and run to its end in another.
    /// Both have the same standard input: what the first hasn't read is there for the second.
    ///
    /// A moment that comes too late, because the run was quicker than the first, has the next chosen from a shorter
    /// time; so the wanted number of stops is reached, or something is wrong.
    private void stopInProcesses(List<String> command, byte[] input, Check check)
            throws IOException, InterruptedException {
        Files.write(folder.resolve("input"), input);
        List<String> dirs = command.contains("--dir") ? command.subList(0, 4) : List.of();
        long began = System.nanoTime();
        Ended whole = bash(gate("run", List.of(), command));
        double millis = (System.nanoTime() - began) / 1e6;
        assertThat(whole.status()).as(whole.err()).isZero();
        check.of(whole.out());
        int stops = 0;
        double longest = millis;
        for (int tries = 0; stops < PROCESSES && tries < 3 * PROCESSES + 20; tries++) {
            String after = (int) (random.nextDouble() * longest) + "ms";
            Files.deleteIfExists(folder.resolve("p.wasm"));
            Ended both = bash(gate("run", List.of("--snapshot", "p.wasm", "--after", after), command)
                    + "; status=$?; if [ $status = 75 ]; then " + gate("resume", dirs, List.of("p.wasm"))
                    + "; status=$?; echo \"resumed: $status\" >&2; fi; exit $status");
            assertThat(both.status())
                    .as("seed %d, --after %s: %s", seed, after, both.err())
                    .isZero();
            check.of(both.out());
            boolean stopped = both.err().contains("saved to p.wasm");
            assertThat(both.err().contains("resumed: 0\n")).as(both.err()).isEqualTo(stopped);
            if (stopped) {
                assertThat(folder.resolve("p.wasm")).isNotEmptyFile();
                stops++;
            } else {
                longest *= 0.75;
            }
        }
        System.out.printf("stopped %d times in processes, of about %.0f ms%n", stops, millis);
        assertThat(stops)
                .as("seed %d: stops, saved, and resumed in a new process", seed)
                .isEqualTo(PROCESSES);
    }

    private static String gate(String command, List<String> options, List<String> rest) {
        Stream<String> words = Stream.of(
                        Stream.of(Repository.root().resolve("gate").toString(), command),
                        options.stream(),
                        rest.stream())
                .flatMap(part -> part);
        return words.map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    private Ended bash(String script) throws IOException, InterruptedException {
        try (GateProcess process = GateProcess.start(folder, "bash", List.of("-c", "exec <input; " + script))) {
            return process.await();
        }
    }
}
