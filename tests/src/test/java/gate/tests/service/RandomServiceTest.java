// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static gate.tests.service.Packets.text;
import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Packet;
import gate.server.service.ServiceState;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The service of random bytes, by a clock of our own. At the default rate a byte costs 62.5 ms.
final class RandomServiceTest {
    private static final byte[] WAITING = {1};

    private final FakeClock clock = new FakeClock();

    private ServedProgram start(int bitsPerMinute) {
        return ServedProgram.start(ServedProgram.options(bitsPerMinute, clock), "random", "internal/test");
    }

    private static Packet wanted(int count) {
        return Packet.call(0, (byte) count);
    }

    /// When the reply comes, everything before it has been handled.
    private static void handled(ServedProgram program) {
        assertThat(text(program.exchange(Packets.call(1, "mark")))).isEqualTo("1 CALL 0 mark");
    }

    private static int bytes(Packet reply) {
        assertThat(reply.code()).isZero();
        return reply.size() - Packet.HEADER_BYTES;
    }

    @Test
    void replyComesWhenItsTimeHasCome() {
        try (ServedProgram program = start(7680)) {
            program.port.sends(wanted(16));
            handled(program);
            clock.passMillis(999);
            handled(program);
            assertThat(program.port.unreceived()).isEmpty();
            clock.passMillis(1);
            Packet reply = program.port.receive();
            assertThat(bytes(reply)).isEqualTo(16);
            assertThat(reply.index()).isZero();
        }
    }

    @Test
    void timeThatHasPassedCounts() {
        try (ServedProgram program = start(7680)) {
            program.exchange(wanted(0)); // the instance's clock starts
            clock.passMillis(255 * 125 / 2 + 1);
            assertThat(bytes(program.exchange(wanted(255)))).isEqualTo(255);
            program.port.sends(wanted(1));
            handled(program);
            assertThat(clock.tasks()).isOne();
            clock.passMillis(63);
            assertThat(bytes(program.port.receive())).isOne();
        }
    }

    @Test
    void bytesDiffer() {
        Set<String> seen = new HashSet<>();
        try (ServedProgram program = start(Integer.MAX_VALUE)) {
            program.exchange(wanted(0));
            for (int i = 0; i < 50; i++) {
                clock.passMillis(1);
                seen.add(Packets.hex(program.exchange(wanted(16))));
            }
        }
        assertThat(seen).hasSize(50);
    }

    @Test
    void nothingWantedIsAnsweredAtOnce() {
        try (ServedProgram program = start(7680)) {
            assertThat(bytes(program.exchange(wanted(0)))).isZero();
            assertThat(bytes(program.exchange(Packet.call(0)))).isZero();
        }
    }

    @Test
    void furtherCallsGetNothingAndTheirReplySaysWhichOneItIsFor() {
        try (ServedProgram program = start(7680)) {
            program.port.sends(wanted(16), wanted(5), wanted(0));
            for (int i = 0; i < 2; i++) {
                Packet empty = program.port.receive();
                assertThat(bytes(empty)).isZero();
                assertThat(empty.index()).isOne();
            }
            clock.passMillis(1000);
            Packet reply = program.port.receive();
            assertThat(bytes(reply)).isEqualTo(16);
            assertThat(reply.index()).isZero();
            assertThat(program.exchange(wanted(0)).index()).isZero();
        }
    }

    @Test
    void waitingCallIsSavedAndAnsweredWithOneByte() throws InterruptedException {
        try (ServedProgram program = start(7680)) {
            program.port.sends(wanted(16));
            handled(program);
            assertThat(program.suspendedState()).isEqualTo(WAITING);
            assertThat(clock.tasks()).isZero();
        }
        try (ServedProgram program = ServedProgram.restore(ServedProgram.options(7680, clock), "random", WAITING)) {
            Packet reply = program.port.receive();
            assertThat(bytes(reply)).isOne();
            assertThat(reply.index()).isZero();
            assertThat(program.suspendedState()).isEmpty();
        }
    }

    @Test
    void nothingIsSavedWhereNobodyWaits() throws InterruptedException {
        try (ServedProgram program = start(7680)) {
            program.exchange(wanted(0));
            assertThat(program.suspendedState()).isEmpty();
        }
    }

    @Test
    void hiddenServiceThatIsRestoredGivesNothing() {
        List<ServiceState> states = List.of(new ServiceState("random", WAITING));
        try (ServedProgram program = ServedProgram.restore(ServedProgram.options(0, clock), states)) {
            assertThat(Packets.states(program.port.receive())).isEqualTo("-1 INFO 01 00 00");
            program.port.sends(wanted(16), Packets.discover("nothing"));
            assertThat(Packets.states(program.port.receive())).isEqualTo("-1 CALL 02 00 00 00");
        }
    }

    @Test
    void shutdownForgetsTheWaitingCall() {
        try (ServedProgram program = start(7680)) {
            program.port.sends(wanted(16));
            handled(program);
        }
        assertThat(clock.tasks()).isZero();
    }
}
