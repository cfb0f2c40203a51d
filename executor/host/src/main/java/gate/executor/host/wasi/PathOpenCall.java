// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.runtime.HostCall;
import java.util.ArrayList;
import java.util.List;

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
        OpenDirectory directory = wasi.table().directory(guest.i32(0), Rights.PATH_OPEN);
        boolean follow = guest.flags(1, PathCalls.SYMLINK_FOLLOW) != 0;
        String path = guest.path(2);
        int open = guest.flags(4, CREAT | DIRECTORY | EXCL | TRUNC);
        long rights = guest.i64(5) & Rights.ALL;
        long inheriting = guest.i64(6) & Rights.ALL;
        int flags = guest.flags(7, Descriptor.ALL_FLAGS);
        long result = guest.u32(8);
        guest.check(result, 4);
        if ((open & DIRECTORY) != 0 && (open & (CREAT | EXCL | TRUNC)) != 0) {
            throw new WasiError(Errno.INVAL);
        }
        requireRights(directory, open, flags, rights | inheriting);
        wasi.table().checkRoom();
        FileOpener.Request request = new FileOpener.Request(
                follow,
                (open & CREAT) != 0,
                (open & EXCL) != 0,
                (open & DIRECTORY) != 0,
                (open & TRUNC) != 0,
                access(rights),
                kernelFlags(flags));
        FileOpener.Opened opened = open(directory, path, request);
        if (opened.file() == FileOpener.NO_READER) {
            if ((flags & Descriptor.NONBLOCK) != 0) {
                throw new WasiError(Errno.NXIO);
            }
            opened = awaitReader(guest.call(), directory, path, request);
        }
        SavedDescriptor.Common common = new SavedDescriptor.Common(flags, rights, inheriting);
        guest.storeInt(result, wasi.table().add(descriptor(directory, opened, request.access(), common)));
    }

    /// What the directory must allow: everything that the new descriptor may do or hand on, and what opening
    /// itself does. What opening does to the file is allowed also where the directory can only hand it on: Go
    /// opens directories without the rights to write, and then files in them to be written from the start.
    private static void requireRights(OpenDirectory directory, int open, int flags, long wanted) {
        if ((wanted & ~directory.inheriting()) != 0) {
            throw new WasiError(Errno.NOTCAPABLE);
        }
        long needed = (open & CREAT) != 0 ? Rights.PATH_CREATE_FILE : 0;
        long handed = (open & TRUNC) != 0 ? Rights.PATH_FILESTAT_SET_SIZE : 0;
        if ((flags & (Descriptor.SYNC | Descriptor.RSYNC)) != 0) {
            handed |= Rights.FD_SYNC;
        } else if ((flags & Descriptor.DSYNC) != 0) {
            handed |= Rights.FD_DATASYNC;
        }
        if (!directory.may(needed) || (handed & ~(directory.rights() | directory.inheriting())) != 0) {
            throw new WasiError(Errno.NOTCAPABLE);
        }
    }

    private FileOpener.Opened open(OpenDirectory directory, String path, FileOpener.Request request) {
        return directory.readOnly()
                ? openReadOnly(directory, path, request)
                : wasi.opener().open(directory.file(wasi.files()), path, request);
    }

    /// A pipe is opened for writing when somebody reads from it; until then its opener waits, and can be
    /// stopped.
    private FileOpener.Opened awaitReader(
            HostCall call, OpenDirectory directory, String path, FileOpener.Request request) {
        List<FileOpener.Opened> found = new ArrayList<>();
        DeviceCalls.await(call, wasi, () -> {
            FileOpener.Opened opened = open(directory, path, request);
            boolean isOpen = opened.file() != FileOpener.NO_READER;
            if (isOpen) {
                found.add(opened);
            }
            return isOpen;
        });
        return found.getFirst();
    }

    private Descriptor descriptor(
            OpenDirectory directory, FileOpener.Opened opened, int access, SavedDescriptor.Common asked) {
        Preopen preopen = directory.preopen();
        String path = directory.path(opened.path());
        if (opened.isDevice()) {
            return wasi.device(opened, preopen, path, access, asked);
        }
        long inheriting = asked.inheriting();
        return opened.isDirectory()
                ? OpenDirectory.below(
                        preopen, opened.file(), path, asked.rights() & Rights.DIRECTORY, inheriting, asked.flags())
                : new OpenFile(
                        opened.file(), preopen, path, access, asked.rights() & Rights.FILE, inheriting, asked.flags());
    }

    /// As on a file system mounted read-only: what exists may be opened for reading, everything else is
    /// `EROFS`.
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
