// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// Functions of the source language: DWARF 5, 3.3 "Subroutine and Entry Point Entries". Names are places of strings,
/// read when somebody asks.
final class Subprograms {
    static final int SUBPROGRAMS_MAX = 4_194_304;

    private static final int NONE = -1;

    /// From a function with code to its declaration and to what that completes.
    private static final int LINKS_MAX = 4;

    private final byte[] bytes;
    /// Offsets in `.debug_info`, ascending.
    private int[] entries = new int[16];
    private int[] names = new int[16];
    private int[] linkageNames = new int[16];
    private int[] origins = new int[16];
    private int[] offsets = new int[16];
    private int count;

    Subprograms(byte[] bytes) {
        this.bytes = bytes;
    }

    /// @param entry offset in `.debug_info`
    /// @param name offset of a string in the module, or -1; as is the linkage name
    /// @param origin the entry that has more of its attributes, or -1
    /// @param offset its code in the module, or -1
    void add(DwarfReader in, int entry, int name, int linkageName, int origin, int offset)
            throws MalformedDwarfException {
        if (count == SUBPROGRAMS_MAX) {
            throw in.malformed("more than " + SUBPROGRAMS_MAX + " functions");
        }
        if (count == entries.length) {
            entries = Arrays.copyOf(entries, 2 * count);
            names = Arrays.copyOf(names, 2 * count);
            linkageNames = Arrays.copyOf(linkageNames, 2 * count);
            origins = Arrays.copyOf(origins, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        entries[count] = entry;
        names[count] = name;
        linkageNames[count] = linkageName;
        origins[count] = origin;
        offsets[count++] = offset;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// Where the code of a function begins, by its name in the source or in object files.
    OptionalInt offsetOf(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < count; i++) {
            if (offsets[i] >= 0 && isCalled(i, wanted)) {
                return OptionalInt.of(offsets[i]);
            }
        }
        return OptionalInt.empty();
    }

    private boolean isCalled(int subprogram, byte[] wanted) {
        int at = subprogram;
        for (int links = 0; at >= 0 && links < LINKS_MAX; links++) {
            if (is(names[at], wanted) || is(linkageNames[at], wanted)) {
                return true;
            }
            at = originOf(at);
        }
        return false;
    }

    private boolean is(int string, byte[] wanted) {
        return string >= 0 && DwarfReader.isString(bytes, string, wanted);
    }

    private int originOf(int subprogram) {
        return origins[subprogram] < 0 ? NONE : Arrays.binarySearch(entries, 0, count, origins[subprogram]);
    }

    /// The name in the source of the function whose code begins in a range.
    Optional<String> nameWithin(int from, int to) {
        for (int i = 0; i < count; i++) {
            if (offsets[i] >= from && offsets[i] < to) {
                int at = i;
                for (int links = 0; at >= 0 && links < LINKS_MAX; links++) {
                    if (names[at] >= 0) {
                        return Optional.of(DwarfReader.text(bytes, names[at]));
                    }
                    at = originOf(at);
                }
            }
        }
        return Optional.empty();
    }
}
