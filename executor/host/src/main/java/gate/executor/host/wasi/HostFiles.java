// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Linux's file system calls as this package needs them. Names are relative to an open directory and never
/// followed where they end in a symbolic link; what may be followed is [PathResolver]'s matter.
///
/// For one thread at a time. Descriptors are the process's, as `int`; their owner closes them.
final class HostFiles {
    /// Flags of `open` that are the same on x86-64 and arm64 (`asm-generic/fcntl.h`).
    static final int O_RDONLY = 0;

    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NOCTTY = 0x100;
    static final int O_TRUNC = 0x200;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_DSYNC = 0x1000;
    static final int O_CLOEXEC = 0x80000;
    static final int O_SYNC = 0x101000;
    static final int O_PATH = 0x200000;

    /// Flags that differ: arm64 has its own `fcntl.h`.
    static final int O_DIRECTORY = SystemCall.ARM ? 0x4000 : 0x10000;

    static final int O_NOFOLLOW = SystemCall.ARM ? 0x8000 : 0x20000;

    static final int AT_FDCWD = -100;
    static final int AT_REMOVEDIR = 0x200;
    static final int SEEK_SET = 0;
    static final int SEEK_CUR = 1;

    static final int ENOENT = 2;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EINVAL = 22;
    static final int ELOOP = 40;

    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7FF;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int NEW_DIRECTORY_MODE = 0777;
    private static final int NEW_FILE_MODE = 0666;

    private static final int NAME_BYTES = WasiLimits.PATH_BYTES_MAX + 2;
    private static final int ENTRY_BYTES = 32_768;

    /// Bytes that are written to a device at once, of however many buffers.
    private static final int GATHER_BYTES = 65_536;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Kernel kernel = new Kernel();
    private final Map<Preopen, Integer> roots = new HashMap<>();
    private final MemorySegment name = kernel.allocate(NAME_BYTES);
    private final MemorySegment otherName = kernel.allocate(NAME_BYTES);
    private final MemorySegment structure = kernel.allocate(256);
    private final MemorySegment entries = kernel.allocate(ENTRY_BYTES);
    private @Nullable MemorySegment gathering;

    /// The directory behind a preopen, opened at first use and until [#closeRoots()], whether or not the guest
    /// keeps it.
    int root(Preopen preopen) {
        Integer known = roots.get(preopen);
        if (known == null) {
            String host = preopen.host().toAbsolutePath().toString();
            known = (int) Kernel.check(open(AT_FDCWD, host, O_RDONLY | O_DIRECTORY));
            roots.put(preopen, known);
        }
        return known;
    }

    void closeRoots() {
        roots.values().forEach(this::close);
        roots.clear();
    }

    /// Opens; a negative result is a negated Linux error.
    int open(int directory, String path, int flags) {
        return (int) kernel.call(SystemCall.OPENAT, directory, put(name, path), flags | O_CLOEXEC, NEW_FILE_MODE);
    }

    void close(int file) {
        // The descriptor is gone whatever the answer: a late write error can't be mended by closing again.
        long _ = kernel.call(SystemCall.CLOSE, file);
    }

    FileStat stat(int file) {
        return stat(file, "", AT_EMPTY_PATH);
    }

    FileStat stat(int directory, String path) {
        return stat(directory, path, AT_SYMLINK_NOFOLLOW);
    }

    private FileStat stat(int directory, String path, int flags) {
        Kernel.check(kernel.call(
                SystemCall.STATX, directory, put(name, path), flags, STATX_BASIC_STATS, structure.address()));
        long device =
                Integer.toUnsignedLong(structure.get(INT, 136)) << 32 | Integer.toUnsignedLong(structure.get(INT, 140));
        return new FileStat(
                device,
                structure.get(LONG, 32),
                FileType.ofMode(Short.toUnsignedInt(structure.get(SHORT, 28))),
                Integer.toUnsignedLong(structure.get(INT, 16)),
                structure.get(LONG, 40),
                time(64),
                time(112),
                time(96));
    }

    private long time(int offset) {
        return structure.get(LONG, offset) * 1_000_000_000L + structure.get(INT, offset + 8);
    }

    /// Reads a symbolic link's target, as much of it as fits; a negative result is a negated Linux error.
    long readLink(int directory, String path, MemorySegment target) {
        return kernel.call(SystemCall.READLINKAT, directory, put(name, path), target.address(), target.byteSize());
    }

    /// The target of a symbolic link; null where the file isn't one, or isn't there.
    byte @Nullable [] linkTarget(int directory, String path) {
        long length = readLink(directory, path, otherName);
        if (length == -EINVAL || length == -ENOENT) {
            return null;
        }
        Kernel.check(length);
        if (length == NAME_BYTES) {
            throw new WasiError(Errno.NAMETOOLONG);
        }
        return otherName.asSlice(0, length).toArray(BYTE);
    }

    void makeDirectory(int directory, String path) {
        Kernel.check(kernel.call(SystemCall.MKDIRAT, directory, put(name, path), NEW_DIRECTORY_MODE));
    }

    void unlink(int directory, String path, int flags) {
        Kernel.check(kernel.call(SystemCall.UNLINKAT, directory, put(name, path), flags));
    }

    void link(int directory, String path, int toDirectory, String toPath) {
        Kernel.check(
                kernel.call(SystemCall.LINKAT, directory, put(name, path), toDirectory, put(otherName, toPath), 0));
    }

    void symbolicLink(String target, int directory, String path) {
        Kernel.check(kernel.call(SystemCall.SYMLINKAT, put(otherName, target), directory, put(name, path)));
    }

    void rename(int directory, String path, int toDirectory, String toPath) {
        Kernel.check(
                kernel.call(SystemCall.RENAMEAT2, directory, put(name, path), toDirectory, put(otherName, toPath), 0));
    }

    /// Sets times; the nanosecond fields may be Linux's `UTIME_NOW` and `UTIME_OMIT`.
    ///
    /// @param path null for the open file itself
    void setTimes(int directory, @Nullable String path, FileTimes times) {
        structure.set(LONG, 0, times.accessSeconds());
        structure.set(LONG, 8, times.accessNanos());
        structure.set(LONG, 16, times.modificationSeconds());
        structure.set(LONG, 24, times.modificationNanos());
        long pathAddress = path == null ? 0 : put(name, path);
        int flags = path == null ? 0 : AT_SYMLINK_NOFOLLOW;
        Kernel.check(kernel.call(SystemCall.UTIMENSAT, directory, pathAddress, structure.address(), flags));
    }

    long read(int file, MemorySegment target, long position) {
        return Kernel.check(kernel.call(SystemCall.PREAD, file, target.address(), target.byteSize(), position));
    }

    long write(int file, MemorySegment source, long position) {
        return Kernel.check(kernel.call(SystemCall.PWRITE, file, source.address(), source.byteSize(), position));
    }

    /// Reads at the kernel's own position, as much as there is; a negative result is a negated Linux error.
    long readNow(int file, MemorySegment target) {
        return kernel.call(SystemCall.READ, file, target.address(), target.byteSize());
    }

    /// Writes at the kernel's own position, as much as there is room for; a negative result is a negated Linux
    /// error.
    long writeNow(int file, MemorySegment source) {
        return kernel.call(SystemCall.WRITE, file, source.address(), source.byteSize());
    }

    /// Native memory for bytes that are to be written together.
    MemorySegment gathering() {
        MemorySegment made = gathering;
        if (made == null) {
            made = kernel.allocate(GATHER_BYTES);
            gathering = made;
        }
        return made;
    }

    /// Which of some events there are, without waiting: bits of `poll`, also for errors; 0 for none.
    int ready(int file, short events) {
        structure.set(INT, 0, file);
        structure.set(SHORT, 4, events);
        structure.set(SHORT, 6, (short) 0);
        structure.set(LONG, 8, 0);
        structure.set(LONG, 16, 0);
        long count = kernel.call(SystemCall.PPOLL, structure.address(), 1, structure.address() + 8, 0, 0);
        return count > 0 ? Short.toUnsignedInt(structure.get(SHORT, 6)) : 0;
    }

    /// Moves the kernel's own position and tells it; a negative result is a negated Linux error.
    long seek(int file, long offset, int whence) {
        return kernel.call(SystemCall.LSEEK, file, offset, whence);
    }

    /// Writes at the end of a file opened with [#O_APPEND].
    long append(int file, MemorySegment source) {
        return Kernel.check(kernel.call(SystemCall.WRITE, file, source.address(), source.byteSize()));
    }

    /// The kernel's position, which only [#append] moves.
    long position(int file) {
        return Kernel.check(kernel.call(SystemCall.LSEEK, file, 0, SEEK_CUR));
    }

    void truncate(int file, long size) {
        Kernel.check(kernel.call(SystemCall.FTRUNCATE, file, size));
    }

    void allocate(int file, long offset, long length) {
        Kernel.check(kernel.call(SystemCall.FALLOCATE, file, 0, offset, length));
    }

    /// Allocates without lengthening the file.
    void reserve(int file, long offset, long length) {
        Kernel.check(kernel.call(SystemCall.FALLOCATE, file, FALLOC_FL_KEEP_SIZE, offset, length));
    }

    void advise(int file, long offset, long length, int advice) {
        Kernel.check(kernel.call(SystemCall.FADVISE, file, offset, length, advice));
    }

    void sync(int file) {
        Kernel.check(kernel.call(SystemCall.FSYNC, file));
    }

    void syncData(int file) {
        Kernel.check(kernel.call(SystemCall.FDATASYNC, file));
    }

    /// Switches [#O_APPEND] of an open file.
    void setAppend(int file, boolean append) {
        long flags = Kernel.check(kernel.call(SystemCall.FCNTL, file, F_GETFL));
        long wanted = append ? flags | O_APPEND : flags & ~O_APPEND;
        Kernel.check(kernel.call(SystemCall.FCNTL, file, F_SETFL, wanted));
    }

    /// The entries of a directory but `.` and `..`, in the kernel's order.
    List<DirectoryEntry> entries(int directory) {
        int stream = (int) Kernel.check(open(directory, ".", O_RDONLY | O_DIRECTORY));
        try {
            List<DirectoryEntry> found = new ArrayList<>();
            while (true) {
                long length = Kernel.check(kernel.call(SystemCall.GETDENTS, stream, entries.address(), ENTRY_BYTES));
                if (length == 0) {
                    return found;
                }
                collect(length, found);
            }
        } finally {
            close(stream);
        }
    }

    private void collect(long length, List<DirectoryEntry> found) {
        long at = 0;
        while (at < length) {
            long inode = entries.get(LONG, at);
            int record = Short.toUnsignedInt(entries.get(SHORT, at + 16));
            FileType type = FileType.ofDirent(entries.get(BYTE, at + 18));
            byte[] bytes = entries.asSlice(at + 19, record - 19L).toArray(BYTE);
            int end = 0;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            Bytes entryName = Bytes.copyOf(bytes, 0, end);
            if (!entryName.isText(".") && !entryName.isText("..")) {
                if (found.size() == WasiLimits.DIRECTORY_ENTRIES_MAX) {
                    throw new WasiError(Errno.NOMEM);
                }
                found.add(new DirectoryEntry(entryName, inode, type));
            }
            at += record;
        }
    }

    private static long put(MemorySegment target, String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= NAME_BYTES) {
            throw new WasiError(Errno.NAMETOOLONG);
        }
        MemorySegment.copy(bytes, 0, target, BYTE, 0, bytes.length);
        target.set(BYTE, bytes.length, (byte) 0);
        return target.address();
    }
}
