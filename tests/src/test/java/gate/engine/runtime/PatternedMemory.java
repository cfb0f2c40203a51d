// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;

/// A memory whose every byte is known: a pattern in its first and last pages, zero in between. It is looked at past the
/// code under test, through its segment.
final class PatternedMemory {
    /// Larger memories have the pattern in their three first and three last pages only.
    private static final long EDGE_BYTES = 3L * Memory.PAGE_BYTES;

    /// Bytes that are written anew one by one.
    private static final int MANY = 64;

    private final Memory memory;
    private final MemorySegment pattern;

    PatternedMemory(Memory memory) {
        this.memory = memory;
        byte[] bytes = new byte[(int) EDGE_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8) * 17 + 5);
        }
        this.pattern = MemorySegment.ofArray(bytes);
        restore();
    }

    long size() {
        return memory.limit;
    }

    private MemorySegment bytes() {
        return memory.segment.asSlice(memory.base, memory.limit);
    }

    /// Writes the pattern.
    void restore() {
        long edge = Math.min(EDGE_BYTES, size());
        MemorySegment.copy(pattern, 0, bytes(), 0, edge);
        MemorySegment.copy(pattern, 0, bytes(), size() - edge, edge);
    }

    /// Writes the pattern from one address to another.
    private void restore(long from, long to) {
        if (to - from > MANY) {
            restore();
            return;
        }
        for (long at = Math.max(0, from); at < Math.min(size(), to); at++) {
            bytes().set(Memory.BYTE, at, expected(at));
        }
    }

    /// What the pattern has at an address, inside of the memory or not.
    byte expected(long address) {
        long fromEnd = address - Math.max(0, size() - EDGE_BYTES);
        long place = fromEnd >= 0 ? fromEnd : address;
        if (place >= EDGE_BYTES) {
            return 0;
        }
        return pattern.get(Memory.BYTE, place);
    }

    /// Eight bytes of the pattern, little-endian.
    long expectedLong(long address) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | expected(address + i) & 0xFF;
        }
        return value;
    }

    /// Asserts that `width` bytes are those of `value` and that those around them are the pattern's; then all are.
    void assertStored(String what, long address, int width, long value) {
        for (long at = Math.max(0, address - 16); at < Math.min(size(), address + width + 16); at++) {
            long within = at - address;
            boolean written = within >= 0 && within < width;
            byte expected = written ? (byte) (value >>> 8 * within) : expected(at);
            if (bytes().get(Memory.BYTE, at) != expected) {
                assertThat(bytes().get(Memory.BYTE, at))
                        .as("%s: byte at %d", what, at)
                        .isEqualTo(expected);
            }
        }
        restore(address, address + width);
    }

    /// Asserts that `written` stands at an address and the pattern everywhere else; then it does everywhere.
    void assertWritten(String what, long address, byte[] written) {
        MemorySegment found = bytes().asSlice(address, written.length);
        long difference = found.mismatch(MemorySegment.ofArray(written));
        if (difference >= 0) {
            throw new AssertionError(what + ": wrong byte at " + (address + difference));
        }
        restore(address, address + written.length);
        assertUnchanged(what);
    }

    /// Asserts that nothing has been written.
    void assertUnchanged(String what) {
        long edge = Math.min(EDGE_BYTES, size());
        assertEqual(what, size() - edge, edge);
        assertEqual(what, 0, Math.min(edge, size() - edge)); // the last pages' pattern wins
    }

    private void assertEqual(String what, long at, long length) {
        long difference = MemorySegment.mismatch(bytes(), at, at + length, pattern, 0, length);
        if (difference >= 0) {
            throw new AssertionError(what + ": changed the byte at " + (at + difference));
        }
    }
}
