// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// An open character device or named pipe in a preopened directory.
///
/// The kernel never waits for it ([HostFiles#O_NONBLOCK], on an open file that is nobody else's): [DeviceCalls]
/// waits, so that the guest can be stopped meanwhile.
final class OpenDevice extends Descriptor {
    private final int file;
    private final Preopen preopen;
    private final String path;
    private final int access;
    private final FileType type;
    private final boolean seekable;

    /// @param file the process's descriptor, owned by this
    /// @param path from the preopen, free of links at the time of opening
    /// @param type a pipe is [FileType#UNKNOWN]
    /// @param seekable whether it has a position, as `/dev/zero` has and a terminal hasn't
    OpenDevice(
            FileOpener.Opened opened,
            Preopen preopen,
            String path,
            int access,
            boolean seekable,
            SavedDescriptor.Common common) {
        super(common.rights(), common.inheriting(), common.flags());
        this.file = opened.file();
        this.type = opened.type();
        this.preopen = preopen;
        this.path = path;
        this.access = access;
        this.seekable = seekable;
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

    boolean seekable() {
        return seekable;
    }

    @Override
    FileType type() {
        return type;
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
