// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes being put together in memory, in the binary format's encodings: core specification 5.2.
final class ByteSink {
    private byte[] bytes = new byte[256];
    private int size;

    int size() {
        return size;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int count) {
        int needed = Math.addExact(size, count);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, bytes.length * 2L)));
        }
    }

    void u8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void unsigned(long value) {
        long rest = value;
        do {
            int low = (int) rest & 0x7F;
            rest >>>= 7;
            u8(rest == 0 ? low : low | 0x80);
        } while (rest != 0);
    }

    void signed(long value) {
        long rest = value;
        while (true) {
            int low = (int) rest & 0x7F;
            rest >>= 7;
            boolean last = rest == 0 && (low & 0x40) == 0 || rest == -1 && (low & 0x40) != 0;
            u8(last ? low : low | 0x80);
            if (last) {
                return;
            }
        }
    }

    void fixed32(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            u8(value >>> shift);
        }
    }

    void fixed64(long value) {
        for (int shift = 0; shift < 64; shift += 8) {
            u8((int) (value >>> shift));
        }
    }

    void bytes(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, size, to - from);
        size += to - from;
    }

    void name(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        unsigned(utf8.length);
        bytes(utf8, 0, utf8.length);
    }
}
