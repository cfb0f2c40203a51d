// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import java.util.Arrays;

/// The folders and files that one line program knows: DWARF 5, 6.2.4, entries 10 to 20 of version 5, and the lists of
/// earlier versions.
final class FileEntries {
    private static final int CONTENT_PATH = 1;
    private static final int CONTENT_DIRECTORY = 2;
    private static final int NONE = -1;

    private final DwarfReader in;
    private final DwarfReader strings;
    private final DwarfReader lineStrings;
    private final SourceFiles files;
    private int version;
    private int[] folders = {};
    private int first;

    FileEntries(DwarfReader in, DwarfReader strings, DwarfReader lineStrings, SourceFiles files) {
        this.in = in;
        this.strings = strings;
        this.lineStrings = lineStrings;
        this.files = files;
    }

    void read(int versionOfUnit) throws MalformedDwarfException {
        version = versionOfUnit;
        first = files.count();
        if (version == 5) {
            int[] found = entries(true);
            folders = found;
            entries(false);
            return;
        }
        folders = new int[8];
        int count = 1; // 0 is the folder of the compiler's run
        folders[0] = NONE;
        for (int at = in.string(); in.bytes[at] != 0; at = in.string()) {
            if (count == folders.length) {
                folders = Arrays.copyOf(folders, 2 * count);
            }
            folders[count++] = at;
        }
        folders = Arrays.copyOf(folders, count);
        for (int at = in.string(); in.bytes[at] != 0; at = in.string()) {
            define(at);
        }
    }

    /// An entry in the middle of a program.
    void define() throws MalformedDwarfException {
        define(in.string());
    }

    private void define(int name) throws MalformedDwarfException {
        long folder = in.unsigned();
        in.unsigned(); // when it was modified
        in.unsigned(); // its length
        files.add(in, folder(folder), name);
    }

    private int folder(long number) {
        return number < 0 || number >= folders.length ? NONE : folders[(int) number];
    }

    /// A list of version 5. Folders are returned, files are added.
    private int[] entries(boolean areFolders) throws MalformedDwarfException {
        int parts = in.u8();
        long[] contents = new long[parts];
        int[] forms = new int[parts];
        for (int i = 0; i < parts; i++) {
            contents[i] = in.unsigned();
            forms[i] = (int) Math.min(in.unsigned(), Integer.MAX_VALUE);
        }
        long count = in.unsigned();
        boolean takeBytes = Arrays.stream(forms).anyMatch(form -> !Forms.isEmpty(form));
        if (count < 0 || count > in.remaining() || count > 0 && !takeBytes) {
            throw in.malformed("more files or folders than there is room for");
        }
        int[] found = areFolders ? new int[(int) count] : new int[0];
        for (int k = 0; k < count; k++) {
            int path = NONE;
            long folder = 0;
            for (int i = 0; i < parts; i++) {
                long value = Forms.read(in, forms[i], Integer.BYTES, version);
                if (contents[i] == CONTENT_PATH) {
                    path = path(forms[i], value);
                } else if (contents[i] == CONTENT_DIRECTORY) {
                    folder = value;
                }
            }
            if (areFolders) {
                found[k] = path;
            } else {
                files.add(in, folder(folder), path);
            }
        }
        return found;
    }

    private int path(int form, long value) throws MalformedDwarfException {
        return switch (form) {
            case Forms.STRING -> (int) value;
            case Forms.STRP -> strings.stringAt(value);
            case Forms.LINE_STRP -> lineStrings.stringAt(value);
            default -> NONE;
        };
    }

    /// A file as a line program counts, among all that there are; -1 for none.
    int file(long number) {
        long index = version == 5 ? number : number - 1;
        return index < 0 || index >= files.count() - first ? NONE : first + (int) index;
    }
}
