// SPDX-License-Identifier: Apache-2.0
package gate.tests.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.system.GateProcess;
import gate.tests.system.GateProcess.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is written with the SDKs, run as a user runs it.
@Tag("slow")
final class SdkExamplesIT {
    private static final Pattern PORT = Pattern.compile("connections come in at port ([0-9]+)\n");

    /// Much more than a stream's and a program's buffers, and those of sockets, hold.
    private static final int MUCH = 3_000_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void helloGreetsAndEnds(SdkLanguage language) throws IOException, InterruptedException {
        Ended ended = GateProcess.run(folder, "run", language.example("hello"));
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).isEqualTo("hello from " + language.shown() + "\n");
        assertThat(ended.status()).isZero();
    }

    // ---- services ----

    @ParameterizedTest
    @EnumSource
    void servicesAreDiscoveredAndCalled(SdkLanguage language) throws IOException, InterruptedException {
        Ended ended = GateProcess.run(folder, "run", language.example("services"));
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        assertThat(ended.out().lines())
                .startsWith("origin: available", "catalog: available", "identity: available")
                .containsOnlyOnce("internal/test: available")
                .containsOnlyOnce("example.com/unknown: not available", "run by: local", "\t\t\t\"name\": \"catalog\",")
                .endsWith("\t]", "}");
        assertThat(ended.out()).containsPattern("(?m)^instance: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
        assertThat(ended.out()).contains("\nechoed: test\n");
    }

    // ---- streams ----

    @ParameterizedTest
    @EnumSource
    void echoServesSeveralConnectionsAtOnce(SdkLanguage language) throws IOException, InterruptedException {
        try (GateProcess process = GateProcess.start(folder, "run", "--connect", "0", language.example("echo"))) {
            process.write("first\n");
            process.awaitOut("first\n"::equals);
            int port = port(process);
            try (Client a = new Client(port);
                    Client b = new Client(port);
                    Client c = new Client(port)) {
                // Each is answered while the others are open.
                for (int i = 0; i < 3; i++) {
                    for (Client client : List.of(a, b, c)) {
                        client.send("number " + i + "\n");
                        assertThat(client.receive(9)).isEqualTo("number " + i + "\n");
                    }
                }
                process.write("second\n");
                process.awaitOut("first\nsecond\n"::equals);
                // The end of what is sent doesn't end what is received.
                b.send("last");
                b.end();
                assertThat(b.receiveAll()).asString().isEqualTo("last");
                a.send("after b\n");
                assertThat(a.receive(8)).isEqualTo("after b\n");
                a.end();
                c.end();
                assertThat(a.receiveAll()).isEmpty();
                assertThat(c.receiveAll()).isEmpty();
            }
            assertThat(stop(process).out()).isEqualTo("first\nsecond\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void muchGoesThroughInBothDirectionsWhileOneConnectionStandsStill(SdkLanguage language) throws Exception {
        byte[] much = new byte[MUCH];
        new Random(1).nextBytes(much);
        try (GateProcess process = GateProcess.start(folder, "run", "--connect", "0", language.example("echo"));
                ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            process.write("first\n");
            process.awaitOut("first\n"::equals);
            int port = port(process);
            try (Client still = new Client(port);
                    Client a = new Client(port);
                    Client b = new Client(port);
                    Client c = new Client(port)) {
                List<Future<?>> sent = new ArrayList<>();
                // It sends without receiving, until nobody takes more of it: the program has what it can't get rid of.
                sent.add(senders.submit(() -> send(still, much)));
                for (Client client : List.of(a, b, c)) {
                    sent.add(senders.submit(() -> send(client, much)));
                }
                for (Client client : List.of(a, b, c)) {
                    assertThat(client.receive(much)).isEqualTo(much);
                    assertThat(client.receiveAll()).isEmpty();
                }
                assertThat(still.receive(much)).isEqualTo(much);
                assertThat(still.receiveAll()).isEmpty();
                for (Future<?> future : sent) {
                    future.get();
                }
            }
            assertThat(stop(process).out()).doesNotContain("number");
        }
    }

    private static Void send(Client client, byte[] bytes) throws IOException {
        client.send(bytes);
        client.end();
        return null;
    }

    /// It would serve for ever.
    private static Ended stop(GateProcess process) throws IOException, InterruptedException {
        process.signal("TERM");
        Ended ended = process.await();
        assertThat(ended.status()).as(ended.err()).isEqualTo(143);
        return ended;
    }

    private static int port(GateProcess process) throws IOException, InterruptedException {
        process.awaitErr(text -> PORT.matcher(text).find());
        Matcher matcher = PORT.matcher(process.err());
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    // ---- suspension ----

    @ParameterizedTest
    @EnumSource
    void counterCountsOnWhenItWasSavedAndResumed(SdkLanguage language) throws IOException, InterruptedException {
        String saved = folder.resolve("saved.wasm").toString();
        int number = 0;
        for (int stretch = 0; stretch < 3; stretch++) {
            List<String> command = stretch == 0
                    ? List.of("run", "--snapshot", saved, language.example("counter"))
                    : List.of("resume", "--snapshot", saved, saved);
            try (GateProcess process = GateProcess.start(folder, command.toArray(String[]::new))) {
                StringBuilder expected = new StringBuilder();
                expected.append(stretch == 0 ? "" : "welcome back\n");
                expected.append(++number).append('\n');
                process.awaitOut(expected.toString()::equals);
                process.write("a\nb\n");
                expected.append(++number).append('\n').append(++number).append('\n');
                process.awaitOut(expected.toString()::equals);
                process.signal("TERM");
                Ended ended = process.await();
                assertThat(ended.status()).as(ended.err()).isEqualTo(75);
                assertThat(ended.out()).isEqualTo(expected.toString());
            }
        }
        assertThat(number).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource
    void echoServesNewConnectionsWhenItWasSavedWithOldOnes(SdkLanguage language)
            throws IOException, InterruptedException {
        String saved = folder.resolve("saved.wasm").toString();
        try (GateProcess process =
                GateProcess.start(folder, "run", "--connect", "0", "--snapshot", saved, language.example("echo"))) {
            process.write("first\n");
            process.awaitOut("first\n"::equals);
            try (Client a = new Client(port(process))) {
                a.send("number 1\n");
                assertThat(a.receive(9)).isEqualTo("number 1\n");
                process.signal("TERM");
                assertThat(process.await().status()).isEqualTo(75);
            }
        }
        try (GateProcess process = GateProcess.start(folder, "resume", "--connect", "0", saved)) {
            process.write("second\n");
            process.awaitOut("second\n"::equals);
            try (Client a = new Client(port(process))) {
                a.send("number 2\n");
                assertThat(a.receive(9)).isEqualTo("number 2\n");
                a.end();
                assertThat(a.receiveAll()).isEmpty();
            }
            assertThat(stop(process).out()).doesNotContain("number");
        }
    }
}
