// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.grpc.ServiceProcess;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `--service COMMAND`: the process is started, used, and gone afterwards, whichever way Gate ends.
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExternalServicesIT {
    /// It never answers, and so is still being reached.
    private static final String MUTE = "sleep 1000";

    @TempDir
    private Path folder;

    private Path marks;
    private Path temporary;

    @BeforeEach
    void writeProgram() throws IOException {
        marks = Files.createDirectory(folder.resolve("marks"));
        temporary = Files.createDirectory(folder.resolve("temporary"));
        Files.writeString(folder.resolve("once.wat"), calls(129));
        Files.writeString(folder.resolve("calls.wat"), calls(1_000_000_000));
    }

    private static String calls(int count) throws IOException {
        try (InputStream in = ExternalServicesIT.class.getResourceAsStream("/gate/tests/grpc/calls.wat")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("(i32.const CALLS)", "(i32.const " + count + ")");
        }
    }

    private GateProcess gate(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "JDK_JAVA_OPTIONS=-Djava.io.tmpdir=" + temporary,
                Repository.root().resolve("gate").toString()));
        all.addAll(List.of(words));
        return GateProcess.start(folder, "env", all);
    }

    private String service() {
        return ServiceProcess.command(marks, used());
    }

    /// Is there when the program has used the service.
    private Path used() {
        return folder.resolve("used");
    }

    private void awaitUse() throws InterruptedException {
        while (!Files.exists(used())) {
            Thread.sleep(10);
        }
    }

    /// Stops the service, so that it doesn't answer any more.
    private void hang() throws IOException, InterruptedException {
        awaitUse();
        int status = new ProcessBuilder("kill", "-STOP", Long.toString(process()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    /// The number of the process that was started, when it has been.
    private long process() throws IOException, InterruptedException {
        while (true) {
            try (Stream<Path> files = Files.list(marks)) {
                List<Path> all = files.toList();
                if (!all.isEmpty()) {
                    assertThat(all).hasSize(1);
                    return Long.parseLong(all.getFirst().getFileName().toString());
                }
            }
            Thread.sleep(10);
        }
    }

    private void assertNothingLeft(long process) throws IOException {
        // One that had to be killed may take a moment.
        ProcessHandle.of(process)
                .ifPresent(left -> left.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        assertNoFolderLeft();
    }

    private void assertNoFolderLeft() throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("gate-service-")))
                    .isEmpty();
        }
    }

    @Test
    void processIsUsedAndEndsWithTheProgram() throws IOException, InterruptedException {
        try (GateProcess process = gate("run", "--service", service(), "once.wat")) {
            assertThat(process.await().status()).as(process.err()).isZero();
        }
        assertNothingLeft(process());
    }

    @Test
    void processEndsWhenTheProgramIsSaved() throws IOException, InterruptedException {
        try (GateProcess process = gate("run", "--snapshot", "saved.wasm", "--service", service(), "calls.wat")) {
            awaitUse();
            process.signal("TERM");
            assertThat(process.await().status()).as(process.err()).isEqualTo(75);
        }
        assertNothingLeft(process());
        assertThat(folder.resolve("saved.wasm")).isNotEmptyFile();
    }

    @Test
    void processEndsWithTheDebugger() throws IOException, InterruptedException {
        try (GateProcess process = gate("debug", "--service", service(), "calls.wat")) {
            process.awaitErr(err -> err.contains("#0 "));
            process.signal("TERM");
            assertThat(process.await().status()).as(process.err()).isEqualTo(143);
        }
        assertNothingLeft(process());
    }

    /// A process that hangs, too: it is given its time, and then ended.
    @Test
    void hungServiceLosesTheProgramAndIsSaidToBeTheReason() throws IOException, InterruptedException {
        try (GateProcess process = gate("run", "--snapshot", "saved.wasm", "--service", service(), "calls.wat")) {
            hang();
            process.signal("TERM");
            assertThat(process.await().status()).as(process.err()).isEqualTo(76);
            assertThat(process.err()).contains("gate: the program was ended, and is lost: service test ");
        }
        assertNothingLeft(process());
        assertThat(folder.resolve("saved.wasm")).doesNotExist();
    }

    @Test
    void secondInterruptionWhileAServiceHangsEndsItToo() throws IOException, InterruptedException {
        try (GateProcess process = gate("run", "--snapshot", "saved.wasm", "--service", service(), "calls.wat")) {
            hang();
            process.signal("INT"); // now it waits for the service's state
            Thread.sleep(500);
            process.signal("INT");
            assertThat(process.await().status()).as(process.err()).isEqualTo(130);
        }
        assertNothingLeft(process());
    }

    @Test
    void stopWhileServicesAreReachedEndsItAtOnce() throws IOException, InterruptedException {
        for (String command : List.of("run", "debug")) {
            try (GateProcess process = gate(command, "--service", MUTE, "calls.wat")) {
                ProcessHandle mute = started(process);
                process.signal("TERM");
                assertThat(process.await().status()).as(process.err()).isEqualTo(143);
                assertThat(process.err()).contains("gate: SIGTERM: the program had not begun");
                assertThat(mute.isAlive()).isFalse();
            }
            assertNoFolderLeft();
        }
    }

    private static ProcessHandle started(GateProcess process) throws InterruptedException {
        while (true) {
            for (ProcessHandle child : process.descendants()) {
                if (child.info().command().orElse("").endsWith("/sleep")) {
                    return child;
                }
            }
            Thread.sleep(10);
        }
    }

    @Test
    void timeRunsWhileServicesAreReached() throws IOException, InterruptedException {
        try (GateProcess process = gate("run", "--timeout", "1s", "--service", MUTE, "calls.wat")) {
            assertThat(process.await().status()).as(process.err()).isEqualTo(124);
        }
        try (GateProcess process =
                gate("run", "--after", "1s", "--snapshot", "saved.wasm", "--service", MUTE, "calls.wat")) {
            assertThat(process.await().status()).as(process.err()).isEqualTo(73);
        }
        assertNoFolderLeft();
    }
}
