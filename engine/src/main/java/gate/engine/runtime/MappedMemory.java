// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;

/// The back-end of [MemoryBackend#mapped()]: anonymous private mappings, one segment over all of memory.
///
/// A mapping is at first as large as the memory. Growing beyond it moves page tables, not bytes, into one with
/// room for more: a gibibyte that has been touched moves in some 150 µs (decision 0014).
final class MappedMemory extends Memory {
    /// Bytes that one look at residency covers: a vector of 16 KiB.
    private static final long WINDOW_BYTES = 64L << 20;

    private final Mapping mapping;
    /// Unmaps when it becomes unreachable, by the JDK's own cleaner: one made here would start a thread.
    private final MemorySegment guard;
    /// Bytes at its beginning that are a file's: a mapping of their own.
    private long fileBytes;

    private MappedMemory(Mapping mapping, MemoryShape shape) {
        super(NativeMemory.ALL, mapping.address, mapping.bytes, shape);
        this.mapping = mapping;
        this.guard = MemorySegment.NULL.reinterpret(Arena.ofAuto(), ignored -> mapping.unmap());
    }

    static Memory allocate(MemoryShape shape) {
        long bytes = (long) shape.initialPages() * PAGE_BYTES;
        Mapping mapping = new Mapping();
        if (bytes > 0) {
            long address = NativeMemory.mapAligned(bytes);
            if (address == NativeMemory.FAILED) {
                throw new OutOfMemoryError("mmap of " + bytes + " bytes failed");
            }
            mapping.address = address;
            mapping.bytes = bytes;
        }
        return new MappedMemory(mapping, shape);
    }

    /// Puts a module's initial data in place, shared until written to.
    ///
    /// @return false, with nothing changed, where the kernel refuses
    boolean adopt(InitialMemory image) {
        if (image.bytes() > limit || !NativeMemory.mapCopyOnWrite(base, image.bytes(), image.descriptor())) {
            return false;
        }
        fileBytes = image.bytes();
        return true;
    }

    @Override
    boolean resize(long newBytes) {
        if (newBytes > mapping.bytes) {
            long ceiling = (long) maximumPages() * PAGE_BYTES;
            long roomy = Math.min(ceiling, Math.max(newBytes, mapping.bytes + mapping.bytes / 2));
            if (!enlarge(roomy) && !enlarge(newBytes)) {
                return false;
            }
        }
        limit = newBytes;
        return true;
    }

    /// Moves to a larger mapping.
    ///
    /// @return false, with nothing changed, where the kernel has no room
    private boolean enlarge(long bytes) {
        long address = NativeMemory.mapAligned(bytes);
        if (address == NativeMemory.FAILED) {
            return false;
        }
        long old = mapping.address;
        long rest = mapping.bytes - fileBytes;
        if (rest > 0 && !NativeMemory.move(old + fileBytes, rest, address + fileBytes, bytes - fileBytes)) {
            NativeMemory.unmap(address, bytes);
            return false;
        }
        if (fileBytes > 0 && !NativeMemory.move(old, fileBytes, address, fileBytes)) {
            throw new OutOfMemoryError("mremap of " + fileBytes + " bytes failed");
        }
        mapping.address = address;
        mapping.bytes = bytes;
        base = address;
        return true;
    }

    /// Asks the kernel once for each window. Where there is swap space it can't tell: what is swapped out isn't
    /// resident.
    @Override
    public long[] touched() {
        if (limit == 0 || NativeMemory.hasSwap()) {
            return super.touched();
        }
        long[] ranges = new long[16];
        int count = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pages = arena.allocate(WINDOW_BYTES / NativeMemory.OS_PAGE_BYTES);
            for (long window = 0; window < limit; window += WINDOW_BYTES) {
                long bytes = Math.min(WINDOW_BYTES, limit - window);
                if (!NativeMemory.resident(base + window, bytes, pages)) {
                    return super.touched();
                }
                for (long page = 0; page < bytes / NativeMemory.OS_PAGE_BYTES; page++) {
                    if ((pages.get(ValueLayout.JAVA_BYTE, page) & 1) == 0) {
                        continue;
                    }
                    long at = window + page * NativeMemory.OS_PAGE_BYTES;
                    if (count == 0 || ranges[count - 1] != at) {
                        if (count == ranges.length) {
                            ranges = Arrays.copyOf(ranges, count * 2);
                        }
                        ranges[count] = at;
                        count += 2;
                    }
                    ranges[count - 1] = at + NativeMemory.OS_PAGE_BYTES;
                }
            }
        }
        return Arrays.copyOf(ranges, count);
    }

    @Override
    public void close() {
        limit = 0;
        base = 0;
        try {
            mapping.unmap();
        } finally {
            Reference.reachabilityFence(guard);
        }
    }

    /// What is unmapped on close, or when the memory is found to be unreachable.
    private static final class Mapping {
        private long address;
        private long bytes;

        synchronized void unmap() {
            if (bytes > 0) {
                NativeMemory.unmap(address, bytes);
                bytes = 0;
            }
        }
    }
}
