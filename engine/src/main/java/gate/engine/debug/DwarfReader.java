// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import gate.engine.wasm.Module;
import gate.engine.wasm.Section;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A cursor over one of a module's debug sections. All is little-endian.
final class DwarfReader {
    /// Bytes of a string that are looked at.
    static final int STRING_BYTES_MAX = 4_096;

    final byte[] bytes;
    final String section;
    /// Offset of the section's content in the module.
    final int start;
    /// Next byte to read, as an offset in the module.
    int position;
    /// Where reading must stop.
    int end;

    /// Bytes of an offset into a section: 4, or 8 in the 64-bit format.
    int offsetBytes = 4;

    private DwarfReader(byte[] bytes, String section, int start, int position, int end) {
        this.bytes = bytes;
        this.section = section;
        this.start = start;
        this.position = position;
        this.end = end;
    }

    /// A section that a module may lack: it is empty then.
    static DwarfReader of(Module module, String section) {
        byte[] bytes = module.bytes();
        return module.customSection(section)
                .map(found -> of(bytes, section, found))
                .orElseGet(() -> new DwarfReader(bytes, section, bytes.length, bytes.length, bytes.length));
    }

    private static DwarfReader of(byte[] bytes, String name, Section section) {
        return new DwarfReader(bytes, name, section.contentStart(), section.contentStart(), section.end());
    }

    /// Another cursor of the same section.
    DwarfReader at(long offset) throws MalformedDwarfException {
        DwarfReader other = new DwarfReader(bytes, section, start, start, end);
        other.offsetBytes = offsetBytes;
        other.skip(offset);
        return other;
    }

    boolean isEmpty() {
        return start == end;
    }

    boolean atEnd() {
        return position >= end;
    }

    int remaining() {
        return end - position;
    }

    MalformedDwarfException malformed(String reason) {
        return new MalformedDwarfException(section + " at 0x" + Integer.toHexString(position - start) + ": " + reason);
    }

    void skip(long count) throws MalformedDwarfException {
        if (count < 0 || count > remaining()) {
            throw malformed("it ends in the middle of something");
        }
        position += (int) count;
    }

    int u8() throws MalformedDwarfException {
        skip(1);
        return bytes[position - 1] & 0xFF;
    }

    int u16() throws MalformedDwarfException {
        return u8() | u8() << 8;
    }

    long u32() throws MalformedDwarfException {
        return u16() | (long) u16() << 16;
    }

    long u64() throws MalformedDwarfException {
        return u32() | u32() << 32;
    }

    /// A number of 1, 2, 3, 4 or 8 bytes.
    long fixed(int size) throws MalformedDwarfException {
        return switch (size) {
            case 1 -> u8();
            case 2 -> u16();
            case 3 -> u16() | (long) u8() << 16;
            case 4 -> u32();
            case 8 -> u64();
            default -> throw malformed("numbers of " + size + " bytes");
        };
    }

    /// An unsigned LEB128 number; bits beyond 64 are lost.
    long unsigned() throws MalformedDwarfException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            value |= shift < Long.SIZE ? (long) (b & 0x7F) << shift : 0;
            if (b < 0x80) {
                return value;
            }
        }
    }

    /// A signed LEB128 number; bits beyond 64 are lost.
    long signed() throws MalformedDwarfException {
        long value = 0;
        for (int shift = 0; ; ) {
            int b = u8();
            value |= shift < Long.SIZE ? (long) (b & 0x7F) << shift : 0;
            shift += 7;
            if (b < 0x80) {
                return shift < Long.SIZE && (b & 0x40) != 0 ? value | -1L << shift : value;
            }
        }
    }

    /// The length that a unit begins with, which tells the format too.
    long unitLength() throws MalformedDwarfException {
        long length = u32();
        offsetBytes = 4;
        if (length == 0xFFFF_FFFFL) {
            offsetBytes = 8;
            length = u64();
        } else if (length >= 0xFFFF_FFF0L) {
            throw malformed("a reserved unit length");
        }
        if (length < 0 || length > remaining()) {
            throw malformed("a unit that is longer than its section");
        }
        return length;
    }

    long sectionOffset() throws MalformedDwarfException {
        return fixed(offsetBytes);
    }

    /// Skips a string and returns where it is.
    int string() throws MalformedDwarfException {
        int at = position;
        while (u8() != 0) {}
        return at;
    }

    /// Where a string of this section is.
    int stringAt(long offset) throws MalformedDwarfException {
        if (offset < 0 || offset >= end - start) {
            throw malformed("a string at 0x" + Long.toHexString(offset) + ", outside of the section");
        }
        return start + (int) offset;
    }

    /// Bytes of the string at an offset in the module, at most [#STRING_BYTES_MAX].
    static int stringLength(byte[] bytes, int at) {
        int limit = Math.min(bytes.length, at + STRING_BYTES_MAX);
        int end = at;
        while (end < limit && bytes[end] != 0) {
            end++;
        }
        return end - at;
    }

    static String text(byte[] bytes, int at) {
        return new String(bytes, at, stringLength(bytes, at), StandardCharsets.UTF_8);
    }

    /// Whether the string at an offset in the module is this one.
    static boolean isString(byte[] bytes, int at, byte[] wanted) {
        int end = at + wanted.length;
        return end <= bytes.length
                && Arrays.equals(bytes, at, end, wanted, 0, wanted.length)
                && (end == bytes.length || bytes[end] == 0);
    }
}
