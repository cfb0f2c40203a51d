// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// `fd_readdir`, `fd_prestat_get` and `fd_prestat_dir_name`.
///
/// The kernel's positions in a directory mean nothing in another process, and the order of its entries may
/// change. So reading from the start takes all entries, sorted by name, and keeps them with the descriptor and
/// in its saved state; a cookie is an index in that list. Changes made meanwhile show when the guest starts
/// from 0 again.
final class DirectoryCalls {
    private static final int HEADER_BYTES = 24;

    private final Wasi wasi;

    DirectoryCalls(Wasi wasi) {
        this.wasi = wasi;
    }

    void preopenGet(Guest guest) {
        byte[] name = preopenName(guest.i32(0));
        long result = guest.u32(1);
        guest.check(result, 8);
        guest.storeInt(result, 0);
        guest.storeInt(result + 4, name.length);
    }

    void preopenName(Guest guest) {
        byte[] name = preopenName(guest.i32(0));
        long length = guest.u32(2);
        if (length < name.length) {
            throw new WasiError(Errno.NAMETOOLONG);
        }
        guest.storeBytes(guest.u32(1), name);
    }

    /// C libraries look for preopens by asking every descriptor from 3 on until one answers `EBADF`.
    private byte[] preopenName(int number) {
        if (wasi.table().get(number) instanceof OpenDirectory directory && directory.isPreopen()) {
            return directory.preopen().guest().getBytes(StandardCharsets.UTF_8);
        }
        throw new WasiError(Errno.BADF);
    }

    void read(Guest guest) {
        OpenDirectory directory = wasi.table().directory(guest.i32(0), Rights.FD_READDIR);
        MemorySegment target = guest.slice(guest.u32(1), guest.u32(2));
        long cookie = guest.i64(3);
        long result = guest.u32(4);
        guest.check(result, 4);
        List<DirectoryEntry> listing = listing(directory, cookie);
        long used = 0;
        // A cookie beyond the end, as of a longer list read before, is the end.
        long index = cookie < 0 ? listing.size() : cookie;
        while (index < listing.size() && used < target.byteSize()) {
            byte[] entry = encode(listing.get((int) index), index + 1);
            long length = Math.min(entry.length, target.byteSize() - used);
            MemorySegment.copy(entry, 0, target, ValueLayout.JAVA_BYTE, used, (int) length);
            used += length;
            index++;
        }
        guest.storeInt(result, (int) used);
    }

    private List<DirectoryEntry> listing(OpenDirectory directory, long cookie) {
        List<DirectoryEntry> known = directory.listing();
        if (known != null && cookie != 0) {
            return known;
        }
        HostFiles files = wasi.files();
        int file = directory.file(files);
        long inode = files.stat(file).inode();
        List<DirectoryEntry> found = files.entries(file);
        found.sort(Comparator.comparing(DirectoryEntry::name));
        List<DirectoryEntry> all = new ArrayList<>(found.size() + 2);
        all.add(new DirectoryEntry(Bytes.ofText("."), inode, FileType.DIRECTORY));
        // The parent may be outside of what the guest may know of, so this says nothing of it.
        all.add(new DirectoryEntry(Bytes.ofText(".."), inode, FileType.DIRECTORY));
        all.addAll(found);
        directory.listing(all);
        return all;
    }

    /// Witx `$dirent` and the name.
    private static byte[] encode(DirectoryEntry entry, long next) {
        byte[] name = entry.name().toArray();
        byte[] bytes = new byte[HEADER_BYTES + name.length];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(next)
                .putLong(entry.inode())
                .putInt(name.length)
                .putInt(entry.type().code())
                .put(name);
        return bytes;
    }
}
