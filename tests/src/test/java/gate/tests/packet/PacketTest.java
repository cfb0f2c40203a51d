// SPDX-License-Identifier: Apache-2.0
package gate.tests.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.contract.packet.Data;
import gate.contract.packet.Domain;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PacketTest {
    private static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    private static String hex(Packet packet) {
        byte[] bytes = new byte[packet.size()];
        packet.buffer().get(bytes);
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    @Test
    void headerIsLaidOutAsTheReferenceSays() {
        Packet packet = Packet.of(0x1234, Domain.INFO, 200, (byte) 7);
        assertThat(hex(packet)).isEqualTo("09 00 00 00 34 12 01 c8 07");
        assertThat(packet.size()).isEqualTo(9);
        assertThat(packet.code()).isEqualTo(0x1234);
        assertThat(packet.domain()).isEqualTo(Domain.INFO);
        assertThat(packet.index()).isEqualTo(200);
        assertThat(packet.content()).isEqualTo(ByteBuffer.wrap(new byte[] {7}));
        assertThat(packet.content().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void codeIsSigned() {
        assertThat(Packet.call(-1).code()).isEqualTo(-1);
        assertThat(Packet.call(-32768).code()).isEqualTo(-32768);
        assertThat(Packet.info(32767).code()).isEqualTo(32767);
        assertThat(Packet.call(3).withCode(9).code()).isEqualTo(9);
    }

    @Test
    void arrayMayBeLongerThanItsPacket() {
        Packet packet = Packet.wrap(bytes("09 00 00 00 01 00 00 00 55 66 77"));
        assertThat(packet.size()).isEqualTo(9);
        assertThat(packet.content().remaining()).isOne();
        assertThat(packet.buffer().remaining()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "08 00 00 00 00 00 00, 7",
        "07 00 00 00 00 00 00 00, 7",
        "00 00 00 00 00 00 00 00, 0",
        "09 00 00 00 00 00 00 00, 9",
        "01 00 01 00 00 00 00 00, 65537",
        "00 00 00 80 00 00 00 00, 2147483648",
        "ff ff ff ff 00 00 00 00, 4294967295",
    })
    void impossibleSizesAreViolations(String hex, String size) {
        assertThatThrownBy(() -> Packet.wrap(bytes(hex)))
                .isInstanceOf(PacketViolation.class)
                .hasMessage("runtime: invalid op packet size: " + size);
    }

    @Test
    void largestPacketIsPossible() {
        assertThat(Packet.call(0, new byte[Packet.CONTENT_MAX]).size()).isEqualTo(65536);
        assertThatThrownBy(() -> Packet.call(0, new byte[Packet.CONTENT_MAX + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packet.of(new byte[16], 17, 0, Domain.CALL, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packet.of(new byte[16], 7, 0, Domain.CALL, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void contentCannotBeChanged() {
        assertThatThrownBy(() -> Packet.call(0, (byte) 1).content().put((byte) 2))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> Data.data(Data.end(0, 0, 0)).array()).isInstanceOf(ReadOnlyBufferException.class);
    }

    @ParameterizedTest
    @CsvSource({"8, 0", "9, 7", "13, 3", "15, 1", "16, 0", "65535, 1", "65536, 0"})
    void paddingReachesTheNextMultipleOf8(int size, int padding) {
        assertThat(Packet.padding(size)).isEqualTo(padding);
    }

    @Test
    void upperBitsOfTheDomainAreIgnoredOnReceipt() {
        assertThat(Packet.wrap(bytes("08 00 00 00 00 00 f2 00")).domain()).isEqualTo(Domain.FLOW);
    }

    @Test
    void unknownDomainIsAViolation() {
        Packet packet = Packet.wrap(bytes("08 00 00 00 00 00 04 00"));
        assertThatThrownBy(packet::domain)
                .isInstanceOf(PacketViolation.class)
                .hasMessage("invalid domain in packet: 4");
        assertThatThrownBy(() -> Domain.of(-1)).isInstanceOf(PacketViolation.class);
        for (Domain domain : Domain.values()) {
            assertThat(Domain.of(domain.number())).isEqualTo(domain);
        }
    }

    // What a program may send.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08 00 00 00 ff ff 00 00", // discovery; its content is looked at later
                "08 00 00 00 00 00 00 00",
                "08 00 00 00 02 00 01 00",
                "08 00 00 00 00 00 02 00",
                "10 00 00 00 00 00 03 00 00 00 00 00 00 00 00 00",
            })
    void possiblePacketsAreAccepted(String hex) {
        Packet packet = Packet.wrap(bytes(hex));
        assertThat(packet.requireSent(3)).isSameAs(packet);
    }

    @ParameterizedTest
    @CsvSource({
        "08 00 00 00 03 00 00 00, invalid service code in packet: 3",
        "08 00 00 00 ff 7f 00 00, invalid service code in packet: 32767",
        "08 00 00 00 fe ff 00 00, invalid code in incoming packet: -2",
        "08 00 00 00 00 80 00 00, invalid code in incoming packet: -32768",
        "08 00 00 00 00 00 04 00, invalid domain in packet: 4",
        "08 00 00 00 00 00 0f 00, invalid domain in packet: 15",
        "08 00 00 00 00 00 10 00, invalid domain in packet: 16",
        "08 00 00 00 ff ff 01 00, service discovery packet has wrong domain: 1",
        "10 00 00 00 ff ff 03 00 00 00 00 00 00 00 00 00, service discovery packet has wrong domain: 3",
        "0f 00 00 00 00 00 03 00 00 00 00 00 00 00 00, data packet is too short: 15 bytes",
        "08 00 00 00 00 00 03 00, data packet is too short: 8 bytes",
    })
    void everythingElseIsAViolation(String hex, String text) {
        Packet packet = Packet.wrap(bytes(hex));
        assertThatThrownBy(() -> packet.requireSent(3))
                .isInstanceOf(PacketViolation.class)
                .hasMessage(text);
    }

    @Test
    void programWithoutServicesMayOnlyDiscover() {
        assertThatThrownBy(() -> Packet.call(0).requireSent(0)).hasMessage("invalid service code in packet: 0");
        Packet.call(Packet.DISCOVERY).requireSent(0);
    }

    @Test
    void textShowsTheBeginning() {
        assertThat(Packet.call(0)).hasToString("packet of 8 bytes: 08 00 00 00 00 00 00 00");
        assertThat(Packet.call(0, new byte[1000]).toString()).endsWith(" 00 …").hasSizeLessThan(250);
    }

    @Test
    void violationHasATextAndNoTrace() {
        PacketViolation violation = new PacketViolation("text");
        assertThat(violation.text()).isEqualTo("text");
        assertThat(violation.getStackTrace()).isEmpty();
    }

    // Flow.

    @Test
    void flowHasEntries() {
        assertThat(hex(Flow.of(1, 2, -3))).isEqualTo("10 00 00 00 01 00 02 00 02 00 00 00 fd ff ff ff");
        Packet packet = Packet.wrap(bytes(
                "1f 00 00 00 00 00 02 00 01 00 00 00 05 00 00 00" + " ff ff ff ff ff ff ff 7f 01 02 03 04 05 06 07"));
        assertThat(Flow.count(packet)).isEqualTo(2);
        assertThat(Flow.stream(packet, 0)).isEqualTo(1);
        assertThat(Flow.value(packet, 0)).isEqualTo(5);
        assertThat(Flow.stream(packet, 1)).isEqualTo(-1);
        assertThat(Flow.value(packet, 1)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void flowMayBeEmpty() {
        assertThat(Flow.count(Packet.wrap(bytes("08 00 00 00 00 00 02 00")))).isZero();
        assertThat(Flow.count(Packet.wrap(bytes("0f 00 00 00 00 00 02 00 00 00 00 00 00 00 00"))))
                .isZero();
    }

    // Data.

    @Test
    void dataFollowsStreamAndNote() {
        byte[] bytes = Data.allocate(2);
        bytes[Data.HEADER_BYTES] = 8;
        bytes[Data.HEADER_BYTES + 1] = 9;
        Packet packet = Data.of(bytes, 2, 1, 5, -1);
        assertThat(hex(packet)).isEqualTo("12 00 00 00 01 00 03 00 05 00 00 00 ff ff ff ff 08 09");
        assertThat(packet.array()).isSameAs(bytes);
        assertThat(Data.stream(packet)).isEqualTo(5);
        assertThat(Data.note(packet)).isEqualTo(-1);
        assertThat(Data.length(packet)).isEqualTo(2);
        assertThat(Data.data(packet)).isEqualTo(ByteBuffer.wrap(new byte[] {8, 9}));
        assertThat(hex(Data.of(bytes, 1, 1, 5, 0))).isEqualTo("11 00 00 00 01 00 03 00 05 00 00 00 00 00 00 00 08");
    }

    @Test
    void copiedDataLeavesItsSourceAsItWas() {
        ByteBuffer source = ByteBuffer.wrap(new byte[] {1, 2, 3}).position(1);
        Packet packet = Data.copy(0, 7, source);
        assertThat(source.position()).isOne();
        assertThat(Data.data(packet)).isEqualTo(ByteBuffer.wrap(new byte[] {2, 3}));
    }

    @Test
    void noDataIsTheEnd() {
        Packet packet = Data.end(3, 4, 5);
        assertThat(hex(packet)).isEqualTo("10 00 00 00 03 00 03 00 04 00 00 00 05 00 00 00");
        assertThat(Data.length(packet)).isZero();
    }

    @Test
    void largestDataIsPossible() {
        assertThat(Data.of(Data.allocate(Data.LENGTH_MAX), Data.LENGTH_MAX, 0, 0, 0)
                        .size())
                .isEqualTo(65536);
        assertThatThrownBy(() -> Data.of(Data.allocate(Data.LENGTH_MAX + 1), Data.LENGTH_MAX + 1, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
