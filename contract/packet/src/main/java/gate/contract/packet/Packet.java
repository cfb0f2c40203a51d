// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// One packet: an 8-byte header and content, little-endian, without the padding that follows it on its way. Reference
/// 1.3.
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | u32 | size, header included |
/// | 4 | i16 | code: index of a service in the program's order of discovery; -1 discovery itself |
/// | 6 | u8 | domain in the lower 4 bits |
/// | 7 | u8 | index: which outstanding call a reply answers, the oldest is 0 |
///
/// The bytes are not copied: who makes a packet gives its array away. A packet that has been handed on isn't changed
/// any more, but for its code, which the one who forwards a service's packets fills in before anybody else sees it.
public final class Packet {
    public static final int HEADER_BYTES = 8;

    /// In both directions.
    public static final int SIZE_MAX = 65536;

    /// Packets begin at multiples of this, on their way.
    public static final int ALIGNMENT = 8;

    /// Content of a packet at most.
    public static final int CONTENT_MAX = SIZE_MAX - HEADER_BYTES;

    /// The code of discovery packets.
    public static final int DISCOVERY = -1;

    private final byte[] bytes;
    private final int size;

    private Packet(byte[] bytes, int size) {
        this.bytes = bytes;
        this.size = size;
    }

    /// A packet that is in an array, from its beginning; the array can be longer. The size in its header is checked,
    /// and
    /// nothing else.
    ///
    /// @throws PacketViolation where the size isn't possible or not all of it is there
    public static Packet wrap(byte[] bytes) {
        if (bytes.length < HEADER_BYTES) {
            throw sizeViolation(bytes.length);
        }
        int size = checkedSize(Bytes.int32(bytes, 0));
        if (size > bytes.length) {
            throw sizeViolation(size);
        }
        return new Packet(bytes, size);
    }

    /// A packet that is being made: `bytes` has room for the header, and content from [#HEADER_BYTES] on.
    ///
    /// @param size all of it in bytes
    public static Packet of(byte[] bytes, int size, int code, Domain domain, int index) {
        if (size < HEADER_BYTES || size > SIZE_MAX || size > bytes.length) {
            throw new IllegalArgumentException("a packet of " + size + " bytes");
        }
        Bytes.int32(bytes, 0, size);
        Bytes.int16(bytes, 4, code);
        bytes[6] = (byte) domain.number();
        bytes[7] = (byte) index;
        return new Packet(bytes, size);
    }

    /// A packet whose content is copied.
    public static Packet of(int code, Domain domain, int index, byte... content) {
        byte[] bytes = new byte[HEADER_BYTES + content.length];
        System.arraycopy(content, 0, bytes, HEADER_BYTES, content.length);
        return of(bytes, bytes.length, code, domain, index);
    }

    /// A call, or the reply to the oldest call that is outstanding.
    public static Packet call(int code, byte... content) {
        return of(code, Domain.CALL, 0, content);
    }

    /// A message.
    public static Packet info(int code, byte... content) {
        return of(code, Domain.INFO, 0, content);
    }

    static int checkedSize(int size) {
        if (!isSize(size)) {
            throw sizeViolation(size);
        }
        return size;
    }

    static boolean isSize(int size) {
        return size >= HEADER_BYTES && size <= SIZE_MAX;
    }

    private static PacketViolation sizeViolation(int size) {
        return new PacketViolation("runtime: invalid op packet size: " + Integer.toUnsignedString(size));
    }

    /// What follows a packet of a size so that the next one is aligned: 0 to 7 bytes.
    public static int padding(int size) {
        return -size & ALIGNMENT - 1;
    }

    /// Header and content, in bytes.
    public int size() {
        return size;
    }

    public int code() {
        return Bytes.int16(bytes, 4);
    }

    /// Sets the code, by the one who forwards a service's packets.
    public Packet withCode(int code) {
        Bytes.int16(bytes, 4, code);
        return this;
    }

    /// @throws PacketViolation where there is no such domain
    public Domain domain() {
        return Domain.of(bytes[6] & 15);
    }

    public int index() {
        return bytes[7] & 0xFF;
    }

    /// The content of a call or message, not to be changed.
    public ByteBuffer content() {
        return slice(HEADER_BYTES);
    }

    /// The whole packet, not to be changed.
    public ByteBuffer buffer() {
        return slice(0);
    }

    /// The bytes from an offset on, little-endian.
    ByteBuffer slice(int offset) {
        return ByteBuffer.wrap(bytes, offset, size - offset)
                .slice()
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The array behind it, which may be longer: for writing it on without a copy.
    public byte[] array() {
        return bytes;
    }

    int int32(int offset) {
        return Bytes.int32(bytes, offset);
    }

    /// What a program that was written for this protocol may send to `services` discovered services: reference 1.4.
    ///
    /// @return this
    /// @throws PacketViolation naming the rule that is broken
    public Packet requireSent(int services) {
        if ((bytes[6] & 0xF0) != 0) {
            throw new PacketViolation("invalid domain in packet: " + (bytes[6] & 0xFF));
        }
        Domain domain = domain();
        int code = code();
        if (code < DISCOVERY) {
            throw new PacketViolation("invalid code in incoming packet: " + code);
        }
        if (code >= services) {
            throw new PacketViolation("invalid service code in packet: " + code);
        }
        if (code == DISCOVERY && domain != Domain.CALL) {
            throw new PacketViolation("service discovery packet has wrong domain: " + domain.number());
        }
        if (domain == Domain.DATA && size < Data.HEADER_BYTES) {
            throw new PacketViolation("data packet is too short: " + size + " bytes");
        }
        return this;
    }

    @Override
    public String toString() {
        int shown = Math.min(size, 64);
        return "packet of " + size + " bytes: " + HexFormat.ofDelimiter(" ").formatHex(bytes, 0, shown)
                + (shown < size ? " …" : "");
    }
}
