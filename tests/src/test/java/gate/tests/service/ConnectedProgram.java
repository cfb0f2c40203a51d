// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static gate.tests.service.Packets.data;
import static gate.tests.service.Packets.hex;
import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Data;
import gate.contract.packet.Domain;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.server.service.origin.OriginConnection;
import gate.server.service.origin.OriginOptions;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/// A program that accepts connections, and what its tests have in common. Origin's code is 0.
abstract class ConnectedProgram {
    static final int BUFFER = 32_767;

    final ServedProgram program = ServedProgram.start(ServedProgram.options(OriginOptions.DEFAULT), "origin");
    final FakePort port = program.port;

    @AfterEach
    void end() {
        program.close();
    }

    static Packet accept() {
        return Packet.call(0);
    }

    OriginConnection connect() {
        try {
            return program.services.origin().connect().orElseThrow();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A connection whose reply and first grant the program has received.
    OriginConnection connected() {
        port.sends(accept());
        OriginConnection connection = connect();
        assertThat(hex(port.receive()))
                .isEqualTo("10 00 00 00 00 00 00 00 0" + connection.stream() + " 00 00 00 00 00 00 00");
        assertFlow(port.receive(), connection.stream(), BUFFER);
        return connection;
    }

    static void assertFlow(Packet packet, int stream, int value) {
        assertThat(packet.domain()).as(packet.toString()).isEqualTo(Domain.FLOW);
        assertThat(packet.code()).isZero();
        assertThat(Flow.count(packet)).isOne();
        assertThat(Flow.stream(packet, 0)).isEqualTo(stream);
        assertThat(Flow.value(packet, 0)).isEqualTo(value);
    }

    static void assertData(Packet packet, int stream, String text) {
        assertThat(packet.domain()).as(packet.toString()).isEqualTo(Domain.DATA);
        assertThat(packet.code()).isZero();
        assertThat(Data.stream(packet)).isEqualTo(stream);
        assertThat(Data.note(packet)).isZero();
        assertThat(data(packet)).isEqualTo(text);
    }

    static Packet bytes(int stream, int count) {
        return Data.copy(0, stream, ByteBuffer.allocate(count));
    }

    /// The program is told both ends, says its part, and the only stream is over.
    void assertEnded() {
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
    OriginConnection assertReused(int stream) {
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
}
