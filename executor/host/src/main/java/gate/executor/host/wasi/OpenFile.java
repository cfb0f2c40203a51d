// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// An open regular file. Its position is here and not in the kernel, so that it is there to be saved.
final class OpenFile extends Descriptor {
    private final int file;
    private final Preopen preopen;
    private final String path;
    private final int access;
    private long position;

    /// @param file the process's descriptor, owned by this
    /// @param path from the preopen, free of links at the time of opening
    /// @param access [HostFiles#O_RDONLY], [HostFiles#O_WRONLY] or [HostFiles#O_RDWR]
    OpenFile(int file, Preopen preopen, String path, int access, long rights, long inheriting, int flags) {
        super(rights, inheriting, flags);
        this.file = file;
        this.preopen = preopen;
        this.path = path;
        this.access = access;
    }

    int file() {
        return file;
    }

    Preopen preopen() {
        return preopen;
    }

    String path() {
        return path;
    }

    int access() {
        return access;
    }

    boolean writable() {
        return access != HostFiles.O_RDONLY;
    }

    long position() {
        return position;
    }

    void position(long now) {
        position = now;
    }

    @Override
    FileType type() {
        return FileType.REGULAR_FILE;
    }

    @Override
    FileStat stat(HostFiles files) {
        return files.stat(file);
    }

    @Override
    void close(HostFiles files) {
        files.close(file);
    }
}
