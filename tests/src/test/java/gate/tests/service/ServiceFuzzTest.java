// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Data;
import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import gate.server.service.ServiceState;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.origin.OriginConnection;
import gate.server.service.origin.OriginOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Forged states and hostile packets, for all services. `-Dgate.fuzz.services=N` says how many.
final class ServiceFuzzTest {
    private static final int INPUTS = Integer.getInteger("gate.fuzz.services", 4_000);
    private static final ProgramServices.Options OPTIONS = ServedProgram.options(new OriginOptions(64, 8));
    private static final String[] NAMES = {"origin", "scope", "random", "identity", "catalog", "internal/test"};

    private static final List<byte[]> STATES = List.of(
            Packets.bytes("02 02 00 07 9e 02 03 61 62 63 07 ff ff 01 00 01 05 00 01 7a 04 00 00"),
            Packets.bytes("02 05 6f 74 68 65 72 01 61"),
            Packets.bytes("01"),
            new byte[0]);

    private static byte[] mutated(byte[] seed, SplittableRandom random) {
        byte[] bytes = java.util.Arrays.copyOf(seed, Math.max(0, seed.length + random.nextInt(-3, 4)));
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 1 << random.nextInt(8));
        }
        return bytes;
    }

    /// A state is refused as a violation, or it can be saved and restored again.
    @Test
    void forgedStates() throws InterruptedException {
        int refused = 0;
        for (int seed = 0; seed < INPUTS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<ServiceState> states = new ArrayList<>();
            for (String name : NAMES) {
                byte[] state = STATES.get(random.nextInt(STATES.size()));
                if (random.nextInt(4) == 0) {
                    states.add(new ServiceState(name, mutated(state, random)));
                }
            }
            try {
                restoreAndSave(restoreAndSave(states));
            } catch (PacketViolation violation) {
                assertThat(violation.text()).matches("malformed state of service .*|scope string is invalid");
                refused++;
            }
        }
        assertThat(refused).isBetween(1, INPUTS - 1);
    }

    private static List<ServiceState> restoreAndSave(List<ServiceState> states) throws InterruptedException {
        try (ServedProgram program = ServedProgram.restore(OPTIONS, states)) {
            program.port.stop();
            List<ServiceState> saved = program.services.suspend();
            assertThat(saved)
                    .extracting(ServiceState::name)
                    .isEqualTo(states.stream().map(ServiceState::name).toList());
            return saved;
        }
    }

    /// A program that sends nonsense ends because of a violation, or goes on; no service fails.
    @Test
    void hostilePackets() throws InterruptedException {
        int ended = 0;
        for (int seed = 0; seed < INPUTS / 8; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            try (ServedProgram program = ServedProgram.start(OPTIONS, NAMES)) {
                for (int i = 0; i < 3; i++) {
                    program.port.sends(Packet.call(0));
                    OriginConnection connection =
                            program.services.origin().connect().orElseThrow();
                    new FakeClient().sends("some bytes").on(connection);
                }
                for (int i = random.nextInt(40); i > 0; i--) {
                    program.port.sends(hostile(random));
                }
                program.port.awaitTaken();
                program.port.stop();
                try {
                    assertThat(program.services.suspend()).hasSize(NAMES.length);
                } catch (PacketViolation violation) {
                    ended++;
                }
            }
        }
        assertThat(ended).isBetween(1, INPUTS / 8);
    }

    private static Packet hostile(SplittableRandom random) {
        byte[] bytes = new byte[8 + (random.nextInt(4) == 0 ? random.nextInt(200) : 8 * random.nextInt(4))];
        for (int i = 8; i < bytes.length; i++) {
            bytes[i] = random.nextInt(3) == 0 ? (byte) random.nextInt() : (byte) random.nextInt(3);
        }
        Domain domain = Domain.of(random.nextInt(4));
        boolean tooShort = domain == Domain.DATA && bytes.length < Data.HEADER_BYTES;
        return Packet.of(
                bytes,
                bytes.length,
                random.nextInt(random.nextInt(10) == 0 ? -2 : 0, NAMES.length),
                tooShort ? Domain.CALL : domain,
                0);
    }
}
