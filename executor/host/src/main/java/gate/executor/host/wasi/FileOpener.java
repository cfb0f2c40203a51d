// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import org.jspecify.annotations.Nullable;

/// Opens what a path leads to: a regular file or a directory, nothing else.
///
/// Other kinds (pipes, sockets, devices) are refused with `ENOTSUP`: opening one may wait for ever or do something to
/// a device, and a saved program could not find it again at a position. What was looked at before opening is looked
/// at again after; where someone replaced it in between, it starts anew.
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

    /// @param file the process's descriptor, the caller's to close
    /// @param path from the directory it was opened in, without links
    record Opened(int file, boolean isDirectory, String path) {}

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
                    return new Opened(file, type == FileType.DIRECTORY, place.path());
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
            case UNKNOWN, BLOCK_DEVICE, CHARACTER_DEVICE, SOCKET_DGRAM, SOCKET_STREAM ->
                throw new WasiError(request.directory() ? Errno.NOTDIR : Errno.NOTSUP);
        };
    }

    /// Opens, and looks whether it is what it was.
    private int checked(PathResolver.Place place, int flags, FileType type) {
        int file = files.open(place.directory(), place.name(), flags | ALWAYS);
        if (file == -HostFiles.ENOENT || file == -HostFiles.ELOOP || file == -HostFiles.ENOTDIR) {
            return AGAIN;
        }
        Kernel.check(file);
        if (files.stat(file).type() != type) {
            files.close(file);
            return AGAIN;
        }
        return file;
    }
}
