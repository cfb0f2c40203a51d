// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

/// Flow packets: reference 1.3. After the header any number of entries, an `i32` stream id and an `i32` value each:
/// above 0 so many more bytes may be sent; 0 no more are wanted; below 0 a note that services define.
public final class Flow {
    private static final int ENTRY_BYTES = 8;

    private Flow() {}

    /// A packet of one entry.
    public static Packet of(int code, int stream, int value) {
        byte[] bytes = new byte[Packet.HEADER_BYTES + ENTRY_BYTES];
        Bytes.int32(bytes, Packet.HEADER_BYTES, stream);
        Bytes.int32(bytes, Packet.HEADER_BYTES + 4, value);
        return Packet.of(bytes, bytes.length, code, Domain.FLOW, 0);
    }

    /// Entries of a flow packet; what is left of an incomplete one is ignored.
    public static int count(Packet packet) {
        return (packet.size() - Packet.HEADER_BYTES) / ENTRY_BYTES;
    }

    public static int stream(Packet packet, int entry) {
        return packet.int32(Packet.HEADER_BYTES + entry * ENTRY_BYTES);
    }

    public static int value(Packet packet, int entry) {
        return packet.int32(Packet.HEADER_BYTES + entry * ENTRY_BYTES + 4);
    }
}
