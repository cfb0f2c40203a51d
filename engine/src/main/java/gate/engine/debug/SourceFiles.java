// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import java.util.Arrays;

/// The files that line programs name, as places of their strings: they are read when somebody asks for one.
final class SourceFiles {
    /// Files of all units together.
    static final int SOURCE_FILES_MAX = 100_000;

    private static final int NONE = -1;

    private final byte[] bytes;
    private int[] folders = new int[16];
    private int[] names = new int[16];
    private int count;

    SourceFiles(byte[] bytes) {
        this.bytes = bytes;
    }

    int count() {
        return count;
    }

    /// @param folder offset of a string in the module, or -1
    /// @param name the same
    void add(DwarfReader in, int folder, int name) throws MalformedDwarfException {
        if (count == SOURCE_FILES_MAX) {
            throw in.malformed("more than " + SOURCE_FILES_MAX + " source files");
        }
        if (count == names.length) {
            folders = Arrays.copyOf(folders, 2 * count);
            names = Arrays.copyOf(names, 2 * count);
        }
        folders[count] = folder;
        names[count++] = name;
    }

    String path(int file) {
        if (file < 0 || file >= count || names[file] == NONE) {
            return "?";
        }
        String name = DwarfReader.text(bytes, names[file]);
        boolean absolute = name.startsWith("/");
        String folder = absolute || folders[file] == NONE ? "" : DwarfReader.text(bytes, folders[file]);
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    /// Whether a file's path ends with the given names of folders and file.
    boolean matches(int file, String suffix) {
        String path = path(file);
        return path.equals(suffix) || path.endsWith("/" + suffix);
    }
}
