// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.system.GateProcess.Ended;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Gate programs as their users run them: their standard streams, and those who connect to them.
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GateProgramIT {
    private static final String GATE = Repository.root().resolve("gate").toString();
    private static final String HELLO = Guests.example("sdk-c/hello.wasm").toString();
    private static final String ECHO = Guests.example("sdk-c/echo.wasm").toString();

    /// Counts lines, of one connection after another.
    private static final String COUNTER = Guests.example("sdk-c/counter.wasm").toString();

    /// What a pipe and the buffers on the way to it hold, and more.
    private static final int MUCH = 500_000;

    @TempDir
    private Path folder;

    /// On one processor: whoever holds that up holds up all.
    private GateProcess onOneProcessor(String... words) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-c", "0", GATE));
        arguments.addAll(List.of(words));
        return GateProcess.start(folder, "taskset", arguments);
    }

    private Ended shell(String line) throws IOException, InterruptedException {
        String all = "gate() { '" + GATE + "' \"$@\"; }; " + line;
        try (GateProcess process = GateProcess.start(folder, "bash", List.of("-c", all))) {
            process.endInput();
            return process.await();
        }
    }

    // ---- standard streams ----

    @Test
    void programEndsOnOneProcessorWhileItsInputIsIdle() throws IOException, InterruptedException {
        try (GateProcess process = onOneProcessor("run", HELLO)) {
            assertThat(process.await()).isEqualTo(new Ended(0, "hello from C\n", ""));
        }
    }

    @Test
    void othersAreServedOnOneProcessorWhileTheInputIsIdle() throws Exception {
        try (GateProcess process = onOneProcessor("run", "--connect", "0", ECHO)) {
            process.write("first\n");
            process.awaitOut("first\n"::equals);
            try (Client client = Client.of(Client.port(process))) {
                client.send("hello");
                assertThat(client.receive(5)).isEqualTo("hello");
            }
            process.signal("TERM");
            assertThat(process.await().status()).isEqualTo(143);
        }
    }

    @Test
    void othersAreServedOnOneProcessorWhileNobodyReadsTheOutput() throws Exception {
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(
                        "taskset",
                        "-c",
                        "0",
                        GATE,
                        "run",
                        "--connect",
                        folder.resolve("socket").toString(),
                        ECHO)
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try (InputStream out = process.getInputStream();
                OutputStream in = process.getOutputStream()) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    in.write(new byte[MUCH]);
                } catch (IOException e) {
                    // It has ended.
                }
            });
            // Nobody takes more from the pipe when it is full.
            for (int before = -1; out.available() == 0 || before < out.available(); Thread.sleep(500)) {
                before = out.available();
            }
            try (Client client = Client.of(folder.resolve("socket"))) {
                client.send("hello");
                assertThat(client.receive(5)).as(Files.readString(err)).isEqualTo("hello");
            }
            process.destroy();
            assertThat(process.waitFor()).as(Files.readString(err)).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void outputThatCanNotBeWrittenIsAFailure() throws IOException, InterruptedException {
        Ended full = shell("gate run '" + HELLO + "' >/dev/full");
        assertThat(full.status()).isEqualTo(74);
        assertThat(full.err()).isEqualTo("gate: standard output can't be written: No space left on device\n");
        Ended closed = shell("gate run '" + HELLO + "' >&-");
        assertThat(closed.status()).isEqualTo(74);
        assertThat(closed.err()).startsWith("gate: standard output can't be written: ");
    }

    @Test
    void inputThatTheProgramHasNotTakenIsLeftToTheNext() throws IOException, InterruptedException {
        String line = "'" + GATE + "' run --snapshot saved.wasm '" + COUNTER + "'; cat";
        try (GateProcess process = GateProcess.start(folder, "bash", List.of("-c", line))) {
            process.awaitOut("1\n"::equals);
            process.signalOnlyChild("TERM");
            process.awaitErr(err -> err.contains("saved to saved.wasm"));
            process.write("for cat\n");
            process.endInput();
            assertThat(process.await().out()).isEqualTo("1\nfor cat\n");
        }
    }

    // ---- connections ----

    @Test
    void connectionsAreAcceptedAgainWhenThereAreDescriptorsAgain() throws Exception {
        String line = "ulimit -n 80; exec '" + GATE + "' run --connect 0 '" + ECHO + "'";
        try (GateProcess process = GateProcess.start(folder, "bash", List.of("-c", line))) {
            process.write("first\n");
            process.awaitOut("first\n"::equals);
            int port = Client.port(process);
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                clients.add(Client.of(port));
            }
            process.awaitErr(err -> err.contains("have to wait: "));
            for (Client client : clients) {
                client.close();
            }
            try (Client client = Client.of(port)) {
                client.send("hello");
                assertThat(client.receive(5)).isEqualTo("hello");
            }
            process.signal("TERM");
            assertThat(process.await().status()).isEqualTo(143);
            assertThat(process.err().split("have to wait: ", -1)).hasSizeLessThan(10);
        }
    }

    @Test
    void clientsThatHaveLeftMakeRoomForOthers() throws Exception {
        try (GateProcess process = GateProcess.start(folder, "run", "--connect", "0", COUNTER)) {
            process.awaitOut("1\n"::equals); // standard input and output are served, and nobody else
            int port = Client.port(process);
            for (int i = 0; i < 1005; i++) {
                Client.of(port).close();
            }
            try (Client client = Client.of(port)) {
                client.send("a\n");
                process.endInput();
                assertThat(client.receive(6)).containsPattern("^[0-9]+\n");
            }
            process.signal("TERM");
            assertThat(process.await().status()).isEqualTo(143);
        }
    }

    @Test
    void clientThatWaitsIsServedWithAllThatItHasSentMeanwhile() throws Exception {
        try (GateProcess process = GateProcess.start(folder, "run", "--connect", "0", COUNTER)) {
            process.awaitOut("1\n"::equals);
            String lines = "\n".repeat(5000); // more than is read ahead
            try (Client client = Client.of(Client.port(process))) {
                client.send(lines);
                process.endInput();
                StringBuilder expected = new StringBuilder();
                for (int i = 2; i < 5003; i++) {
                    expected.append(i).append('\n');
                }
                assertThat(client.receive(expected.length())).isEqualTo(expected.toString());
            }
            process.signal("TERM");
            assertThat(process.await().status()).isEqualTo(143);
        }
    }

    @Test
    void unixSocketIsConnectedToAndGoneAfterwards() throws Exception {
        Path socket = folder.resolve("socket");
        try (GateProcess process = GateProcess.start(folder, "run", "--connect", "./socket", ECHO)) {
            process.awaitErr("gate: connections come in at ./socket\n"::equals);
            try (Client client = Client.of(socket)) {
                client.send("hello");
                assertThat(client.receive(5)).isEqualTo("hello");
            }
            Ended second = GateProcess.run(folder, "run", "--connect", "./socket", ECHO);
            assertThat(second.status()).isEqualTo(69);
            assertThat(second.err()).startsWith("gate: nobody can connect at ./socket: ");
            assertThat(socket).as("it isn't the second one's to remove").exists();
            process.signal("TERM");
            assertThat(process.await().status()).isEqualTo(143);
        }
        assertThat(socket).doesNotExist();
        Ended nowhere = GateProcess.run(folder, "run", "--connect", "./none/socket", ECHO);
        assertThat(nowhere.status()).isEqualTo(69);
    }
}
