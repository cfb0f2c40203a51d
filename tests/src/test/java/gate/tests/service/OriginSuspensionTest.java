// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static gate.tests.service.Packets.bytes;
import static gate.tests.service.Packets.data;
import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Data;
import gate.contract.packet.Domain;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.server.service.ServiceState;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.origin.OriginConnection;
import gate.server.service.origin.OriginOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Connections of programs that are suspended, and what is left of them afterwards: reference 6.4.
final class OriginSuspensionTest {
    private static final ProgramServices.Options OPTIONS = ServedProgram.options(OriginOptions.DEFAULT);

    /// 32,767 as a number of the state.
    private static final String GRANTED = "ff ff 01";

    private static String hex(byte[] state) {
        return HexFormat.ofDelimiter(" ").formatHex(state);
    }

    private static ServedProgram start() {
        return ServedProgram.start(OPTIONS, "origin");
    }

    private static FakeClient connect(ServedProgram program) throws InterruptedException {
        program.port.sends(Packet.call(0));
        FakeClient client =
                new FakeClient().on(program.services.origin().connect().orElseThrow());
        program.port.receive();
        program.port.receive();
        return client;
    }

    private static ServedProgram restore(String state) {
        return ServedProgram.restore(OPTIONS, "origin", bytes(state));
    }

    private static String shown(Packet packet) {
        return packet.domain() == Domain.FLOW
                ? "flow " + Flow.stream(packet, 0) + " " + Flow.value(packet, 0)
                : "data " + Data.stream(packet) + " '" + data(packet) + "'";
    }

    @Test
    void nothingIsSavedOfNothing() throws InterruptedException {
        try (ServedProgram program = start()) {
            program.port.sends(Packet.info(0));
            program.port.awaitTaken();
            assertThat(program.suspendedState()).isEmpty();
        }
    }

    @Test
    void acceptsAreSavedAndGoOn() throws Exception {
        try (ServedProgram program = start()) {
            program.port.sends(Packet.call(0), Packet.call(0), Packet.info(0));
            program.port.awaitTaken();
            assertThat(hex(program.suspendedState())).isEqualTo("02");
        }
        try (ServedProgram program = restore("02")) {
            assertThat(program.services.origin().connect()).isPresent();
            assertThat(Packets.text(program.port.receive())).startsWith("0 CALL 0 ");
            program.port.receive();
            assertThat(hex(program.suspendedState())).isEqualTo("01 01 00 07 00 00 07 " + GRANTED + " 00");
        }
    }

    @Test
    void connectionThatWaitsIsMadeByARestoredAccept() throws Exception {
        try (ServedProgram program = ServedProgram.restore(OPTIONS, List.of(new ServiceState("origin", bytes("01"))))) {
            assertThat(program.services.origin().connect()).isPresent();
        }
    }

    @Test
    void liveStreamLosesItsConnection() throws InterruptedException {
        try (ServedProgram program = start()) {
            FakeClient client = connect(program);
            program.port.sends(Flow.of(0, 0, 300), data(0, 0, "abc"));
            client.sends("to the program");
            client.awaitReceived("abc");
            program.port.receive();
            program.port.receive();
            client.awaitReading();
            assertThat(hex(program.suspendedState())).isEqualTo("00 01 00 07 9e 02 00 07 " + GRANTED + " 00");
            client.awaitTransferEnd();
            assertThat(program.port.unreceived())
                    .as("the program isn't told yet")
                    .isEmpty();
        }
    }

    @Test
    void halfClosedStreamIsSavedAsItIs() throws InterruptedException {
        try (ServedProgram program = start()) {
            FakeClient client = connect(program).ends();
            program.port.sends(Flow.of(0, 0, 300));
            assertThat(shown(program.port.receive())).isEqualTo("data 0 ''");
            program.port.sends(Data.end(0, 0, 0));
            assertThat(shown(program.port.receive())).isEqualTo("flow 0 0");
            client.awaitTransferEnd();
            // The program has not said that it wants no more. The client's input has ended.
            String state = hex(program.suspendedState());
            assertThat(state).startsWith("00 01 00 01 ac 02 00 ").endsWith(" " + GRANTED + " 00");
        }
    }

    @Test
    void whatTheClientHasNotReceivedIsDropped() throws InterruptedException {
        try (ServedProgram program = start()) {
            FakeClient client = connect(program).slow(true);
            program.port.sends(data(0, 0, "lost"));
            client.awaitWriting();
            assertThat(hex(program.suspendedState())).isEqualTo("00 01 00 07 00 00 07 fb ff 01 00");
            client.awaitTransferEnd();
            assertThat(client.received()).isEmpty();
        }
    }

    @Test
    void whatTheProgramHasNotReceivedIsKept() throws InterruptedException {
        FakePort port = new FakePort(3);
        try (ServedProgram program = ServedProgram.start(port, OPTIONS, ServedProgram.CONTEXT, "origin")) {
            FakeClient client = connect(program);
            port.sends(Flow.of(0, 0, 1000));
            for (String text : List.of("a", "b", "c", "d")) {
                client.sends(text);
            }
            port.awaitBlocked(1);
            byte[] state = program.suspendedState();
            String all = "";
            for (Packet packet : port.unreceived()) {
                all += data(packet);
            }
            assertThat("abcd").startsWith(all);
            assertThat(all).hasSizeGreaterThanOrEqualTo(4);
            assertThat(hex(state)).isEqualTo("00 01 00 07 e4 07 00 07 " + GRANTED + " 00");
        }
    }

    /// Has read something at the moment when it is called back.
    private static final class LastMoment extends InputStream {
        private final CountDownLatch reading = new CountDownLatch(1);

        @Override
        public int read() {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            reading.countDown();
            try {
                Thread.sleep(Duration.ofDays(1));
                throw new AssertionError("not called back");
            } catch (InterruptedException e) {
                target[offset] = 'x';
                target[offset + 1] = 'y';
                return 2;
            }
        }
    }

    @Test
    void whatWasReadWhenTheProgramStoppedIsKept() throws Exception {
        byte[] state;
        try (ServedProgram program = start()) {
            program.port.sends(Packet.call(0));
            OriginConnection connection = program.services.origin().connect().orElseThrow();
            program.port.sends(Flow.of(0, 0, 300));
            LastMoment client = new LastMoment();
            Thread.ofVirtual().start(() -> {
                try {
                    connection.transfer(client, OutputStream.nullOutputStream());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            program.port.receive();
            program.port.receive();
            client.reading.await();
            state = program.suspendedState();
            assertThat(hex(state)).isEqualTo("00 01 00 07 ac 02 02 78 79 07 " + GRANTED + " 00");
            assertThat(program.port.unreceived()).isEmpty();
        }
        try (ServedProgram program = ServedProgram.restore(OPTIONS, "origin", state)) {
            assertThat(shown(program.port.receive())).isEqualTo("data 0 'xy'");
            assertThat(shown(program.port.receive())).isEqualTo("data 0 ''");
        }
    }

    @Test
    void clientThatDoesNotLetGoDoesNotHinderAStop() throws InterruptedException {
        try (ServedProgram program = start()) {
            program.port.sends(Packet.call(0));
            OriginConnection connection = program.services.origin().connect().orElseThrow();
            program.port.sends(Flow.of(0, 0, 300));
            CountDownLatch reading = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            InputStream client = new InputStream() {
                @Override
                public int read() {
                    throw new AssertionError("one byte at a time");
                }

                @Override
                public int read(byte[] target, int offset, int length) {
                    reading.countDown();
                    while (end.getCount() > 0) {
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            // It doesn't matter to it.
                        }
                    }
                    return -1;
                }
            };
            Thread.ofVirtual().start(() -> {
                try {
                    connection.transfer(client, OutputStream.nullOutputStream());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            reading.await();
            assertThat(hex(program.suspendedState())).isEqualTo("00 01 00 07 ac 02 00 07 " + GRANTED + " 00");
            end.countDown();
        }
    }

    @Test
    void restoredStreamIsEndedAndThenItsIdIsFree() throws InterruptedException {
        try (ServedProgram program = restore("01 01 00 07 9e 02 00 07 " + GRANTED + " 00")) {
            assertThat(shown(program.port.receive())).isEqualTo("data 0 ''");
            assertThat(shown(program.port.receive())).isEqualTo("flow 0 0");
            program.port.sends(Flow.of(0, 0, 5), data(0, 0, "dropped"), Data.end(0, 0, 0), Flow.of(0, 0, 0));
            program.port.sends(Flow.of(0, 0, 5));
            assertThat(program.port.violation()).isEqualTo("stream not found: 0");
        }
    }

    @Test
    void streamsAreDrainedOneAfterAnother() {
        String rest = " 07 " + GRANTED + " 00";
        try (ServedProgram program = restore("00 02" + " 05 07 04 03 61 62 63" + rest + " 02 07 64 00" + rest)) {
            assertThat(shown(program.port.receive())).isEqualTo("data 5 'abc'");
            assertThat(shown(program.port.receive())).isEqualTo("data 5 ''");
            assertThat(shown(program.port.receive())).isEqualTo("flow 5 0");
            assertThat(shown(program.port.receive())).isEqualTo("data 2 ''");
            assertThat(shown(program.port.receive())).isEqualTo("flow 2 0");
        }
    }

    @Test
    void bufferedDataWaitsForTheProgram() {
        try (ServedProgram program = restore("00 01 00 07 02 06 61 62 63 64 65 66 07 " + GRANTED + " 00")) {
            assertThat(shown(program.port.receive())).isEqualTo("data 0 'ab'");
            assertThat(shown(program.port.receive())).isEqualTo("flow 0 0");
            program.port.sends(Flow.of(0, 0, 3));
            assertThat(shown(program.port.receive())).isEqualTo("data 0 'cde'");
            program.port.sends(Flow.of(0, 0, 100));
            assertThat(shown(program.port.receive())).isEqualTo("data 0 'f'");
            assertThat(shown(program.port.receive())).isEqualTo("data 0 ''");
        }
    }

    @Test
    void programThatWantsNoMoreGetsTheEndOfBufferedData() {
        try (ServedProgram program = restore("00 01 00 07 00 03 61 62 63 07 " + GRANTED + " 00")) {
            assertThat(shown(program.port.receive())).isEqualTo("flow 0 0");
            program.port.sends(Flow.of(0, 0, 0));
            assertThat(shown(program.port.receive())).isEqualTo("data 0 ''");
        }
    }

    @Test
    void bufferedDataSurvivesAnotherSuspension() throws InterruptedException {
        byte[] state;
        try (ServedProgram program = restore("00 01 00 07 02 06 61 62 63 64 65 66 07 " + GRANTED + " 00")) {
            program.port.receive();
            program.port.receive();
            state = program.suspendedState();
            assertThat(hex(state)).isEqualTo("00 01 00 05 00 04 63 64 65 66 04 " + GRANTED + " 00");
        }
        try (ServedProgram program = ServedProgram.restore(OPTIONS, "origin", state)) {
            program.port.sends(Flow.of(0, 0, 9));
            assertThat(shown(program.port.receive())).isEqualTo("data 0 'cdef'");
            assertThat(shown(program.port.receive())).isEqualTo("data 0 ''");
            program.port.sends(Data.end(0, 0, 0));
        }
    }

    @Test
    void directionThatHadEndedIsNotEndedAgain() {
        // The program wants no more and has been told the end; it may still send.
        try (ServedProgram program = restore("00 02 00 00 00 00 07 " + GRANTED + " 00 01 07 00 00 00 00 00")) {
            assertThat(shown(program.port.receive())).isEqualTo("flow 0 0");
            assertThat(shown(program.port.receive())).isEqualTo("data 1 ''");
        }
    }

    @Test
    void newConnectionsTakeTheFreeIds() throws InterruptedException {
        try (ServedProgram program = restore("01 01 00 07 00 00 07 " + GRANTED + " 00")) {
            program.port.receive();
            program.port.receive();
            assertThat(program.services.origin().connect().orElseThrow().stream())
                    .isEqualTo(1);
        }
    }

    @Test
    void lostStreamsAreNoConnections() throws InterruptedException {
        ProgramServices.Options three = ServedProgram.options(new OriginOptions(32_768, 3));
        String rest = " 07 00 00 07 " + GRANTED + " 00";
        byte[] state = bytes("04 03 00" + rest + " 01" + rest + " 02" + rest);
        try (ServedProgram program = ServedProgram.restore(three, "origin", state)) {
            // The program hasn't closed any, and three clients come. There is no place for a fourth.
            for (int id = 3; id < 6; id++) {
                assertThat(program.services.origin().connect().orElseThrow().stream())
                        .isEqualTo(id);
            }
            assertThat(program.services.origin().connect()).isEmpty();
            // An old stream that is over makes no place for one more.
            program.port.sends(Data.end(0, 0, 0), Flow.of(0, 0, 0));
            program.port.awaitTaken();
            assertThat(program.services.origin().connect()).isEmpty();
        }
    }

    @Test
    void creditOfARestoredStreamIsKeptTo() {
        try (ServedProgram program = restore("00 01 00 07 00 00 07 02 00")) {
            program.port.sends(data(0, 0, "ab"), data(0, 0, "c"));
            assertThat(program.port.violation()).isEqualTo("write stream buffer overflow");
        }
    }

    @Test
    void outputThatWasSavedElsewhereIsDropped() {
        try (ServedProgram program = restore("00 01 00 07 00 00 07 02 03 61 62 63")) {
            assertThat(shown(program.port.receive())).isEqualTo("data 0 ''");
            assertThat(shown(program.port.receive())).isEqualTo("flow 0 0");
        }
    }

    @Test
    void connectionsThatWaitAreNotMadeWhenTheProgramIsSuspended() throws Exception {
        try (ServedProgram program = start()) {
            FutureTask<Optional<gate.server.service.origin.OriginConnection>> waiting =
                    new FutureTask<>(program.services.origin()::connect);
            Thread.ofVirtual().start(waiting);
            program.suspend();
            assertThat(waiting.get()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "81 02, outstanding accepts: 257",
        "80, it is truncated",
        "ff ff ff ff 08, a number is too large",
        "80 80 80 80 80, a number is too long",
        "00 01, it is truncated",
        "00 00 00, it has 1 bytes too many",
        "00 81 80 04, streams: 65537",
        "00 01 00 08, stream flags 8",
        "00 01 00 07 00 01, it is truncated",
        "00 01 00 07 00 ff ff ff ff 07, it is truncated",
        "00 01 00 07 00 00 07 00, it is truncated",
        "00 01 00 07 00 00 07 00 00 00, it has 1 bytes too many",
        "00 02 00 07 00 00 07 00 00 00 07 00 00 07 00 00, stream 0 is there twice",
    })
    void forgedStateIsAViolation(String state, String what) {
        try (ServedProgram program =
                ServedProgram.restore(OPTIONS, List.of(new ServiceState("origin", bytes(state))))) {
            assertThat(program.port.violation()).isEqualTo("malformed state of service origin: " + what);
        }
    }

    @Test
    void streamThatWasOverIsForgotten() throws InterruptedException {
        try (ServedProgram program = restore("01 01 00 00 00 00 00 00 00")) {
            assertThat(program.services.origin().connect().orElseThrow().stream())
                    .isZero();
        }
    }
}
