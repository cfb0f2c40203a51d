// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Service discovery: reference 1.3, packets of code -1. A program asks for services by name; it is told the state of
/// all that it has ever asked for, in that order, which is what codes are.
public final class Discovery {
    /// Services that a program can know.
    public static final int SERVICES_MAX = 256;

    /// Bytes of a service's name.
    public static final int SERVICE_NAME_BYTES_MAX = 127;

    /// A state's bit 0: the service can be used.
    public static final int AVAILABLE = 1;

    private static final int LIST_OFFSET = 2;

    private Discovery() {}

    /// The names in a program's request. Bytes behind them are ignored, and so are names beyond the `most` first ones:
    /// they are checked but not kept.
    ///
    /// @throws PacketViolation where it is truncated, or a name is empty, too long or no UTF-8
    public static List<String> names(Packet request, int most) {
        ByteBuffer in = request.content();
        if (in.remaining() < LIST_OFFSET) {
            throw new PacketViolation("service discovery packet is too short: " + request.size() + " bytes");
        }
        int count = in.getShort() & 0xFFFF;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = name(in);
            if (names.size() < most) {
                names.add(name);
            }
        }
        return names;
    }

    private static String name(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw new PacketViolation("service discovery packet is truncated");
        }
        int length = in.get() & 0xFF;
        if (length == 0 || length > SERVICE_NAME_BYTES_MAX) {
            throw new PacketViolation("service name length out of bounds");
        }
        if (length > in.remaining()) {
            throw new PacketViolation("service discovery packet is truncated");
        }
        ByteBuffer utf8 = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new PacketViolation("service name is no UTF-8 text");
        }
    }

    /// A request, as a program would send it.
    public static Packet request(List<String> names) {
        int size = Packet.HEADER_BYTES + LIST_OFFSET;
        List<byte[]> encoded = new ArrayList<>();
        for (String name : names) {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            if (utf8.length == 0 || utf8.length > SERVICE_NAME_BYTES_MAX) {
                throw new IllegalArgumentException("a service's name has 1 to 127 bytes: '" + name + "'");
            }
            encoded.add(utf8);
            size += 1 + utf8.length;
        }
        byte[] bytes = new byte[size];
        Bytes.int16(bytes, Packet.HEADER_BYTES, names.size());
        int at = Packet.HEADER_BYTES + LIST_OFFSET;
        for (byte[] utf8 : encoded) {
            bytes[at++] = (byte) utf8.length;
            System.arraycopy(utf8, 0, bytes, at, utf8.length);
            at += utf8.length;
        }
        return Packet.of(bytes, size, Packet.DISCOVERY, Domain.CALL, 0);
    }

    /// The states of all services discovered, as a reply to a request or as a message of its own.
    ///
    /// @param domain CALL or INFO
    /// @param states a byte each
    public static Packet states(Domain domain, byte[] states) {
        byte[] bytes = new byte[Packet.HEADER_BYTES + LIST_OFFSET + states.length];
        Bytes.int16(bytes, Packet.HEADER_BYTES, states.length);
        System.arraycopy(states, 0, bytes, Packet.HEADER_BYTES + LIST_OFFSET, states.length);
        return Packet.of(bytes, bytes.length, Packet.DISCOVERY, domain, 0);
    }
}
