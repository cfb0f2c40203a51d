// SPDX-License-Identifier: Apache-2.0
package gate.tests.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.contract.packet.Discovery;
import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiscoveryTest {
    private static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    private static String hex(Packet packet) {
        byte[] bytes = new byte[packet.size()];
        packet.buffer().get(bytes);
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    @Test
    void requestOfTheReferencesExample() {
        Packet packet = Discovery.request(List.of("origin", "test", "_nonexistent"));
        assertThat(hex(packet))
                .isEqualTo("23 00 00 00 ff ff 00 00 03 00 06 6f 72 69 67 69 6e 04 74 65 73 74"
                        + " 0c 5f 6e 6f 6e 65 78 69 73 74 65 6e 74");
        assertThat(Discovery.names(packet, 256)).containsExactly("origin", "test", "_nonexistent");
    }

    @Test
    void replyOfTheReferencesExample() {
        assertThat(hex(Discovery.states(Domain.CALL, new byte[] {1, 0, 0})))
                .isEqualTo("0d 00 00 00 ff ff 00 00 03 00 01 00 00");
        assertThat(hex(Discovery.states(Domain.INFO, new byte[] {}))).isEqualTo("0a 00 00 00 ff ff 01 00 00 00");
    }

    @Test
    void namesBeyondTheMostAreCheckedButNotKept() {
        Packet packet = Discovery.request(List.of("a", "b", "c"));
        assertThat(Discovery.names(packet, 2)).containsExactly("a", "b");
        assertThat(Discovery.names(packet, 0)).isEmpty();
        Packet bad = Packet.call(-1, bytes("02 00 01 61 00"));
        assertThatThrownBy(() -> Discovery.names(bad, 1)).isInstanceOf(PacketViolation.class);
    }

    @Test
    void whatFollowsTheNamesIsIgnored() {
        assertThat(Discovery.names(Packet.call(-1, bytes("01 00 01 61 00 ff")), 9))
                .containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({
        "'', service discovery packet is too short: 8 bytes",
        "01, service discovery packet is too short: 9 bytes",
        "01 00, service discovery packet is truncated",
        "ff ff 01 61, service discovery packet is truncated",
        "01 00 02 61, service discovery packet is truncated",
        "01 00 00, service name length out of bounds",
        "01 00 80 61, service name length out of bounds",
        "01 00 ff 61, service name length out of bounds",
        "01 00 01 ff, service name is no UTF-8 text",
        "01 00 02 c0 80, service name is no UTF-8 text",
        "01 00 03 ed a0 80, service name is no UTF-8 text",
    })
    void malformedRequestsAreViolations(String content, String text) {
        Packet packet = Packet.call(-1, bytes(content));
        assertThatThrownBy(() -> Discovery.names(packet, 256))
                .isInstanceOf(PacketViolation.class)
                .hasMessage(text);
    }

    @Test
    void longestNameIsPossible() {
        String longest = "ä".repeat(63) + "a";
        assertThat(Discovery.names(Discovery.request(List.of(longest)), 1)).containsExactly(longest);
        assertThatThrownBy(() -> Discovery.request(List.of(longest + "a")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Discovery.request(List.of(""))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void asManyNamesAsFitArePossible() {
        List<String> names = new ArrayList<>();
        IntStream.range(0, 500).forEach(i -> names.add("n".repeat(120) + i));
        assertThat(Discovery.names(Discovery.request(names), 1000)).isEqualTo(names);
        List<String> tooMany = new ArrayList<>(names);
        tooMany.addAll(names);
        assertThatThrownBy(() -> Discovery.request(tooMany)).isInstanceOf(IllegalArgumentException.class);
    }
}
