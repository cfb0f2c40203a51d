// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static gate.tests.service.Packets.data;
import static gate.tests.service.Packets.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.contract.packet.Data;
import gate.contract.packet.Domain;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.server.service.origin.OriginConnection;
import gate.server.service.origin.OriginOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Connections as a program sees them. Origin's code is 0.
final class OriginTest {
    private static final int BUFFER = 32_767;

    private final ServedProgram program = ServedProgram.start(ServedProgram.options(OriginOptions.DEFAULT), "origin");
    private final FakePort port = program.port;

    @AfterEach
    void end() {
        program.close();
    }

    private static Packet accept() {
        return Packet.call(0);
    }

    private OriginConnection connect() {
        try {
            return program.services.origin().connect().orElseThrow();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A connection whose reply and first grant the program has received.
    private OriginConnection connected() {
        port.sends(accept());
        OriginConnection connection = connect();
        assertThat(hex(port.receive()))
                .isEqualTo("10 00 00 00 00 00 00 00 0" + connection.stream() + " 00 00 00 00 00 00 00");
        assertFlow(port.receive(), connection.stream(), BUFFER);
        return connection;
    }

    private static void assertFlow(Packet packet, int stream, int value) {
        assertThat(packet.domain()).as(packet.toString()).isEqualTo(Domain.FLOW);
        assertThat(packet.code()).isZero();
        assertThat(Flow.count(packet)).isOne();
        assertThat(Flow.stream(packet, 0)).isEqualTo(stream);
        assertThat(Flow.value(packet, 0)).isEqualTo(value);
    }

    private static void assertData(Packet packet, int stream, String text) {
        assertThat(packet.domain()).as(packet.toString()).isEqualTo(Domain.DATA);
        assertThat(packet.code()).isZero();
        assertThat(Data.stream(packet)).isEqualTo(stream);
        assertThat(Data.note(packet)).isZero();
        assertThat(data(packet)).isEqualTo(text);
    }

    private static Packet bytes(int stream, int count) {
        return Data.copy(0, stream, ByteBuffer.allocate(count));
    }

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

    /// The program is told both ends, says its part, and the only stream is over.
    private void assertEnded() {
        Packet one = port.receive();
        Packet two = port.receive();
        assertData(one.domain() == Domain.DATA ? one : two, 0, "");
        assertFlow(one.domain() == Domain.DATA ? two : one, 0, 0);
        connected();
        connected();
        port.sends(Flow.of(0, 0, 0), data(0, 0, "is dropped"), Data.end(0, 0, 0));
        assertReused(0);
    }

    /// There are as many connections as are allowed; one is about to be over, so that there can be another one.
    private OriginConnection assertReused(int stream) {
        port.sends(accept());
        try {
            Optional<OriginConnection> connection = Optional.empty();
            while (connection.isEmpty()) {
                port.assertFaultless();
                connection = program.services.origin().connect();
            }
            assertThat(connection.get().stream()).isEqualTo(stream);
            return connection.get();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
