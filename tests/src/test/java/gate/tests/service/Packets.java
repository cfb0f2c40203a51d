// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import gate.contract.packet.Data;
import gate.contract.packet.Discovery;
import gate.contract.packet.Packet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/// Packets for tests to write and to look at.
final class Packets {
    private Packets() {}

    static Packet discover(String... names) {
        return Discovery.request(List.of(names));
    }

    static Packet call(int code, String text) {
        return Packet.call(code, text.getBytes(StandardCharsets.UTF_8));
    }

    static Packet data(int code, int stream, String text) {
        return Data.copy(code, stream, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Code, domain, index and content as text.
    static String text(Packet packet) {
        return packet.code() + " " + packet.domain() + " " + packet.index() + " " + content(packet);
    }

    static String content(Packet packet) {
        return StandardCharsets.UTF_8.decode(packet.content()).toString();
    }

    static String data(Packet packet) {
        return StandardCharsets.UTF_8.decode(Data.data(packet)).toString();
    }

    static String hex(Packet packet) {
        byte[] bytes = new byte[packet.size()];
        packet.buffer().get(bytes);
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    static String states(Packet packet) {
        byte[] content = new byte[packet.content().remaining()];
        packet.content().get(content);
        return packet.code() + " " + packet.domain() + " "
                + HexFormat.ofDelimiter(" ").formatHex(content);
    }

    static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }
}
