// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static gate.tests.service.Packets.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.contract.packet.Data;
import gate.contract.packet.Domain;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.server.service.origin.OriginConnection;
import gate.server.service.origin.OriginOptions;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// How connections end, from either side.
final class OriginEndsTest extends ConnectedProgram {
    @Test
    void endOfTheProgramsDataClosesTheClientsOutput() {
        FakeClient client = new FakeClient().on(connected());
        port.sends(data(0, 0, "bye"), Data.end(0, 0, 5));
        client.awaitOutputClosed();
        assertThat(client.received()).isEqualTo("bye");
        client.awaitFlush();
        Packet next = port.receive();
        if (Flow.value(next, 0) == 3) {
            next = port.receive();
        }
        assertFlow(next, 0, 0);
        port.sends(Flow.of(0, 0, 10));
        client.sends("still here");
        assertData(port.receive(), 0, "still here");
    }

    @Test
    void dataAfterTheEndIsAViolation() {
        connected();
        port.sends(Data.end(0, 0, 0), data(0, 0, "x"));
        assertThat(port.violation()).isEqualTo("data after end of stream");
    }

    @Test
    void programThatWantsNoMoreGetsTheEndThoughTheClientIsBeingRead() {
        FakeClient client = new FakeClient().deaf().on(connected());
        port.sends(Flow.of(0, 0, 10));
        client.awaitReading();
        port.sends(Flow.of(0, 0, 0));
        assertData(port.receive(), 0, "");
        port.sends(data(0, 0, "still here"));
        client.awaitReceived("still here");
        client.sends("too late");
        assertFlow(port.receive(), 0, 10);
    }

    @Test
    void programThatWantsNoMoreGetsTheEndBeforeTheClientIsThere() {
        connected();
        port.sends(Flow.of(0, 0, 0));
        assertData(port.receive(), 0, "");
    }

    @Test
    void connectionIsOverWhenBothSidesHaveEndedBothDirections() {
        FakeClient client = new FakeClient().on(connected()).ends();
        port.sends(Flow.of(0, 0, 1));
        assertData(port.receive(), 0, "");
        port.sends(Data.end(0, 0, 0));
        assertFlow(port.receive(), 0, 0);
        client.awaitTransferEnd();
        port.sends(Flow.of(0, 0, 5)); // crosses; the stream is there until the program has said its part
        connected();
        connected();
        port.sends(Flow.of(0, 0, 0));
        assertReused(0);
    }

    @Test
    void streamThatIsOverIsNotFound() {
        new FakeClient().on(connected());
        connected();
        connected();
        port.sends(Flow.of(0, 0, 0), Data.end(0, 0, 0));
        port.receive();
        port.receive();
        assertReused(0);
        port.sends(Flow.of(0, 3, 5));
        assertThat(port.violation()).isEqualTo("stream not found: 3");
    }

    @Test
    void lowestFreeIdIsUsed() {
        OriginConnection first = connected();
        OriginConnection second = connected();
        connected();
        port.sends(Flow.of(0, second.stream(), 0), Data.end(0, second.stream(), 0));
        FakeClient client = new FakeClient().on(second);
        port.receive();
        port.receive();
        client.awaitTransferEnd();
        assertReused(1);
        first.close();
    }

    @Test
    void unknownStreamsAreViolations() {
        port.sends(data(0, -1, "x"));
        assertThat(port.violation()).isEqualTo("stream not found: -1");
        FakePort other = new FakePort();
        try (ServedProgram second = ServedProgram.start(
                other, ServedProgram.options(OriginOptions.DEFAULT), ServedProgram.CONTEXT, "origin")) {
            second.port.sends(Flow.of(0, 7, 1));
            assertThat(other.violation()).isEqualTo("stream not found: 7");
        }
    }

    @Test
    void tooMuchFlowIsAViolation() {
        connected();
        port.sends(Flow.of(0, 0, Integer.MAX_VALUE), Flow.of(0, 0, 1));
        assertThat(port.violation()).isEqualTo("stream flow overflow");
    }

    @Test
    void severalEntriesOfAFlowPacketCountInTheirOrder() {
        FakeClient client = new FakeClient().on(connected());
        connected();
        byte[] entries = new byte[8 + 4 * 8 + 5];
        ByteBuffer buffer =
                ByteBuffer.wrap(entries).order(java.nio.ByteOrder.LITTLE_ENDIAN).position(8);
        for (int value : new int[] {0, 3, 1, -9, 0, 2, 1, 0}) {
            buffer.putInt(value);
        }
        port.sends(Packet.of(entries, entries.length, 0, Domain.FLOW, 0));
        assertData(port.receive(), 1, "");
        client.sends("123456");
        assertData(port.receive(), 0, "12345");
    }

    @Test
    void disconnectionEndsBothDirections() {
        OriginConnection connection = connected();
        FakeClient client = new FakeClient().on(connection);
        port.sends(Flow.of(0, 0, 10));
        client.awaitReading();
        connection.close();
        assertEnded();
        client.awaitTransferEnd();
    }

    @Test
    void disconnectionEndsWhatASlowClientHoldsUp() {
        OriginConnection connection = connected();
        FakeClient client = new FakeClient().slow(true).deaf().on(connection);
        port.sends(Flow.of(0, 0, 10), data(0, 0, "x"));
        client.awaitWriting();
        client.awaitReading();
        connection.close();
        assertEnded();
        client.awaitTransferEnd();
    }

    @Test
    void disconnectionBeforeTheClientIsThere() {
        connected().close();
        assertEnded();
    }

    @Test
    void disconnectionAtOnceComesAfterTheReply() {
        port.sends(accept());
        connect().close();
        assertThat(port.receive().domain()).isEqualTo(Domain.CALL);
        assertFlow(port.receive(), 0, BUFFER);
        assertEnded();
    }

    @Test
    void clientThatBreaksIsAnEnd() {
        new FakeClient().on(connected()).sends("x").breaks();
        port.sends(Flow.of(0, 0, 10));
        assertData(port.receive(), 0, "x");
        assertData(port.receive(), 0, "");
    }

    @Test
    void clientThatTakesNothingEndsTheOutput() {
        FakeClient client = new FakeClient().refusesOutput().on(connected());
        port.sends(data(0, 0, "x"));
        assertFlow(port.receive(), 0, 0);
        port.sends(bytes(0, BUFFER - 1), Flow.of(0, 0, 1));
        client.sends("y");
        assertData(port.receive(), 0, "y");
        port.sends(data(0, 0, "z"));
        assertThat(port.violation()).isEqualTo("write stream buffer overflow");
    }

    @Test
    void interruptedTransferDisconnects() throws InterruptedException {
        OriginConnection connection = connected();
        FakeClient client = new FakeClient();
        Thread transfer = Thread.ofVirtual()
                .start(() -> assertThatThrownBy(() -> connection.transfer(client.in, client.out))
                        .isInstanceOf(InterruptedException.class));
        port.sends(Flow.of(0, 0, 1));
        client.awaitReading();
        transfer.interrupt();
        transfer.join();
        client.awaitOutputClosed();
        assertEnded();
    }
}
