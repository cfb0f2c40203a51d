// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// A cursor over a module's bytes: core specification 5.2 "Values". What can't be read is malformed.
final class ByteReader {
    final byte[] bytes;
    /// Next byte to read.
    int position;
    /// Where reading must stop: the end of the section or function being read.
    int end;

    private final ErrorPlace place;

    /// Says where in the module an offset lies, for messages.
    @FunctionalInterface
    interface ErrorPlace {
        String describe(int offset);
    }

    ByteReader(byte[] bytes, int position, int end, ErrorPlace place) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
        this.place = place;
    }

    MalformedModuleException malformed(String reason, int offset) {
        return new MalformedModuleException(reason, place.describe(offset), offset);
    }

    private MalformedModuleException endReached() {
        return malformed("unexpected end of section or function", position);
    }

    boolean atEnd() {
        return position >= end;
    }

    int u8() {
        if (position >= end) {
            throw endReached();
        }
        return bytes[position++] & 0xFF;
    }

    /// An unsigned 32-bit LEB128 number.
    int u32() {
        if (position < end) {
            int first = bytes[position];
            if (first >= 0) {
                position++;
                return first;
            }
        }
        return u32Long();
    }

    private int u32Long() {
        int start = position;
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = u8();
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                if (shift == 28 && b > 0x0F) {
                    throw malformed("integer too large", start);
                }
                return value;
            }
        }
        throw malformed("integer representation too long", start);
    }

    /// An unsigned 64-bit LEB128 number.
    long u64() {
        int start = position;
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                if (shift == 63 && b > 1) {
                    throw malformed("integer too large", start);
                }
                return value;
            }
        }
        throw malformed("integer representation too long", start);
    }

    /// A signed 32-bit LEB128 number.
    int s32() {
        int start = position;
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = u8();
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                if (shift == 28 && (b & 0x78) != 0 && (b & 0x78) != 0x78) {
                    throw malformed("integer too large", start);
                }
                return shift < 28 ? value << (25 - shift) >> (25 - shift) : value;
            }
        }
        throw malformed("integer representation too long", start);
    }

    /// A signed 33-bit LEB128 number: a block type or a heap type. Negative ones are codes of one byte, which can't be
    /// written longer: core specification 5.3. So the code of a negative result is the byte before the position.
    long s33() {
        int start = position;
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                if (shift == 28 && (b & 0x70) != 0 && (b & 0x70) != 0x70) {
                    throw malformed("integer too large", start);
                }
                long signed = value << (57 - shift) >> (57 - shift);
                if (signed < 0 && shift > 0) {
                    throw malformed(signed < -64 ? "malformed type" : "integer representation too long", start);
                }
                return signed;
            }
        }
        throw malformed("integer representation too long", start);
    }

    /// A signed 64-bit LEB128 number.
    long s64() {
        int start = position;
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                if (shift == 63 && b != 0 && b != 0x7F) {
                    throw malformed("integer too large", start);
                }
                return shift < 63 ? value << (57 - shift) >> (57 - shift) : value;
            }
        }
        throw malformed("integer representation too long", start);
    }

    void skip(int count) {
        if (count < 0 || count > end - position) {
            throw malformed("unexpected end of section or function", position);
        }
        position += count;
    }

    /// The size of something that lies wholly before the end.
    int size() {
        int start = position;
        int size = u32();
        if (size < 0 || size > end - position) {
            throw malformed("length out of bounds", start);
        }
        return size;
    }

    /// Skips a name, which must be UTF-8, and returns the offset of its length.
    int name() {
        int start = position;
        int size = size();
        int last = position + size;
        for (int i = position; i < last; i++) {
            if (bytes[i] < 0) {
                requireUtf8(i, last);
                break;
            }
        }
        position = last;
        return start;
    }

    private void requireUtf8(int from, int to) {
        try {
            decode(bytes, from, to - from);
        } catch (CharacterCodingException e) {
            throw malformed("malformed UTF-8 encoding", from);
        }
    }

    /// The name whose length is at `offset`; it has been checked by [#name()].
    static String nameAt(byte[] bytes, int offset) {
        int size = 0;
        int at = offset;
        for (int shift = 0; ; shift += 7) {
            int b = bytes[at++];
            size |= (b & 0x7F) << shift;
            if (b >= 0) {
                break;
            }
        }
        return new String(bytes, at, size, StandardCharsets.UTF_8);
    }

    private static CharBuffer decode(byte[] bytes, int from, int size) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes, from, size));
    }
}
