// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

import java.nio.ByteBuffer;

/// Data packets, pieces of streams: reference 1.3. After the header an `i32` stream id, an `i32` note, and the data;
/// no data ends the stream in this direction.
public final class Data {
    /// The packet's header, stream id and note.
    public static final int HEADER_BYTES = 16;

    /// Data of one packet at most, in bytes.
    public static final int LENGTH_MAX = Packet.SIZE_MAX - HEADER_BYTES;

    private Data() {}

    /// An array with room for `length` bytes of data from [#HEADER_BYTES] on, to be read into and given to
    /// [#of(byte\[\], int, int, int, int)].
    public static byte[] allocate(int length) {
        return new byte[HEADER_BYTES + length];
    }

    /// A packet of an array that has data in its place.
    public static Packet of(byte[] bytes, int length, int code, int stream, int note) {
        Bytes.int32(bytes, 8, stream);
        Bytes.int32(bytes, 12, note);
        return Packet.of(bytes, HEADER_BYTES + length, code, Domain.DATA, 0);
    }

    /// A packet whose data is copied.
    public static Packet copy(int code, int stream, ByteBuffer data) {
        int length = data.remaining();
        byte[] bytes = allocate(length);
        data.duplicate().get(bytes, HEADER_BYTES, length);
        return of(bytes, length, code, stream, 0);
    }

    /// The packet that ends a stream in its direction.
    public static Packet end(int code, int stream, int note) {
        return of(allocate(0), 0, code, stream, note);
    }

    public static int stream(Packet packet) {
        return packet.int32(8);
    }

    public static int note(Packet packet) {
        return packet.int32(12);
    }

    /// Bytes of data; 0 at the end of the stream.
    public static int length(Packet packet) {
        return packet.size() - HEADER_BYTES;
    }

    /// The data, not to be changed.
    public static ByteBuffer data(Packet packet) {
        return packet.slice(HEADER_BYTES);
    }
}
