// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An open directory: a preopen, or one opened through another. Paths given with it can't leave it.
final class OpenDirectory extends Descriptor {
    private static final int NONE = -1;

    private final Preopen preopen;
    private final String path;
    private final boolean isPreopen;
    private final int file;
    private @Nullable List<DirectoryEntry> listing;

    private OpenDirectory(
            int file, Preopen preopen, String path, boolean isPreopen, long rights, long inheriting, int flags) {
        super(rights, inheriting, flags);
        this.file = file;
        this.preopen = preopen;
        this.path = path;
        this.isPreopen = isPreopen;
    }

    /// A preopen: the directory behind it is [HostFiles#root(Preopen)], opened when it is first used, so that a
    /// program that opens no file makes no system call.
    static OpenDirectory ofPreopen(Preopen preopen, long rights, long inheriting, int flags) {
        return new OpenDirectory(NONE, preopen, "", true, rights, inheriting, flags);
    }

    /// A directory below a preopen.
    ///
    /// @param file the process's descriptor, owned by the result
    /// @param path from the preopen, free of links at the time of opening
    static OpenDirectory below(Preopen preopen, int file, String path, long rights, long inheriting, int flags) {
        return new OpenDirectory(file, preopen, path, false, rights, inheriting, flags);
    }

    int file(HostFiles files) {
        return isPreopen ? files.root(preopen) : file;
    }

    Preopen preopen() {
        return preopen;
    }

    boolean readOnly() {
        return preopen.readOnly();
    }

    String path() {
        return path;
    }

    /// A path below this directory, as seen from the preopen.
    String path(String below) {
        return path.isEmpty() ? below : below.isEmpty() ? path : path + "/" + below;
    }

    boolean isPreopen() {
        return isPreopen;
    }

    /// What `fd_readdir` reads from, taken when it began; null before.
    @Nullable
    List<DirectoryEntry> listing() {
        return listing;
    }

    void listing(@Nullable List<DirectoryEntry> taken) {
        listing = taken;
    }

    @Override
    FileType type() {
        return FileType.DIRECTORY;
    }

    @Override
    FileStat stat(HostFiles files) {
        return files.stat(file(files));
    }

    @Override
    void close(HostFiles files) {
        if (!isPreopen) {
            files.close(file);
        }
    }
}
