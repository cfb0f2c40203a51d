// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// Functions on an open descriptor that neither move data nor wait, and `sock_*`, for which none is a socket.
final class DescriptorCalls {
    private static final int WHENCE_SET = 0;
    private static final int WHENCE_CUR = 1;
    private static final int WHENCE_END = 2;

    /// Linux's `POSIX_FADV_*` by witx `$advice`: sequential and random are the other way round.
    private static final int[] LINUX_ADVICE = {0, 2, 1, 3, 4, 5};

    /// Linux zeroes memory files at some gigabytes a second: tens of milliseconds.
    private static final long ALLOCATED_AT_ONCE_BYTES = 64 << 20;

    private final Wasi wasi;

    DescriptorCalls(Wasi wasi) {
        this.wasi = wasi;
    }

    void advise(Guest guest) {
        OpenFile file = wasi.table().file(guest.i32(0), Rights.FD_ADVISE, Errno.SPIPE);
        int advice = guest.i32(3);
        if (advice < 0 || advice >= LINUX_ADVICE.length) {
            throw new WasiError(Errno.INVAL);
        }
        wasi.files().advise(file.file(), guest.position(1), guest.position(2), LINUX_ADVICE[advice]);
    }

    void allocate(Guest guest) {
        OpenFile file = wasi.table().file(guest.i32(0), Rights.FD_ALLOCATE, Errno.SPIPE);
        long offset = guest.position(1);
        long length = guest.position(2);
        if (length == 0) {
            throw new WasiError(Errno.INVAL);
        }
        if (offset > Long.MAX_VALUE - length) {
            throw new WasiError(Errno.FBIG);
        }
        allocate(guest, file, offset, length);
    }

    /// In pieces, between which the guest can be stopped: gigabytes take long. The last byte comes first, as the
    /// kernel says at once where no file can be so long. Where there is no room for all of it, the file doesn't
    /// stay longer than it was.
    private void allocate(Guest guest, OpenFile file, long offset, long length) {
        long done = Math.min(wasi.progress(), length);
        boolean first = done == 0;
        long size = 0;
        if (first && length > ALLOCATED_AT_ONCE_BYTES) {
            size = wasi.files().stat(file.file()).size();
            wasi.files().reserve(file.file(), offset + length - 1, 1);
        }
        try {
            while (done < length) {
                long piece = Math.min(length - done, ALLOCATED_AT_ONCE_BYTES);
                wasi.files().allocate(file.file(), offset + done, piece);
                done += piece;
                if (done < length && guest.call().suspendRequested()) {
                    throw wasi.again(done);
                }
            }
        } catch (WasiError e) {
            if (first && done > 0 && offset + done > size) {
                wasi.files().truncate(file.file(), size);
            }
            throw e;
        }
    }

    void close(Guest guest) {
        Descriptor descriptor = wasi.table().remove(guest.i32(0));
        release(descriptor);
    }

    void renumber(Guest guest) {
        int from = guest.i32(0);
        int to = guest.i32(1);
        Descriptor moved = wasi.table().get(from);
        Descriptor replaced = wasi.table().renumber(from, to);
        if (replaced != moved) {
            release(replaced);
        }
    }

    private void release(Descriptor descriptor) {
        boolean holdsFile = switch (descriptor) {
            case OpenFile _, OpenDevice _ -> true;
            case OpenDirectory directory -> !directory.isPreopen();
            case StandardStream _ -> false;
        };
        if (holdsFile) {
            descriptor.close(wasi.files());
        }
    }

    void synchronizeData(Guest guest) {
        // Who may have everything written may have the data written: C libraries ask for the lesser right only
        // together with writing.
        wasi.files().syncData(synchronizable(guest, Rights.FD_DATASYNC | Rights.FD_SYNC));
    }

    void synchronize(Guest guest) {
        wasi.files().sync(synchronizable(guest, Rights.FD_SYNC));
    }

    /// Waiting for a disk can't be ended: a suspension waits with it, and then takes place.
    private int synchronizable(Guest guest, long anyRight) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        int file = switch (descriptor) {
            case OpenFile opened -> opened.file();
            case OpenDirectory directory -> directory.file(wasi.files());
            case StandardStream _, OpenDevice _ -> throw new WasiError(Errno.INVAL);
        };
        descriptor.require(anyRight);
        return file;
    }

    void statusGet(Guest guest) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        long result = guest.u32(1);
        guest.check(result, 24);
        guest.storeLong(result, 0);
        guest.storeByte(result, descriptor.type().code());
        guest.storeShort(result + 2, descriptor.flags());
        guest.storeLong(result + 8, descriptor.rights());
        guest.storeLong(result + 16, descriptor.inheriting());
    }

    /// As Linux's `F_SETFL`, it changes what can change on an open file and passes over the rest.
    void statusSetFlags(Guest guest) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        descriptor.require(Rights.FD_FDSTAT_SET_FLAGS);
        int changeable = Descriptor.APPEND | Descriptor.NONBLOCK;
        int flags = guest.flags(1, Descriptor.ALL_FLAGS) & changeable | descriptor.flags() & ~changeable;
        boolean append = (flags & Descriptor.APPEND) != 0;
        if (descriptor instanceof OpenFile file && append != ((file.flags() & Descriptor.APPEND) != 0)) {
            wasi.files().setAppend(file.file(), append);
        }
        descriptor.flags(flags);
    }

    void statusSetRights(Guest guest) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        long base = guest.i64(1);
        long inheriting = guest.i64(2);
        if ((base & ~descriptor.rights()) != 0 || (inheriting & ~descriptor.inheriting()) != 0) {
            throw new WasiError(Errno.NOTCAPABLE);
        }
        descriptor.rights(base, inheriting);
    }

    void statGet(Guest guest) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        descriptor.require(Rights.FD_FILESTAT_GET);
        long result = guest.u32(1);
        guest.check(result, 64);
        FileStat stat = descriptor instanceof StandardStream
                ? FileStat.ofStream(descriptor.type())
                : descriptor.stat(wasi.files());
        guest.storeStat(result, stat);
    }

    void statSetSize(Guest guest) {
        OpenFile file = wasi.table().file(guest.i32(0), Rights.FD_FILESTAT_SET_SIZE, Errno.INVAL);
        wasi.files().truncate(file.file(), guest.position(1));
    }

    void statSetTimes(Guest guest) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        FileTimes times = FileTimes.of(guest.i64(1), guest.i64(2), guest.i32(3));
        switch (descriptor) {
            case OpenFile file -> setTimes(file, file.preopen(), file.file(), times);
            case OpenDevice device -> setTimes(device, device.preopen(), device.file(), times);
            case OpenDirectory directory ->
                setTimes(directory, directory.preopen(), directory.file(wasi.files()), times);
            case StandardStream _ -> throw new WasiError(Errno.INVAL);
        }
    }

    private void setTimes(Descriptor descriptor, Preopen preopen, int file, FileTimes times) {
        descriptor.require(Rights.FD_FILESTAT_SET_TIMES);
        if (preopen.readOnly()) {
            throw new WasiError(Errno.ROFS);
        }
        wasi.files().setTimes(file, null, times);
    }

    void seek(Guest guest) {
        long offset = guest.i64(1);
        int whence = guest.i32(2);
        long result = guest.u32(3);
        // Asking for the position needs the lesser right.
        long rights = whence == WHENCE_CUR && offset == 0 ? Rights.FD_SEEK | Rights.FD_TELL : Rights.FD_SEEK;
        if (wasi.table().get(guest.i32(0)) instanceof OpenDevice device && device.seekable()) {
            device.require(rights);
            guest.check(result, 8);
            if (whence < WHENCE_SET || whence > WHENCE_END) {
                throw new WasiError(Errno.INVAL);
            }
            guest.storeLong(result, Kernel.check(wasi.files().seek(device.file(), offset, whence)));
            return;
        }
        OpenFile file = wasi.table().file(guest.i32(0), rights, Errno.SPIPE);
        guest.check(result, 8);
        long from = switch (whence) {
            case WHENCE_SET -> 0;
            case WHENCE_CUR -> file.position();
            case WHENCE_END -> file.stat(wasi.files()).size();
            default -> throw new WasiError(Errno.INVAL);
        };
        long position = from + offset;
        if (position < 0) {
            // Both operands can't be negative, so a sum below 0 is either that or too large.
            throw new WasiError(offset < 0 ? Errno.INVAL : Errno.OVERFLOW);
        }
        file.position(position);
        guest.storeLong(result, position);
    }

    void tell(Guest guest) {
        long rights = Rights.FD_TELL | Rights.FD_SEEK;
        if (wasi.table().get(guest.i32(0)) instanceof OpenDevice device && device.seekable()) {
            device.require(rights);
            guest.storeLong(guest.u32(1), Kernel.check(wasi.files().seek(device.file(), 0, HostFiles.SEEK_CUR)));
            return;
        }
        guest.storeLong(
                guest.u32(1),
                wasi.table().file(guest.i32(0), rights, Errno.SPIPE).position());
    }

    void socket(Guest guest) {
        // Throws where it isn't open; if it is, it is no socket.
        Descriptor _ = wasi.table().get(guest.i32(0));
        throw new WasiError(Errno.NOTSOCK);
    }
}
