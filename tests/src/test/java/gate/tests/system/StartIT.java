// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Why a small program starts fast, and, printed only, how fast: the machine may be busy.
@Tag("slow")
final class StartIT {

    @TempDir
    private Path folder;

    @Test
    void aTinyProgramIsTimed() throws IOException, InterruptedException {
        Guests.write(folder, "exit.wat", Guests.EXIT);
        GateProcess.run(folder, "version"); // builds what is missing
        time(9, 3, "run", "exit.wat");
    }

    @Test
    void esbuildsVersionIsTimed() throws IOException, InterruptedException {
        Path esbuild = RealPrograms.esbuild();
        GateProcess.run(folder, "version");
        time(3, 0, "run", esbuild.toString(), "--version");
    }

    /// Promises 1.7 and 4.2 have the goals.
    private void time(int rounds, int status, String... command) throws IOException, InterruptedException {
        String gate = Repository.root().resolve("gate").toString();
        double millis = medianMillis(rounds, status, gate, command);
        double java = medianMillis(rounds, 0, System.getProperty("java.home") + "/bin/java", "-version");
        System.out.printf("./gate %s: %.0f ms; java -version: %.0f ms%n", String.join(" ", command), millis, java);
    }

    @Test
    void ourClassesComeFromTheAotCache() throws IOException, InterruptedException {
        Guests.write(folder, "exit.wat", Guests.EXIT);
        List<String> loaded = logOfARun("-Xlog:class+load").stream()
                .filter(line -> line.contains(" gate.") && !line.contains("$$"))
                .toList();
        assertThat(loaded)
                .anyMatch(line -> line.contains("gate.engine.runtime.Interpreter"))
                .anyMatch(line -> line.contains("gate.executor.host.wasi.WasiPreview1"))
                .allMatch(line -> line.endsWith("source: shared objects file"));
    }

    /// A class is initialised when the first object of it is made.
    @Test
    void onlyTheChosenCommandIsBuilt() throws IOException, InterruptedException {
        Guests.write(folder, "exit.wat", Guests.EXIT);
        Pattern command = Pattern.compile(
                "Initializing 'gate[./]app[./]command[./](Run|Resume|Inspect|Validate|Version|Help)Command'");
        List<String> built = logOfARun("-XX:AOTMode=off -Xlog:class+init=info").stream()
                .flatMap(line -> command.matcher(line).results())
                .map(found -> found.group(1))
                .toList();
        assertThat(built).containsExactly("Run");
    }

    @Test
    void theProcessThatWasStartedRunsTheGuestAndStartsNoOther() throws IOException, InterruptedException {
        Guests.write(folder, "forever.wat", Guests.FOREVER);
        GateProcess.run(folder, "version");
        try (GateProcess process = GateProcess.start(folder, "run", "forever.wat")) {
            process.awaitOut("running\n"::equals);
            assertThat(process.program()).endsWith("/bin/java");
            assertThat(process.children()).isZero();
        }
    }

    /// What the JVM logs when it runs a small program.
    private List<String> logOfARun(String javaOptions) throws IOException, InterruptedException {
        Path log = folder.resolve("jvm.log");
        String gate = Repository.root().resolve("gate").toString();
        String options = "JDK_JAVA_OPTIONS=" + javaOptions + ":file=" + log;
        GateProcess.Ended run;
        try (GateProcess process = GateProcess.start(folder, "env", List.of(options, gate, "run", "exit.wat"))) {
            process.endInput();
            run = process.await();
        }
        assertThat(run.status()).as(run.err()).isEqualTo(3);
        return Files.readAllLines(log);
    }

    private double medianMillis(int rounds, int status, String program, String... arguments)
            throws IOException, InterruptedException {
        double[] millis = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long began = System.nanoTime();
            try (GateProcess process = GateProcess.start(folder, program, List.of(arguments))) {
                process.endInput();
                assertThat(process.await().status()).isEqualTo(status);
                millis[i] = (System.nanoTime() - began) / 1e6;
            }
        }
        Arrays.sort(millis);
        return millis[rounds / 2];
    }
}
