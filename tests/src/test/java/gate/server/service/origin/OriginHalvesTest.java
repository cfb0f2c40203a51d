// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.contract.packet.Data;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Flow control, buffers and state of a stream's directions.
final class OriginHalvesTest {
    private static Packet data(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return Data.copy(0, 0, ByteBuffer.wrap(bytes));
    }

    @Test
    void creditIsAtMostTheLargestNumber() {
        Credit credit = new Credit(Integer.MAX_VALUE - 1);
        credit.add(1);
        assertThatThrownBy(() -> credit.add(1))
                .isInstanceOf(PacketViolation.class)
                .hasMessage("stream flow overflow");
        credit.spend(Integer.MAX_VALUE);
        assertThat(credit.bytes()).isZero();
        assertThatThrownBy(() -> credit.spend(1))
                .isInstanceOf(PacketViolation.class)
                .hasMessage("write stream buffer overflow");
    }

    @Test
    void bufferGivesBackWhatItGotInItsOrder() {
        SplittableRandom random = new SplittableRandom(1);
        OutputBuffer buffer = new OutputBuffer();
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < 3000 || !buffer.isEmpty(); i++) {
            if (i < 3000 && random.nextBoolean()) {
                Packet packet = data(random.nextInt(random.nextInt(4) == 0 ? 5000 : 50));
                if (Data.length(packet) > 0) {
                    buffer.add(packet);
                    byte[] bytes = new byte[Data.length(packet)];
                    Data.data(packet).get(bytes);
                    in.writeBytes(bytes);
                }
            } else if (!buffer.isEmpty()) {
                OutputBuffer.Piece piece = buffer.first();
                int count = 1 + random.nextInt(piece.length());
                out.write(piece.array(), piece.offset(), count);
                buffer.remove(count);
            }
            assertThat(buffer.bytes()).isEqualTo(in.size() - out.size());
        }
        assertThat(out.toByteArray()).isEqualTo(in.toByteArray());
    }

    @Test
    void largePiecesAreNotCopiedAndSmallOnesTakeLittle() {
        OutputBuffer buffer = new OutputBuffer();
        Packet large = data(1024);
        buffer.add(large);
        assertThat(buffer.first().array()).isSameAs(large.array());
        for (int i = 0; i < 4096; i++) {
            buffer.add(data(1));
        }
        buffer.remove(1024);
        assertThat(buffer.first().length()).isEqualTo(4096);
    }

    @Test
    void smallPiecesAreGrantedTogether() {
        OutputHalf half = OutputHalf.opened(100);
        half.receive(data(10));
        half.receive(Data.copy(0, 0, ByteBuffer.allocate(60)));
        assertThat(half.written(10, 50)).as("there is more").isZero();
        assertThat(half.written(45, 50)).isEqualTo(55);
        assertThat(half.written(15, 50)).as("there is no more").isEqualTo(15);
        half.receive(data(100));
        assertThatThrownBy(() -> half.receive(data(1))).hasMessage("write stream buffer overflow");
    }

    @Test
    void nothingIsGrantedAfterTheEnd() {
        OutputHalf half = OutputHalf.opened(100);
        half.receive(data(10));
        half.receive(Data.end(0, 0, 0));
        assertThat(half.written(10, 50)).isZero();
        assertThat(half.isFinished()).isFalse();
        half.unsubscribed();
        assertThat(half.isFinished()).isTrue();
    }

    @Test
    void stateRoundTrips() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2000; i++) {
            List<OriginState.Stream> streams = new ArrayList<>();
            for (int id = 0; id < random.nextInt(4); id++) {
                streams.add(new OriginState.Stream(id * 1000, half(random), half(random)));
            }
            byte[] bytes = new OriginState(random.nextInt(257), streams).toBytes();
            assertThat(OriginState.read(bytes).toBytes()).isEqualTo(bytes);
        }
    }

    private static HalfState half(SplittableRandom random) {
        byte[] data = new byte[random.nextInt(200)];
        random.nextBytes(data);
        return new HalfState(
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(random.nextInt(5) == 0 ? Integer.MAX_VALUE : 200),
                data);
    }

    @Test
    void readerTakesLargerPiecesFromAFastClientAndKeepsLittleForASlowOne() {
        InputReader fast = new InputReader(new ByteArrayInputStream(new byte[1_000_000]));
        int largest = 0;
        for (int count = fast.read(Integer.MAX_VALUE); count > 0; count = fast.read(Integer.MAX_VALUE)) {
            largest = Math.max(largest, count);
            assertThat(fast.packet(0, count).array().length).isLessThanOrEqualTo(2 * count + 64);
        }
        assertThat(largest).isEqualTo(Data.LENGTH_MAX);
        InputReader slow = new InputReader(new ByteArrayInputStream(new byte[100]) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, 1);
            }
        });
        assertThat(slow.read(1000)).isOne();
        assertThat(slow.packet(0, 1).array()).hasSize(17);
    }
}
