// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// `path_open`.
final class PathOpenCall {
    private static final int CREAT = 1;
    private static final int DIRECTORY = 2;
    private static final int EXCL = 4;
    private static final int TRUNC = 8;

    private final Wasi wasi;

    PathOpenCall(Wasi wasi) {
        this.wasi = wasi;
    }

    void open(Guest guest) {
        OpenDirectory directory = wasi.table().directory(guest.i32(0));
        boolean follow = guest.flags(1, PathCalls.SYMLINK_FOLLOW) != 0;
        String path = guest.path(2);
        int open = guest.flags(4, CREAT | DIRECTORY | EXCL | TRUNC);
        long rights = guest.i64(5);
        long inheriting = guest.i64(6) & Rights.INHERITING;
        int flags = guest.flags(7, Descriptor.ALL_FLAGS);
        long result = guest.u32(8);
        guest.check(result, 4);
        if ((open & DIRECTORY) != 0 && (open & (CREAT | EXCL | TRUNC)) != 0) {
            throw new WasiError(Errno.INVAL);
        }
        wasi.table().checkRoom();
        FileOpener.Request request = new FileOpener.Request(
                follow,
                (open & CREAT) != 0,
                (open & EXCL) != 0,
                (open & DIRECTORY) != 0,
                (open & TRUNC) != 0,
                access(rights),
                kernelFlags(flags));
        FileOpener.Opened opened = directory.readOnly()
                ? openReadOnly(directory, path, request)
                : wasi.opener().open(directory.file(wasi.files()), path, request);
        String whole = directory.path(opened.path());
        Descriptor descriptor = opened.isDirectory()
                ? OpenDirectory.below(
                        directory.preopen(), opened.file(), whole, rights & Rights.DIRECTORY, inheriting, flags)
                : new OpenFile(
                        opened.file(),
                        directory.preopen(),
                        whole,
                        request.access(),
                        rights & Rights.FILE,
                        inheriting,
                        flags);
        guest.storeInt(result, wasi.table().add(descriptor));
    }

    /// As on a file system mounted read-only: what exists may be opened for reading, everything else is `EROFS`.
    private FileOpener.Opened openReadOnly(OpenDirectory directory, String path, FileOpener.Request asked) {
        if (asked.changes()) {
            throw new WasiError(Errno.ROFS);
        }
        FileOpener.Request request = new FileOpener.Request(
                asked.follow(), false, false, asked.directory(), false, asked.access(), asked.flags());
        FileOpener.Opened opened;
        try {
            opened = wasi.opener().open(directory.file(wasi.files()), path, request);
        } catch (WasiError e) {
            throw asked.create() && e.errno() == Errno.NOENT ? new WasiError(Errno.ROFS) : e;
        }
        if (asked.create() && (asked.exclusive() || opened.isDirectory())) {
            wasi.files().close(opened.file());
            throw new WasiError(asked.exclusive() ? Errno.EXIST : Errno.ISDIR);
        }
        return opened;
    }

    static int access(long rights) {
        if ((rights & Rights.FD_WRITE) == 0) {
            return HostFiles.O_RDONLY;
        }
        return (rights & Rights.FD_READ) == 0 ? HostFiles.O_WRONLY : HostFiles.O_RDWR;
    }

    static int kernelFlags(int flags) {
        int kernel = (flags & Descriptor.APPEND) != 0 ? HostFiles.O_APPEND : 0;
        if ((flags & (Descriptor.SYNC | Descriptor.RSYNC)) != 0) {
            return kernel | HostFiles.O_SYNC;
        }
        return (flags & Descriptor.DSYNC) != 0 ? kernel | HostFiles.O_DSYNC : kernel;
    }
}
