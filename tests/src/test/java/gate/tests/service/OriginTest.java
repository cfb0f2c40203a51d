// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static gate.tests.service.Packets.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.contract.packet.Data;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.server.service.origin.OriginConnection;
import gate.server.service.origin.OriginOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Connections as a program sees them.
final class OriginTest extends ConnectedProgram {
    @Test
    void acceptedConnectionIsAnnouncedWithItsFlow() {
        connected();
    }

    @Test
    void connectWaitsForTheProgramToAccept() throws Exception {
        FutureTask<Optional<OriginConnection>> waiting = new FutureTask<>(program.services.origin()::connect);
        Thread.ofVirtual().start(waiting);
        port.sends(accept());
        assertThat(waiting.get()).isPresent();
    }

    @Test
    void dataGoesBothWays() {
        FakeClient client = new FakeClient().on(connected());
        port.sends(Flow.of(0, 0, 100), data(0, 0, "to the client"));
        client.awaitReceived("to the client");
        client.awaitFlush();
        assertFlow(port.receive(), 0, 13);
        client.sends("to the program");
        assertData(port.receive(), 0, "to the program");
    }

    @Test
    void clientIsReadOnlyAsFarAsTheProgramIsWilling() {
        FakeClient client = new FakeClient().on(connected()).sends("123456789").ends();
        port.sends(Flow.of(0, 0, 4));
        assertData(port.receive(), 0, "1234");
        port.sends(Flow.of(0, 0, 2), Flow.of(0, 0, -7), Flow.of(0, 0, 1));
        String more = data(port.receive());
        while (more.length() < 3) {
            more += data(port.receive());
        }
        assertThat(more).isEqualTo("567");
        port.sends(Flow.of(0, 0, 2));
        assertData(port.receive(), 0, "89");
        port.sends(Flow.of(0, 0, 1));
        assertData(port.receive(), 0, "");
        assertThat(client.isInputClosed()).isFalse();
    }

    @Test
    void endThatComesWithTheLastBytesIsNotLost() {
        new FakeClient().on(connected()).sends("last").ends();
        port.sends(Flow.of(0, 0, 100));
        assertData(port.receive(), 0, "last");
        assertData(port.receive(), 0, "");
    }

    @Test
    void packetHoldsAsMuchAsPossible() {
        FakeClient client = new FakeClient().on(connected());
        port.sends(Flow.of(0, 0, Integer.MAX_VALUE));
        client.sends(new byte[1_000_000]);
        int largest = 0;
        for (int left = 1_000_000; left > 0; ) {
            Packet packet = port.receive();
            largest = Math.max(largest, packet.size());
            left -= Data.length(packet);
        }
        assertThat(largest).isEqualTo(Packet.SIZE_MAX);
    }

    @Test
    void programMaySendWhatItWasGranted() {
        FakeClient client = new FakeClient().slow(true).on(connected());
        port.sends(bytes(0, 20_000), bytes(0, 12_767));
        client.awaitWriting();
        client.slow(false);
        client.awaitReceived(BUFFER);
        int granted = Flow.value(port.receive(), 0);
        if (granted < BUFFER) {
            granted += Flow.value(port.receive(), 0);
        }
        assertThat(granted).isEqualTo(BUFFER);
        port.assertFaultless();
    }

    @Test
    void moreThanGrantedIsAViolation() {
        new FakeClient().slow(true).on(connected());
        port.sends(bytes(0, 20_000), bytes(0, 12_768));
        assertThat(port.violation()).isEqualTo("write stream buffer overflow");
    }

    @Test
    void dataBeforeTheClientIsThereIsBuffered() {
        OriginConnection connection = connected();
        port.sends(data(0, 0, "a"), data(0, 0, "b"), bytes(0, 2000), data(0, 0, "c"));
        port.awaitTaken();
        FakeClient client = new FakeClient().on(connection);
        client.awaitReceived(2003);
        assertThat(client.received()).startsWith("ab\0").endsWith("\0c");
    }

    @Test
    void slowClientStopsItsOwnStreamAlone() {
        FakeClient slow = new FakeClient().slow(true).on(connected());
        FakeClient fast = new FakeClient().on(connected());
        port.sends(bytes(0, BUFFER));
        slow.awaitWriting();
        for (int i = 0; i < 10; i++) {
            port.sends(bytes(1, BUFFER));
            assertFlow(port.receive(), 1, BUFFER);
        }
        fast.awaitReceived(10 * BUFFER);
        slow.slow(false);
        assertFlow(port.receive(), 0, BUFFER);
    }

    @Test
    void programThatDoesNotReceiveStopsItsOwnClientsAlone() throws Exception {
        FakePort full = new FakePort(3);
        try (ServedProgram other = ServedProgram.start(
                full, ServedProgram.options(OriginOptions.DEFAULT), ServedProgram.CONTEXT, "origin")) {
            full.sends(accept());
            FakeClient client = new FakeClient()
                    .on(other.services.origin().connect().orElseThrow())
                    .sends("a");
            full.sends(Flow.of(0, 0, 1_000_000));
            client.sends("b").sends("c").sends("d");
            full.awaitBlocked(1);
            FakeClient here = new FakeClient().on(connected());
            port.sends(Flow.of(0, 0, 1));
            here.sends("x");
            assertData(port.receive(), 0, "x");
            full.receive();
            full.receive();
            String all = "";
            while (all.length() < 4) {
                all += data(full.receive());
            }
            assertThat(all).isEqualTo("abcd");
        }
    }

    @Test
    void acceptsHaveALimit() {
        for (int i = 0; i < 256; i++) {
            port.sends(accept());
        }
        assertThat(connect().stream()).isZero();
        port.receive();
        port.receive();
        port.sends(accept());
        port.awaitTaken();
        port.assertFaultless();
        port.sends(accept());
        assertThat(port.violation()).isEqualTo("too many outstanding accepts");
    }

    @Test
    void connectionsHaveALimit() throws InterruptedException {
        connected();
        connected();
        OriginConnection third = connected();
        port.sends(accept());
        assertThat(program.services.origin().connect()).isEmpty();
        port.sends(Flow.of(0, third.stream(), 0), Data.end(0, third.stream(), 0));
        FakeClient client = new FakeClient().on(third);
        client.awaitTransferEnd();
        port.receive();
        port.receive();
        assertReused(third.stream());
    }

    @Test
    void connectionsThatWaitCount() throws Exception {
        List<FutureTask<Optional<OriginConnection>>> attempts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            FutureTask<Optional<OriginConnection>> attempt = new FutureTask<>(program.services.origin()::connect);
            attempts.add(attempt);
            Thread.ofVirtual().start(attempt);
        }
        port.sends(accept(), accept(), accept(), accept(), accept());
        int made = 0;
        for (FutureTask<Optional<OriginConnection>> attempt : attempts) {
            made += attempt.get().isPresent() ? 1 : 0;
        }
        assertThat(made).isEqualTo(3);
    }

    @Test
    void connectionThatWaitsIsNotMadeWhenTheProgramEnds() throws Exception {
        FutureTask<Optional<OriginConnection>> waiting = new FutureTask<>(program.services.origin()::connect);
        Thread.ofVirtual().start(waiting);
        program.close();
        assertThat(waiting.get()).isEmpty();
        assertThat(program.services.origin().connect()).isEmpty();
    }

    @Test
    void waitingConnectionCanBeInterrupted() throws Exception {
        Thread waiting = Thread.ofVirtual()
                .start(() -> assertThatThrownBy(() -> program.services.origin().connect())
                        .isInstanceOf(InterruptedException.class));
        waiting.interrupt();
        waiting.join();
        connected();
    }

    @Test
    void messagesAreIgnored() {
        port.sends(Packet.info(0, (byte) 1));
        connected();
    }

    @Test
    void clientsOfAProgramThatEndsAreDisconnected() {
        FakeClient one = new FakeClient().on(connected());
        FakeClient two = new FakeClient().slow(true).on(connected());
        port.sends(Flow.of(0, 0, 1), bytes(1, 10));
        one.awaitReading();
        two.awaitWriting();
        program.close();
        one.awaitTransferEnd();
        two.awaitTransferEnd();
        assertThat(port.unreceived()).isEmpty();
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> new OriginOptions(1000, 3)).hasMessage("origin's buffer size is a power of two: 1000");
        assertThatThrownBy(() -> new OriginOptions(1, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OriginOptions(-2147483648, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OriginOptions(2, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
