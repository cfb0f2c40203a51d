// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Reads a file that may be larger than an array, and whose every number is checked.
final class FileCursor {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int NAME_BYTES_KEPT = 1000;

    final MemorySegment bytes;
    long position;
    long end;

    FileCursor(MemorySegment bytes, long position, long end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    CorruptSnapshotException corrupt(String reason) {
        return new CorruptSnapshotException(reason + " (offset 0x" + Long.toHexString(position) + ")");
    }

    boolean atEnd() {
        return position >= end;
    }

    private void need(long count) throws CorruptSnapshotException {
        if (count < 0 || count > end - position) {
            throw corrupt("the saved program is truncated");
        }
    }

    int u8() throws CorruptSnapshotException {
        need(1);
        return bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xFF;
    }

    /// An unsigned number of at most `max`.
    long unsigned(long max, String what) throws CorruptSnapshotException {
        long value = unsigned64(what);
        if (value < 0 || value > max) {
            throw corrupt(what + " is out of range: " + Long.toUnsignedString(value));
        }
        return value;
    }

    /// Any unsigned number of 64 bits.
    long unsigned64(String what) throws CorruptSnapshotException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = u8();
            if (shift == 63 && b > 1) {
                break;
            }
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw corrupt(what + " isn't a number");
    }

    int count(long max, String what) throws CorruptSnapshotException {
        return (int) unsigned(Math.min(max, Integer.MAX_VALUE), what);
    }

    long signed() throws CorruptSnapshotException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                int used = shift + 7;
                return used < 64 ? value << 64 - used >> 64 - used : value;
            }
        }
        throw corrupt("a number is too long");
    }

    int fixed32() throws CorruptSnapshotException {
        need(4);
        int value = bytes.get(INT, position);
        position += 4;
        return value;
    }

    long fixed64() throws CorruptSnapshotException {
        need(8);
        long value = bytes.get(LONG, position);
        position += 8;
        return value;
    }

    void skip(long count) throws CorruptSnapshotException {
        need(count);
        position += count;
    }

    byte[] bytes(long from, long to) {
        return bytes.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
    }

    /// A name, of which no more is kept than is worth showing: it can be as long as the file.
    String name() throws CorruptSnapshotException {
        int size = count(end - position, "the length of a name");
        need(size);
        byte[] utf8 = bytes(position, position + Math.min(size, NAME_BYTES_KEPT));
        position += size;
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
