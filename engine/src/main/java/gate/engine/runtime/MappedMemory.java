// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/// The back-end of [MemoryBackend#mapped()]: anonymous private mappings, one segment over all of memory.
///
/// A mapping is as large as the memory; growing remaps it, which moves page tables, not bytes.
final class MappedMemory extends Memory {
    private static final int PROT_READ_WRITE = 0x1 | 0x2;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
    private static final int MREMAP_MAYMOVE = 1;
    private static final long FAILED = -1;

    private final Mapping mapping;
    /// Unmaps when it becomes unreachable, by the JDK's own cleaner: one made here would start a thread.
    private final MemorySegment guard;

    private MappedMemory(Mapping mapping, MemoryShape shape) {
        super(Native.ALL, mapping.address, mapping.bytes, shape);
        this.mapping = mapping;
        this.guard = MemorySegment.NULL.reinterpret(Arena.ofAuto(), ignored -> mapping.unmap());
    }

    static Memory allocate(MemoryShape shape) {
        long bytes = (long) shape.initialPages() * PAGE_BYTES;
        Mapping mapping = new Mapping();
        if (bytes > 0) {
            long address = Native.map(bytes);
            if (address == FAILED) {
                throw new OutOfMemoryError("mmap of " + bytes + " bytes failed");
            }
            mapping.address = address;
            mapping.bytes = bytes;
        }
        return new MappedMemory(mapping, shape);
    }

    @Override
    boolean resize(long newBytes) {
        long address =
                mapping.bytes == 0 ? Native.map(newBytes) : Native.remap(mapping.address, mapping.bytes, newBytes);
        if (address == FAILED) {
            return false;
        }
        mapping.address = address;
        mapping.bytes = newBytes;
        base = address;
        limit = newBytes;
        return true;
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
                Native.unmap(address, bytes);
                bytes = 0;
            }
        }
    }

    /// The C library's calls, linked when first used.
    private static final class Native {
        static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

        private static final Linker LINKER = Linker.nativeLinker();
        private static final SymbolLookup LOOKUP = LINKER.defaultLookup();
        private static final MethodHandle MMAP = handle(
                "mmap",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG));
        private static final MethodHandle MREMAP = handle(
                "mremap",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT));
        private static final MethodHandle MUNMAP = handle(
                "munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

        private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
            return LINKER.downcallHandle(LOOKUP.find(name).orElseThrow(), descriptor);
        }

        static long map(long bytes) {
            try {
                return (long) MMAP.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
            } catch (Throwable e) {
                throw new IllegalStateException("mmap", e);
            }
        }

        static long remap(long address, long bytes, long newBytes) {
            try {
                return (long) MREMAP.invokeExact(address, bytes, newBytes, MREMAP_MAYMOVE);
            } catch (Throwable e) {
                throw new IllegalStateException("mremap", e);
            }
        }

        static void unmap(long address, long bytes) {
            try {
                int status = (int) MUNMAP.invokeExact(address, bytes);
                if (status != 0) {
                    throw new IllegalStateException("munmap failed");
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("munmap", e);
            }
        }
    }
}
