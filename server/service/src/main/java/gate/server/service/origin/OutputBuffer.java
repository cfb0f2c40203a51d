// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Data;
import gate.contract.packet.Packet;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a program has sent and its client hasn't received. Large pieces stay in their packets' arrays;
/// small ones are put together, so that memory is a small multiple of the bytes however a program cuts
/// them.
final class OutputBuffer {
    private static final int COPIED_BELOW = 1024;
    private static final int CHUNK_BYTES = 4096;

    /// Bytes to be written, which aren't changed while they are here.
    record Piece(byte[] array, int offset, int length) {}

    private static final class Segment {
        private final byte[] array;
        private int from;
        private int to;

        Segment(byte[] array, int from, int to) {
            this.array = array;
            this.from = from;
            this.to = to;
        }
    }

    private final Deque<Segment> segments = new ArrayDeque<>(1);
    private int bytes;

    boolean isEmpty() {
        return bytes == 0;
    }

    int bytes() {
        return bytes;
    }

    /// Adds a data packet's data.
    void add(Packet packet) {
        int length = Data.length(packet);
        bytes += length;
        if (length >= COPIED_BELOW) {
            segments.add(new Segment(packet.array(), Data.HEADER_BYTES, Data.HEADER_BYTES + length));
            return;
        }
        Segment last = segments.peekLast();
        if (last == null || last.array.length != CHUNK_BYTES || CHUNK_BYTES - last.to < length) {
            last = new Segment(new byte[CHUNK_BYTES], 0, 0);
            segments.add(last);
        }
        System.arraycopy(packet.array(), Data.HEADER_BYTES, last.array, last.to, length);
        last.to += length;
    }

    /// What comes first; there must be something.
    Piece first() {
        Segment first = segments.element();
        return new Piece(first.array, first.from, first.to - first.from);
    }

    /// Removes bytes of the first piece.
    void remove(int count) {
        Segment first = segments.element();
        first.from += count;
        bytes -= count;
        if (first.from == first.to) {
            segments.remove();
        }
    }

    void clear() {
        segments.clear();
        bytes = 0;
    }
}
