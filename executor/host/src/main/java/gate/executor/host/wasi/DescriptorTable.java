// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.util.SortedMap;
import java.util.TreeMap;

/// The guest's descriptors by number. A new one gets the lowest free number, as in POSIX.
final class DescriptorTable {
    private final SortedMap<Integer, Descriptor> descriptors = new TreeMap<>();

    /// No number below this one is free.
    private int lowestFree;

    Descriptor get(int number) {
        Descriptor found = descriptors.get(number);
        if (found == null) {
            throw new WasiError(Errno.BADF);
        }
        return found;
    }

    /// A directory for a function that works on nothing else.
    ///
    /// @param right what that function needs
    OpenDirectory directory(int number, long right) {
        if (get(number) instanceof OpenDirectory directory) {
            directory.require(right);
            return directory;
        }
        throw new WasiError(Errno.NOTDIR);
    }

    /// A file for a function that works on nothing else.
    ///
    /// @param anyRight of these the function needs one
    /// @param ofStream the error for a standard stream or a device
    OpenFile file(int number, long anyRight, Errno ofStream) {
        return switch (get(number)) {
            case OpenFile file -> {
                file.require(anyRight);
                yield file;
            }
            case OpenDirectory _ -> throw new WasiError(Errno.BADF);
            case StandardStream _, OpenDevice _ -> throw new WasiError(ofStream);
        };
    }

    /// Throws where one more would be too many; to be asked before anything is opened.
    void checkRoom() {
        if (descriptors.size() >= WasiLimits.OPEN_FILES_MAX) {
            throw new WasiError(Errno.MFILE);
        }
    }

    int add(Descriptor descriptor) {
        int number = lowestFree;
        while (descriptors.containsKey(number)) {
            number++;
        }
        descriptors.put(number, descriptor);
        lowestFree = number + 1;
        return number;
    }

    void put(int number, Descriptor descriptor) {
        descriptors.put(number, descriptor);
    }

    Descriptor remove(int number) {
        Descriptor removed = get(number);
        descriptors.remove(number);
        lowestFree = Math.min(lowestFree, number);
        return removed;
    }

    /// Moves a descriptor to another number.
    ///
    /// @return what had that number before; the caller closes it
    Descriptor renumber(int from, int to) {
        Descriptor replaced = get(to);
        descriptors.put(to, remove(from));
        return replaced;
    }

    SortedMap<Integer, Descriptor> all() {
        return descriptors;
    }
}
