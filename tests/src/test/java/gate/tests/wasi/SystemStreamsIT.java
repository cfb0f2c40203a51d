// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real standard streams of a process: pipes, files and devices.
@Tag("slow")
@Timeout(120)
class SystemStreamsIT {
    @TempDir
    private Path directory;

    private static List<String> command(String mode, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), SystemStreamsProgram.class.getName(), mode));
        return command;
    }

    private static int end(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String line(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)).readLine();
    }

    @Test
    void aProgramThatOnlyPrintsLinksNoNativeFunction() throws Exception {
        for (boolean toFile : new boolean[] {false, true}) {
            // The JVM's own log goes to a file, so that the output is the guest's alone.
            Path log = directory.resolve("classes.log");
            Path file = directory.resolve("out");
            ProcessBuilder builder = new ProcessBuilder(command("print", "-Xlog:class+load:file=" + log));
            if (toFile) {
                builder.redirectOutput(file.toFile());
            }
            Process process = builder.start();
            String piped = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(end(process)).isZero();
            assertThat(toFile ? Files.readString(file) : piped).isEqualTo("hello\nhello\n");
            String classes = Files.readString(log);
            assertThat(classes)
                    .contains("gate.executor.host.wasi.SystemOutput")
                    .doesNotContain("gate.executor.host.wasi.Kernel", "gate.executor.host.wasi.HostFiles")
                    .doesNotContain("jdk.internal.foreign.abi.DowncallLinker");
        }
    }

    @Test
    void inputIsCopiedThroughPipes() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(5).nextBytes(bytes);
        Process process = new ProcessBuilder(command("copy")).start();
        Thread writer = new Thread(() -> {
            try (OutputStream input = process.getOutputStream()) {
                input.write(bytes, 0, 10);
                input.flush();
                Thread.sleep(100);
                input.write(bytes, 10, bytes.length - 10);
            } catch (IOException | InterruptedException e) {
                process.destroy();
            }
        });
        writer.start();
        assertThat(process.getInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(end(process)).isZero();
    }

    @Test
    void inputIsCopiedBetweenFilesAndDevices() throws Exception {
        Path in = directory.resolve("in");
        Path out = directory.resolve("out");
        byte[] bytes = new byte[300_000];
        new Random(6).nextBytes(bytes);
        Files.write(in, bytes);
        Process process = new ProcessBuilder(command("copy"))
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .start();
        assertThat(end(process)).isZero();
        assertThat(Files.readAllBytes(out)).isEqualTo(bytes);
        Process nothing = new ProcessBuilder(command("copy"))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(new File("/dev/null"))
                .start();
        assertThat(end(nothing)).isZero();
    }

    @Test
    void aStoppedReadTakesNothingFromWhoReadsNext() throws Exception {
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "\"$@\"; exec cat", "sh"));
        shell.addAll(command("read"));
        Process process = new ProcessBuilder(shell).start();
        assertThat(line(process)).isEqualTo("AGAIN");
        try (OutputStream input = process.getOutputStream()) {
            input.write("for cat".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.getInputStream().readAllBytes()).asString().isEqualTo("for cat");
        assertThat(end(process)).isZero();
    }

    @Test
    void aStoppedWriteToAFullPipeReportsExactlyWhatItWrote() throws Exception {
        Process process = new ProcessBuilder(command("write")).start();
        // Nothing is read until it has told.
        long written = Long.parseLong(line(process));
        assertThat(written).isPositive();
        assertThat(process.getInputStream().readAllBytes()).hasSize((int) written);
        assertThat(end(process)).isZero();
    }

    @Test
    void pollTellsOfInputAndItsEndWithoutReading() throws Exception {
        Process process = new ProcessBuilder(command("poll")).start();
        Thread.sleep(300);
        process.getOutputStream().write("12345".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        assertThat(line(process)).isEqualTo("DONE 5 0");
        assertThat(end(process)).isZero();
        Process ended = new ProcessBuilder(command("poll")).start();
        ended.getOutputStream().close();
        assertThat(line(ended)).isEqualTo("DONE 0 1");
        assertThat(end(ended)).isZero();
    }
}
