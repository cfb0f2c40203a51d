// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static org.assertj.core.api.Assertions.assertThat;

import gate.server.service.origin.OriginConnection;
import gate.server.service.origin.OriginOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Many connections of one program at once, most of them competing for a port that is full.
final class OriginHammerTest {
    private static final int CONNECTIONS = 400;
    private static final int AT_ONCE = 100;
    private static final int BYTES = 20_000;

    @Test
    void everyClientGetsItsOwnBytesBack() throws Exception {
        FakePort port = new FakePort(20);
        try (ServedProgram program = ServedProgram.start(
                port, ServedProgram.options(new OriginOptions(4096, AT_ONCE)), ServedProgram.CONTEXT, "origin")) {
            FutureTask<Void> echoing = new FutureTask<>(
                    () -> {
                        try {
                            new EchoingProgram(port, CONNECTIONS).run(AT_ONCE);
                        } catch (AssertionError e) {
                            program.services.origin().close(); // so that nobody waits for it
                            throw e;
                        }
                    },
                    null);
            Thread.ofVirtual().start(echoing);
            List<FutureTask<Boolean>> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int seed = i;
                FutureTask<Boolean> client = new FutureTask<>(() -> isEchoed(program, seed));
                clients.add(client);
                Thread.ofVirtual().start(client);
            }
            echoing.get();
            for (FutureTask<Boolean> client : clients) {
                assertThat(client.get()).isTrue();
            }
            port.assertFaultless();
        }
    }

    private static boolean isEchoed(ServedProgram program, int seed) throws InterruptedException {
        byte[] sent = new byte[new SplittableRandom(seed).nextInt(BYTES)];
        new SplittableRandom(seed).nextBytes(sent);
        Optional<OriginConnection> connection = program.services.origin().connect();
        while (connection.isEmpty()) { // there are as many as are allowed
            program.port.assertFaultless();
            Thread.sleep(1);
            connection = program.services.origin().connect();
        }
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        connection.get().transfer(new ByteArrayInputStream(sent), received);
        return java.util.Arrays.equals(sent, received.toByteArray());
    }
}
