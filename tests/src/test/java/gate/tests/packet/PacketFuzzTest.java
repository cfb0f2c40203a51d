// SPDX-License-Identifier: Apache-2.0
package gate.tests.packet;

import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Data;
import gate.contract.packet.Discovery;
import gate.contract.packet.Domain;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketAssembler;
import gate.contract.packet.PacketQueue;
import gate.contract.packet.PacketViolation;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Streams of packets, cut and damaged anywhere. `-Dgate.fuzz.packets=N` says how many packets, `-Dgate.seed=N` from
/// which seed on.
final class PacketFuzzTest {
    private static final long PACKETS = Long.getLong("gate.fuzz.packets", 50_000);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);

    private static Packet packet(SplittableRandom random) {
        int code = random.nextInt(4);
        return switch (random.nextInt(5)) {
            case 0 -> Flow.of(code, random.nextInt(), random.nextInt());
            case 1 -> Data.end(code, random.nextInt(3), random.nextInt());
            case 2 -> Data.copy(code, random.nextInt(3), ByteBuffer.wrap(content(random)));
            case 3 -> Discovery.request(names(random));
            default -> Packet.of(code, random.nextBoolean() ? Domain.CALL : Domain.INFO, 0, content(random));
        };
    }

    private static byte[] content(SplittableRandom random) {
        int most = random.nextInt(100) == 0 ? Data.LENGTH_MAX : 60;
        byte[] content = new byte[random.nextInt(most + 1)];
        random.nextBytes(content);
        return content;
    }

    private static List<String> names(SplittableRandom random) {
        List<String> names = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            names.add("näme".substring(random.nextInt(4)).repeat(1 + random.nextInt(5)));
        }
        return names;
    }

    @Test
    void packetsSurviveAnyCut() {
        long seed = FIRST_SEED;
        for (long done = 0; done < PACKETS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Packet> packets = new ArrayList<>();
            for (int i = 1 + random.nextInt(20); i > 0; i--) {
                packets.add(packet(random));
            }
            done += packets.size();
            assertThat(roundTrip(packets, random)).as("seed %d", seed).isEqualTo(texts(packets));
        }
    }

    private static List<String> texts(List<Packet> packets) {
        return packets.stream()
                .map(packet -> packet + " " + packet.buffer().hashCode())
                .toList();
    }

    /// Through a queue, bytes taken in pieces, and an assembler; both saved and restored now and then.
    private static List<String> roundTrip(List<Packet> packets, SplittableRandom random) {
        PacketQueue queue = new PacketQueue();
        PacketAssembler assembler = new PacketAssembler();
        List<Packet> received = new ArrayList<>();
        int added = 0;
        while (added < packets.size() || !queue.isEmpty()) {
            if (added < packets.size() && (queue.isEmpty() || random.nextBoolean())) {
                queue.add(packets.get(added++));
            }
            byte[] piece = new byte[random.nextInt(random.nextInt(10) == 0 ? 70_000 : 40)];
            int count = (int) queue.take(MemorySegment.ofArray(piece));
            ByteBuffer source = ByteBuffer.wrap(piece, 0, count);
            for (Packet packet = assembler.next(source); packet != null; packet = assembler.next(source)) {
                received.add(packet.requireSent(4));
            }
            if (random.nextInt(8) == 0) {
                assembler = new PacketAssembler(assembler.partial(), assembler.padding());
                PacketQueue restored = new PacketQueue();
                restored.restore(queue.toArray());
                queue = restored;
            }
        }
        assertThat(assembler.partial()).isEmpty();
        assertThat(assembler.padding()).isZero();
        return texts(received);
    }

    @Test
    void damagedStreamsEndInAViolationOrInPackets() {
        long violations = 0;
        long survivors = 0;
        for (long seed = FIRST_SEED; violations + survivors < PACKETS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] stream = damaged(random);
            PacketAssembler assembler = new PacketAssembler();
            try {
                for (int at = 0; at < stream.length; ) {
                    int count = Math.min(stream.length - at, 1 + random.nextInt(64));
                    ByteBuffer source = ByteBuffer.wrap(stream, at, count);
                    for (Packet packet = assembler.next(source); packet != null; packet = assembler.next(source)) {
                        lookAtAll(packet);
                        survivors++;
                    }
                    assertThat(source.hasRemaining()).isFalse();
                    at += count;
                }
                assertThat(assembler.partial().length).isLessThan(Packet.SIZE_MAX);
            } catch (PacketViolation violation) {
                assertThat(violation.text()).as("seed %d", seed).isNotEmpty();
                violations++;
            }
        }
        assertThat(violations).isPositive();
        assertThat(survivors).isPositive();
    }

    private static byte[] damaged(SplittableRandom random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            PacketQueue queue = new PacketQueue();
            queue.add(packet(random));
            bytes.writeBytes(queue.toArray());
        }
        byte[] stream = bytes.toByteArray();
        for (int i = random.nextInt(4); i > 0; i--) {
            // Headers are where most rules are.
            int at = random.nextInt(Math.min(stream.length, random.nextBoolean() ? 16 : Integer.MAX_VALUE));
            stream[at] = (byte) (random.nextBoolean() ? random.nextInt() : stream[at] ^ 1 << random.nextInt(8));
        }
        return stream;
    }

    /// What a session does with a packet.
    private static void lookAtAll(Packet packet) {
        packet.requireSent(4);
        assertThat(packet.content().remaining()).isEqualTo(packet.size() - Packet.HEADER_BYTES);
        if (packet.code() == Packet.DISCOVERY) {
            for (String name : Discovery.names(packet, 256)) {
                assertThat(name).isNotEmpty();
            }
            return;
        }
        switch (packet.domain()) {
            case CALL, INFO -> assertThat(packet.index()).isBetween(0, 255);
            case FLOW -> {
                long sum = 0;
                for (int i = 0; i < Flow.count(packet); i++) {
                    sum += Flow.stream(packet, i) | Flow.value(packet, i);
                }
                assertThat(sum).isGreaterThan(Long.MIN_VALUE);
            }
            case DATA -> {
                assertThat(Data.data(packet).remaining()).isEqualTo(Data.length(packet));
                assertThat(Data.of(packet.array(), Data.length(packet), 1, Data.stream(packet), Data.note(packet)))
                        .hasToString(packet.withCode(1).toString());
            }
        }
    }
}
