// SPDX-License-Identifier: Apache-2.0
package gate.tests.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.contract.packet.Packet;
import gate.contract.packet.PacketAssembler;
import gate.contract.packet.PacketQueue;
import gate.contract.packet.PacketViolation;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Packets as bytes, cut anywhere.
final class PacketStreamTest {
    private static final Packet[] PACKETS = {
        Packet.call(1),
        Packet.call(2, (byte) 9),
        Packet.info(3, new byte[7]),
        Packet.info(4, new byte[8]),
        Packet.call(5, new byte[300])
    };

    private static PacketQueue queue() {
        PacketQueue queue = new PacketQueue();
        for (Packet packet : PACKETS) {
            queue.add(packet);
        }
        return queue;
    }

    private static byte[] take(PacketQueue queue, long most) {
        byte[] bytes = new byte[(int) most];
        Arrays.fill(bytes, (byte) 0xAA);
        int count = (int) queue.take(MemorySegment.ofArray(bytes));
        for (int i = count; i < bytes.length; i++) {
            assertThat(bytes[i]).as("what isn't taken isn't touched").isEqualTo((byte) 0xAA);
        }
        return Arrays.copyOf(bytes, count);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Test
    void queuedPacketsArePadded() {
        byte[] all = queue().toArray();
        assertThat(all).hasSize(8 + 16 + 16 + 16 + 312);
        assertThat(queue().byteCount()).isEqualTo(all.length);
        assertThat(take(queue(), 1000)).isEqualTo(all);
        PacketAssembler assembler = new PacketAssembler();
        ByteBuffer source = ByteBuffer.wrap(all);
        for (Packet packet : PACKETS) {
            Packet next = assembler.next(source);
            assertThat(String.valueOf(next)).isEqualTo(packet.toString());
        }
        assertThat(assembler.next(source)).isNull();
    }

    @Test
    void restIsTheSameWhereverTheQueueIsCut() {
        byte[] all = queue().toArray();
        for (int cut = 0; cut <= all.length; cut++) {
            PacketQueue queue = queue();
            byte[] first = take(queue, cut);
            assertThat(first).hasSize(cut);
            assertThat(queue.byteCount()).isEqualTo(all.length - cut);
            assertThat(queue.isEmpty()).isEqualTo(cut == all.length);
            byte[] rest = queue.toArray();
            assertThat(join(first, rest)).isEqualTo(all);
            PacketQueue restored = new PacketQueue();
            restored.restore(rest);
            restored.add(PACKETS[1]);
            byte[] more = take(restored, 2000);
            assertThat(more).hasSize(rest.length + 16);
            assertThat(Arrays.copyOf(more, rest.length)).isEqualTo(rest);
            assertThat(take(queue, 2000)).isEqualTo(rest);
        }
    }

    @Test
    void emptyQueueGivesNothing() {
        PacketQueue queue = new PacketQueue();
        queue.restore(new byte[0]);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.toArray()).isEmpty();
        assertThat(take(queue, 10)).isEmpty();
        assertThat(queue().take(MemorySegment.ofArray(new byte[0]))).isZero();
    }

    @Test
    void assemblerIsRestoredWhereverItIsCut() {
        byte[] all = queue().toArray();
        for (int cut = 0; cut <= all.length; cut++) {
            PacketAssembler assembler = new PacketAssembler();
            ByteBuffer source = ByteBuffer.wrap(all, 0, cut);
            int count = 0;
            while (assembler.next(source) != null) {
                count++;
            }
            assertThat(source.hasRemaining()).isFalse();
            PacketAssembler restored = new PacketAssembler(assembler.partial(), assembler.padding());
            assertThat(restored.partial()).isEqualTo(assembler.partial());
            ByteBuffer rest = ByteBuffer.wrap(all, cut, all.length - cut);
            for (Packet packet = restored.next(rest); packet != null; packet = restored.next(rest)) {
                assertThat(packet.toString()).isEqualTo(PACKETS[count++].toString());
            }
            assertThat(count).isEqualTo(PACKETS.length);
        }
    }

    @Test
    void paddingMayHaveAnyContent() {
        PacketAssembler assembler = new PacketAssembler();
        byte[] bytes = {9, 0, 0, 0, 0, 0, 0, 0, 1, -1, -1, -1, -1, -1, -1, -1, 8, 0, 0, 0, 0, 0, 0, 0};
        ByteBuffer source = ByteBuffer.wrap(bytes);
        assertThat(assembler.next(source)).isNotNull();
        assertThat(assembler.padding()).isEqualTo(7);
        assertThat(assembler.next(source)).isNotNull();
        assertThat(assembler.padding()).isZero();
    }

    @Test
    void impossibleSizeIsAViolationEachTime() {
        PacketAssembler assembler = new PacketAssembler();
        ByteBuffer source = ByteBuffer.wrap(new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3});
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> assembler.next(source))
                    .isInstanceOf(PacketViolation.class)
                    .hasMessage("runtime: invalid op packet size: 7");
        }
    }

    @Test
    void sizeAloneReservesNothing() {
        PacketAssembler assembler = new PacketAssembler();
        byte[] header = {0, 0, 1, 0, 0, 0, 0, 0};
        assertThat(assembler.next(ByteBuffer.wrap(header))).isNull();
        assertThat(assembler.partial()).isEqualTo(header);
        ByteBuffer rest = ByteBuffer.wrap(new byte[65536 - 8]);
        Packet packet = assembler.next(rest);
        assertThat(packet).isNotNull();
    }

    @Test
    void impossibleStatesAreViolations() {
        assertThatThrownBy(() -> new PacketAssembler(new byte[0], 8)).hasMessage("invalid padding after packet");
        assertThatThrownBy(() -> new PacketAssembler(new byte[0], -1)).isInstanceOf(PacketViolation.class);
        assertThatThrownBy(() -> new PacketAssembler(new byte[1], 1)).isInstanceOf(PacketViolation.class);
        assertThatThrownBy(() -> new PacketAssembler(new byte[] {8, 0, 0, 0, 0, 0, 0, 0}, 0))
                .hasMessage("partial packet is complete");
        assertThatThrownBy(() -> new PacketAssembler(new byte[] {8, 0, 0, 0, 0, 0, 0, 0, 0}, 0))
                .hasMessage("partial packet is complete");
        assertThatThrownBy(() -> new PacketAssembler(new byte[8], 0)).hasMessage("runtime: invalid op packet size: 0");
    }
}
