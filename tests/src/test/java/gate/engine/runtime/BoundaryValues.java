// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.SortedSet;
import java.util.TreeSet;

/// Addresses, offsets, indices and lengths at which checks go wrong, if they do.
final class BoundaryValues {
    private static final long SIGN = 1L << 31;
    private static final long WRAP = 1L << 32;

    private BoundaryValues() {}

    /// Offsets of an access of `width` bytes in a memory of `end` bytes.
    static SortedSet<Long> offsets(long end, int width) {
        return unsigned(0, 1, end - width, end - width + 1, end - 1, end, end + 1, SIGN - 1, SIGN, WRAP - 1);
    }

    /// Addresses for such an access with an offset: those that make the effective address, of 33 bits, a boundary, and
    /// boundaries themselves.
    static SortedSet<Long> addresses(long end, int width, long offset) {
        SortedSet<Long> found =
                unsigned(0, 1, end - width, end - width + 1, end - 1, end, end + 1, SIGN - 1, SIGN, WRAP - 1);
        long[] effective = {
            0,
            1,
            end - width - 1,
            end - width,
            end - width + 1,
            end - 1,
            end,
            end + 1,
            SIGN - 1,
            SIGN,
            WRAP - width,
            WRAP - width + 1,
            WRAP - 1,
            WRAP,
            WRAP + 1,
            WRAP + end - width
        };
        for (long address : effective) {
            found.addAll(unsigned(address - offset));
        }
        return found;
    }

    /// Places in something of `end` bytes or elements.
    static SortedSet<Long> places(long end) {
        return unsigned(0, 1, end - 1, end, end + 1, SIGN - 1, SIGN, WRAP - 1);
    }

    /// Lengths of pieces of it.
    static SortedSet<Long> lengths(long end) {
        return unsigned(0, 1, 2, end - 1, end, end + 1, SIGN, WRAP - 1);
    }

    /// Those that are 32-bit numbers.
    private static SortedSet<Long> unsigned(long... values) {
        SortedSet<Long> found = new TreeSet<>();
        for (long value : values) {
            if (value >= 0 && value < WRAP) {
                found.add(value);
            }
        }
        return found;
    }
}
