// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.lang.foreign.MemorySegment;

/// The `path_*` functions but `path_open`.
final class PathCalls {
    static final int SYMLINK_FOLLOW = 1;

    private final Wasi wasi;

    PathCalls(Wasi wasi) {
        this.wasi = wasi;
    }

    void createDirectory(Guest guest) {
        OpenDirectory directory = wasi.table().directory(guest.i32(0), Rights.PATH_CREATE_DIRECTORY);
        String path = guest.path(1);
        requireWritable(directory);
        try (PathResolver.Place place = resolveName(directory, path)) {
            wasi.files().makeDirectory(place.directory(), place.nameWithSlash());
        }
    }

    void removeDirectory(Guest guest) {
        remove(guest, Rights.PATH_REMOVE_DIRECTORY, HostFiles.AT_REMOVEDIR);
    }

    void unlink(Guest guest) {
        remove(guest, Rights.PATH_UNLINK_FILE, 0);
    }

    private void remove(Guest guest, long right, int flags) {
        OpenDirectory directory = wasi.table().directory(guest.i32(0), right);
        String path = guest.path(1);
        requireWritable(directory);
        try (PathResolver.Place place = resolveName(directory, path)) {
            wasi.files().unlink(place.directory(), place.nameWithSlash(), flags);
        }
    }

    void rename(Guest guest) {
        OpenDirectory from = wasi.table().directory(guest.i32(0), Rights.PATH_RENAME_SOURCE);
        String path = guest.path(1);
        OpenDirectory to = wasi.table().directory(guest.i32(3), Rights.PATH_RENAME_TARGET);
        String toPath = guest.path(4);
        requireWritable(from);
        requireWritable(to);
        try (PathResolver.Place place = resolveName(from, path);
                PathResolver.Place toPlace = resolveName(to, toPath)) {
            wasi.files().rename(place.directory(), place.nameWithSlash(), toPlace.directory(), toPlace.nameWithSlash());
        }
    }

    /// A file of a read-only directory can't be linked elsewhere: it could be written there.
    void link(Guest guest) {
        OpenDirectory from = wasi.table().directory(guest.i32(0), Rights.PATH_LINK_SOURCE);
        boolean follow = guest.flags(1, SYMLINK_FOLLOW) != 0;
        String path = guest.path(2);
        OpenDirectory to = wasi.table().directory(guest.i32(4), Rights.PATH_LINK_TARGET);
        String toPath = guest.path(5);
        requireWritable(from);
        requireWritable(to);
        try (PathResolver.Place place = resolve(from, path, follow);
                PathResolver.Place toPlace = resolveName(to, toPath)) {
            if (place.slash() && stat(place).type() != FileType.DIRECTORY) {
                throw new WasiError(Errno.NOTDIR);
            }
            wasi.files().link(place.directory(), place.name(), toPlace.directory(), toPlace.nameWithSlash());
        }
    }

    /// The target is the guest's text. An absolute one is refused: no path through it would resolve for the
    /// guest, and the host's own programs might follow it.
    void symbolicLink(Guest guest) {
        String target = guest.path(0);
        OpenDirectory directory = wasi.table().directory(guest.i32(2), Rights.PATH_SYMLINK);
        String path = guest.path(3);
        requireWritable(directory);
        if (target.startsWith("/")) {
            throw new WasiError(Errno.NOTCAPABLE);
        }
        try (PathResolver.Place place = resolveName(directory, path)) {
            wasi.files().symbolicLink(target, place.directory(), place.nameWithSlash());
        }
    }

    void readLink(Guest guest) {
        OpenDirectory directory = wasi.table().directory(guest.i32(0), Rights.PATH_READLINK);
        String path = guest.path(1);
        MemorySegment target = guest.slice(guest.u32(3), guest.u32(4));
        long result = guest.u32(5);
        guest.check(result, 4);
        try (PathResolver.Place place = resolve(directory, path, false)) {
            if (target.byteSize() == 0) {
                // Linux refuses an empty buffer; here it is a link of which nothing fits.
                if (stat(place).type() != FileType.SYMBOLIC_LINK) {
                    throw new WasiError(Errno.INVAL);
                }
                guest.storeInt(result, 0);
                return;
            }
            guest.storeInt(result, (int) Kernel.check(wasi.files().readLink(place.directory(), place.name(), target)));
        }
    }

    void statGet(Guest guest) {
        OpenDirectory directory = wasi.table().directory(guest.i32(0), Rights.PATH_FILESTAT_GET);
        boolean follow = guest.flags(1, SYMLINK_FOLLOW) != 0;
        String path = guest.path(2);
        long result = guest.u32(4);
        guest.check(result, 64);
        try (PathResolver.Place place = resolve(directory, path, follow)) {
            guest.storeStat(result, stat(place));
        }
    }

    void statSetTimes(Guest guest) {
        OpenDirectory directory = wasi.table().directory(guest.i32(0), Rights.PATH_FILESTAT_SET_TIMES);
        boolean follow = guest.flags(1, SYMLINK_FOLLOW) != 0;
        String path = guest.path(2);
        FileTimes times = FileTimes.of(guest.i64(4), guest.i64(5), guest.i32(6));
        requireWritable(directory);
        try (PathResolver.Place place = resolve(directory, path, follow)) {
            if (place.slash() && stat(place).type() != FileType.DIRECTORY) {
                throw new WasiError(Errno.NOTDIR);
            }
            wasi.files().setTimes(place.directory(), place.name(), times);
        }
    }

    private FileStat stat(PathResolver.Place place) {
        FileStat stat = wasi.files().stat(place.directory(), place.name());
        if (place.slash() && stat.type() != FileType.DIRECTORY) {
            throw new WasiError(Errno.NOTDIR);
        }
        return stat;
    }

    private PathResolver.Place resolve(OpenDirectory directory, String path, boolean follow) {
        return wasi.resolver().resolve(directory.file(wasi.files()), path, follow);
    }

    /// For functions that make or remove the last name itself, and so follow no link there even before a slash.
    private PathResolver.Place resolveName(OpenDirectory directory, String path) {
        return wasi.resolver().resolveName(directory.file(wasi.files()), path);
    }

    private static void requireWritable(OpenDirectory directory) {
        if (directory.readOnly()) {
            throw new WasiError(Errno.ROFS);
        }
    }
}
