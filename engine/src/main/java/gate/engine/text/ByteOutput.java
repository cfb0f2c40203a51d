// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that grow, and the binary format's ways to write numbers. Core specification, 5.2 "Values".
final class ByteOutput {
    private static final int INITIAL_CAPACITY = 64;

    private byte[] bytes = new byte[INITIAL_CAPACITY];
    private int size;

    int size() {
        return size;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    void writeByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void write(byte[] source) {
        write(source, 0, source.length);
    }

    private void write(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    void write(ByteOutput source) {
        write(source.bytes, 0, source.size);
    }

    /// Moves what `source` holds from `from` on to the end of this.
    void moveTail(ByteOutput source, int from) {
        write(source.bytes, from, source.size - from);
        source.size = from;
    }

    /// Moves all of `source` to here, with its length before it.
    void moveSized(ByteOutput source) {
        writeUnsigned(source.size);
        moveTail(source, 0);
    }

    /// A length and the bytes.
    void writeSized(byte[] source) {
        writeUnsigned(source.length);
        write(source);
    }

    void writeName(String name) {
        writeSized(name.getBytes(StandardCharsets.UTF_8));
    }

    /// An index or length: LEB128 of an unsigned 32-bit number.
    void writeUnsigned(int value) {
        writeUnsigned64(Integer.toUnsignedLong(value));
    }

    void writeUnsigned64(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            writeByte((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        writeByte((int) rest);
    }

    void writeSigned64(long value) {
        long rest = value;
        while (rest < -0x40 || rest >= 0x40) {
            writeByte((int) (rest & 0x7F | 0x80));
            rest >>= 7;
        }
        writeByte((int) (rest & 0x7F));
    }

    void writeFixed32(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            writeByte(value >>> shift);
        }
    }

    void writeFixed64(long value) {
        writeFixed32((int) value);
        writeFixed32((int) (value >>> Integer.SIZE));
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            int doubled = (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8L);
            bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
        }
    }
}
