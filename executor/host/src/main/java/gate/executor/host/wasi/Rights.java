// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// Bits of witx `$rights`.
///
/// A function that needs a right which the descriptor hasn't answers `ENOTCAPABLE`; but where the descriptor is
/// of a kind for which the function isn't made, it says so first (`ESPIPE`, `ENOTDIR`, ...), and reading
/// without [#FD_READ] or writing without [#FD_WRITE] is `EBADF`, as C programs know it of files opened for the
/// other. `path_open` refuses what the directory can't hand on, and gives of the rest what makes sense for such
/// a file; bits that preview 1 doesn't define are passed over, since Go sets them. `fd_fdstat_set_rights` can
/// only take away.
///
/// Preopened directories have all rights, read-only ones too: what a guest can reach is decided by which
/// directories it is given and their `:ro`. Rights are for a guest that wants to hold parts of itself to less.
final class Rights {
    static final long FD_DATASYNC = 1L;
    static final long FD_READ = 1L << 1;
    static final long FD_SEEK = 1L << 2;
    static final long FD_FDSTAT_SET_FLAGS = 1L << 3;
    static final long FD_SYNC = 1L << 4;
    static final long FD_TELL = 1L << 5;
    static final long FD_WRITE = 1L << 6;
    static final long FD_ADVISE = 1L << 7;
    static final long FD_ALLOCATE = 1L << 8;
    static final long PATH_CREATE_DIRECTORY = 1L << 9;
    static final long PATH_CREATE_FILE = 1L << 10;
    static final long PATH_LINK_SOURCE = 1L << 11;
    static final long PATH_LINK_TARGET = 1L << 12;
    static final long PATH_OPEN = 1L << 13;
    static final long FD_READDIR = 1L << 14;
    static final long PATH_READLINK = 1L << 15;
    static final long PATH_RENAME_SOURCE = 1L << 16;
    static final long PATH_RENAME_TARGET = 1L << 17;
    static final long PATH_FILESTAT_GET = 1L << 18;
    /// No function has this name: it lets `path_open` truncate.
    static final long PATH_FILESTAT_SET_SIZE = 1L << 19;

    static final long PATH_FILESTAT_SET_TIMES = 1L << 20;
    static final long FD_FILESTAT_GET = 1L << 21;
    static final long FD_FILESTAT_SET_SIZE = 1L << 22;
    static final long FD_FILESTAT_SET_TIMES = 1L << 23;
    static final long PATH_SYMLINK = 1L << 24;
    static final long PATH_REMOVE_DIRECTORY = 1L << 25;
    static final long PATH_UNLINK_FILE = 1L << 26;
    static final long POLL_FD_READWRITE = 1L << 27;
    static final long SOCK_SHUTDOWN = 1L << 28;
    static final long SOCK_ACCEPT = 1L << 29;

    /// All that there are.
    static final long ALL = (1L << 30) - 1;

    /// A terminal or pipe. Without [#FD_SEEK] and [#FD_TELL], by which `isatty` of C libraries tells a
    /// terminal.
    static final long STREAM = FD_FDSTAT_SET_FLAGS | FD_FILESTAT_GET | POLL_FD_READWRITE;

    static final long FILE = FD_DATASYNC
            | FD_READ
            | FD_SEEK
            | FD_FDSTAT_SET_FLAGS
            | FD_SYNC
            | FD_TELL
            | FD_WRITE
            | FD_ADVISE
            | FD_ALLOCATE
            | FD_FILESTAT_GET
            | FD_FILESTAT_SET_SIZE
            | FD_FILESTAT_SET_TIMES
            | POLL_FD_READWRITE;

    /// A character device or named pipe. Those with a position have [#FD_SEEK] and [#FD_TELL] too, and
    /// terminals haven't: see [#STREAM].
    static final long DEVICE =
            FD_READ | FD_WRITE | FD_FDSTAT_SET_FLAGS | FD_FILESTAT_GET | FD_FILESTAT_SET_TIMES | POLL_FD_READWRITE;

    static final long DIRECTORY = FD_FDSTAT_SET_FLAGS
            | FD_DATASYNC
            | FD_SYNC
            | FD_READDIR
            | FD_FILESTAT_GET
            | FD_FILESTAT_SET_TIMES
            | PATH_CREATE_DIRECTORY
            | PATH_CREATE_FILE
            | PATH_LINK_SOURCE
            | PATH_LINK_TARGET
            | PATH_OPEN
            | PATH_READLINK
            | PATH_RENAME_SOURCE
            | PATH_RENAME_TARGET
            | PATH_FILESTAT_GET
            | PATH_FILESTAT_SET_SIZE
            | PATH_FILESTAT_SET_TIMES
            | PATH_SYMLINK
            | PATH_REMOVE_DIRECTORY
            | PATH_UNLINK_FILE;

    /// What descriptors opened through a preopened directory may have, also a read-only one: a C library asks
    /// for no more than this, and would open a file for writing without write access instead of reporting
    /// `EROFS`.
    static final long INHERITING = ALL;

    private Rights() {}
}
