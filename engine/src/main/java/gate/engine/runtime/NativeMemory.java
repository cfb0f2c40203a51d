// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The operating system's memory calls, linked when first used: linking costs some milliseconds of a start each.
///
/// Linux, x86-64 and arm64: all numbers here are the same on both.
final class NativeMemory {
    /// All of memory: addresses are offsets. Whoever reads or writes through it has checked its bounds.
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static final long FAILED = -1;
    static final long OS_PAGE_BYTES = 4096;

    private static final int PROT_READ_WRITE = 0x1 | 0x2;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MREMAP_MAYMOVE_FIXED = 1 | 2;
    private static final int MREMAP_FIRST_VARIADIC = 4;

    /// What one entry of a page directory spans: moving whole ones costs 300 ns each, moving pages 10 ns each.
    private static final long DIRECTORY_ENTRY_BYTES = 2L << 20;

    private static final int MFD_CLOEXEC = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private NativeMemory() {}

    private static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        SymbolLookup lookup = LINKER.defaultLookup();
        return LINKER.downcallHandle(lookup.find(name).orElseThrow(), descriptor, options);
    }

    private static IllegalStateException unexpected(String call, Throwable e) {
        return new IllegalStateException(call, e);
    }

    private static final class Mmap {
        static final MethodHandle HANDLE = link("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
    }

    private static final class Mremap {
        static final MethodHandle HANDLE = link(
                "mremap",
                FunctionDescriptor.of(LONG, LONG, LONG, LONG, INT, LONG),
                Linker.Option.firstVariadicArg(MREMAP_FIRST_VARIADIC));
    }

    private static final class Munmap {
        static final MethodHandle HANDLE = link("munmap", FunctionDescriptor.of(INT, LONG, LONG));
    }

    private static final class Mincore {
        static final MethodHandle HANDLE = link("mincore", FunctionDescriptor.of(INT, LONG, LONG, ValueLayout.ADDRESS));
    }

    private static final class Sysinfo {
        static final MethodHandle HANDLE = link("sysinfo", FunctionDescriptor.of(INT, ValueLayout.ADDRESS));
    }

    private static final class MemfdCreate {
        static final MethodHandle HANDLE = link("memfd_create", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT));
    }

    private static final class Ftruncate {
        static final MethodHandle HANDLE = link("ftruncate", FunctionDescriptor.of(INT, INT, LONG));
    }

    private static final class Close {
        static final MethodHandle HANDLE = link("close", FunctionDescriptor.of(INT, INT));
    }

    private static long mmap(long address, long bytes, int flags, int descriptor) {
        try {
            return (long) Mmap.HANDLE.invokeExact(address, bytes, PROT_READ_WRITE, flags, descriptor, 0L);
        } catch (Throwable e) {
            throw unexpected("mmap", e);
        }
    }

    /// Maps zero-filled memory that costs nothing until it is touched; [#FAILED] where there is none.
    static long map(long bytes) {
        return mmap(0, bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    }

    /// Maps a file so that writes go to it.
    static long mapShared(int descriptor, long bytes) {
        return mmap(0, bytes, MAP_SHARED, descriptor);
    }

    /// Maps a file over memory that is mapped already, so that writes make private copies.
    static boolean mapCopyOnWrite(long address, long bytes, int descriptor) {
        return mmap(address, bytes, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, descriptor) == address;
    }

    /// As [#map(long)], at an address that lets all but small mappings be moved by whole directory entries.
    static long mapAligned(long bytes) {
        if (bytes < DIRECTORY_ENTRY_BYTES) {
            return map(bytes);
        }
        long whole = map(bytes + DIRECTORY_ENTRY_BYTES);
        if (whole == FAILED) {
            return map(bytes);
        }
        long address = whole + DIRECTORY_ENTRY_BYTES - 1 & -DIRECTORY_ENTRY_BYTES;
        if (address > whole) {
            unmap(whole, address - whole);
        }
        unmap(address + bytes, whole + DIRECTORY_ENTRY_BYTES - address);
        return address;
    }

    /// Moves a mapping, page tables and not bytes, over whatever is mapped at `target`, and makes it larger.
    static boolean move(long address, long bytes, long target, long newBytes) {
        try {
            return (long) Mremap.HANDLE.invokeExact(address, bytes, newBytes, MREMAP_MAYMOVE_FIXED, target) == target;
        } catch (Throwable e) {
            throw unexpected("mremap", e);
        }
    }

    static void unmap(long address, long bytes) {
        int status;
        try {
            status = (int) Munmap.HANDLE.invokeExact(address, bytes);
        } catch (Throwable e) {
            throw unexpected("munmap", e);
        }
        if (status != 0) {
            throw new IllegalStateException("munmap failed");
        }
    }

    /// Fills `pages` with a byte per OS page: bit 0 set where it is resident. Untouched anonymous pages aren't, nor
    /// are swapped out ones: see [#hasSwap()].
    static boolean resident(long address, long bytes, MemorySegment pages) {
        try {
            return (int) Mincore.HANDLE.invokeExact(address, bytes, pages) == 0;
        } catch (Throwable e) {
            throw unexpected("mincore", e);
        }
    }

    /// Whether this machine can swap anything out; true where that can't be found out.
    static boolean hasSwap() {
        long totalSwap = 64;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(256, 8);
            int status = (int) Sysinfo.HANDLE.invokeExact(info);
            return status != 0 || info.get(LONG, totalSwap) != 0;
        } catch (Throwable e) {
            throw unexpected("sysinfo", e);
        }
    }

    /// A file in memory of a size; -1 where there can be none.
    static int createFile(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) MemfdCreate.HANDLE.invokeExact(arena.allocateFrom("gate-memory"), MFD_CLOEXEC);
            if (descriptor >= 0 && (int) Ftruncate.HANDLE.invokeExact(descriptor, bytes) != 0) {
                closeFile(descriptor);
                return -1;
            }
            return descriptor;
        } catch (Throwable e) {
            throw unexpected("memfd_create", e);
        }
    }

    static void closeFile(int descriptor) {
        try {
            int status = (int) Close.HANDLE.invokeExact(descriptor);
            assert status == 0;
        } catch (Throwable e) {
            throw unexpected("close", e);
        }
    }
}
