// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import org.jspecify.annotations.Nullable;

/// Opens what a path leads to: a regular file, a directory, a character device or a named pipe. Opening never
/// waits.
///
/// Block devices and sockets are refused with `ENOTSUP`. What was looked at before opening is looked at again
/// after; where someone replaced it in between, it starts anew.
final class FileOpener {
    /// @param access [HostFiles#O_RDONLY], [HostFiles#O_WRONLY] or [HostFiles#O_RDWR]
    /// @param flags further flags for the kernel
    record Request(
            boolean follow,
            boolean create,
            boolean exclusive,
            boolean directory,
            boolean truncate,
            int access,
            int flags) {
        boolean changes() {
            return access != HostFiles.O_RDONLY || truncate;
        }
    }

    /// @param file the process's descriptor, the caller's to close; or [#NO_READER]
    /// @param path from the directory it was opened in, without links
    record Opened(int file, FileType type, String path) {
        boolean isDirectory() {
            return type == FileType.DIRECTORY;
        }

        boolean isDevice() {
            return type == FileType.CHARACTER_DEVICE || type == FileType.UNKNOWN;
        }
    }

    /// In place of a descriptor: a pipe to be written, which nobody has opened for reading.
    static final int NO_READER = -1;

    private static final int AGAIN = Integer.MIN_VALUE;
    private static final int ALWAYS = HostFiles.O_NOFOLLOW | HostFiles.O_NONBLOCK | HostFiles.O_NOCTTY;

    private final HostFiles files;
    private final PathResolver resolver;

    FileOpener(HostFiles files, PathResolver resolver) {
        this.files = files;
        this.resolver = resolver;
    }

    Opened open(int root, String path, Request request) {
        for (int attempt = 0; attempt <= WasiLimits.SYMBOLIC_LINKS_MAX; attempt++) {
            try (PathResolver.Place place = resolver.resolve(root, path, request.follow())) {
                FileType type = typeOf(place);
                int file = type == null ? create(place, request) : existing(place, type, request);
                if (file != AGAIN) {
                    return new Opened(file, type == null ? FileType.REGULAR_FILE : type, place.path());
                }
            }
        }
        throw new WasiError(Errno.LOOP);
    }

    private @Nullable FileType typeOf(PathResolver.Place place) {
        try {
            return files.stat(place.directory(), place.name()).type();
        } catch (WasiError e) {
            if (e.errno() == Errno.NOENT) {
                return null;
            }
            throw e;
        }
    }

    private int create(PathResolver.Place place, Request request) {
        if (!request.create()) {
            throw new WasiError(Errno.NOENT);
        }
        if (place.slash()) {
            throw new WasiError(Errno.ISDIR);
        }
        int flags = request.access() | request.flags() | ALWAYS | HostFiles.O_CREAT | HostFiles.O_EXCL;
        int file = files.open(place.directory(), place.name(), flags);
        if (file == -HostFiles.EEXIST && !request.exclusive()) {
            return AGAIN;
        }
        return (int) Kernel.check(file);
    }

    private int existing(PathResolver.Place place, FileType type, Request request) {
        if (request.create() && request.exclusive()) {
            throw new WasiError(Errno.EXIST);
        }
        return switch (type) {
            case SYMBOLIC_LINK -> {
                if (request.follow() || place.slash()) {
                    yield AGAIN;
                }
                throw new WasiError(Errno.LOOP);
            }
            case DIRECTORY -> {
                if (request.changes() || request.create()) {
                    throw new WasiError(Errno.ISDIR);
                }
                yield checked(place, HostFiles.O_RDONLY | HostFiles.O_DIRECTORY, type);
            }
            case REGULAR_FILE -> {
                if (request.directory() || place.slash()) {
                    throw new WasiError(Errno.NOTDIR);
                }
                int truncate = request.truncate() ? HostFiles.O_TRUNC : 0;
                yield checked(place, request.access() | request.flags() | truncate, type);
            }
            case UNKNOWN, CHARACTER_DEVICE -> {
                if (request.directory() || place.slash()) {
                    throw new WasiError(Errno.NOTDIR);
                }
                yield checked(place, request.access() | request.flags(), type);
            }
            case BLOCK_DEVICE, SOCKET_DGRAM, SOCKET_STREAM ->
                throw new WasiError(request.directory() ? Errno.NOTDIR : Errno.NOTSUP);
        };
    }

    /// Opens, and looks whether it is what it was.
    private int checked(PathResolver.Place place, int flags, FileType type) {
        int file = files.open(place.directory(), place.name(), flags | ALWAYS);
        if (file == -HostFiles.ENOENT || file == -HostFiles.ELOOP || file == -HostFiles.ENOTDIR) {
            return AGAIN;
        }
        if (file == -HostFiles.ENXIO && type == FileType.UNKNOWN) {
            return NO_READER;
        }
        Kernel.check(file);
        if (files.stat(file).type() != type) {
            files.close(file);
            return AGAIN;
        }
        return file;
    }
}
