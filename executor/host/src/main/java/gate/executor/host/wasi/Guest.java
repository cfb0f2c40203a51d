// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.runtime.HostCall;
import gate.engine.runtime.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One call's arguments and the guest's memory. What lies outside the memory is the guest's error `EFAULT`, not a
/// trap.
///
/// Where a function gives results through pointers, it checks them before it does anything.
final class Guest {
    private final HostCall call;

    Guest(HostCall call) {
        this.call = call;
    }

    HostCall call() {
        return call;
    }

    int i32(int argument) {
        return call.i32(argument);
    }

    /// An unsigned 32-bit argument: a pointer or size.
    long u32(int argument) {
        return Integer.toUnsignedLong(call.i32(argument));
    }

    long i64(int argument) {
        return call.argument(argument);
    }

    /// A file position or length, unsigned in the specification; Linux has none of that size.
    long position(int argument) {
        long value = call.argument(argument);
        if (value < 0) {
            throw new WasiError(Errno.INVAL);
        }
        return value;
    }

    /// A set of flags whose other bits mean nothing.
    int flags(int argument, int known) {
        int value = call.i32(argument);
        if ((value & ~known) != 0) {
            throw new WasiError(Errno.INVAL);
        }
        return value;
    }

    MemorySegment slice(long address, long length) {
        return check(address, length).slice(address, length);
    }

    Memory check(long address, long length) {
        Memory memory = call.memory();
        if (memory == null || length > memory.byteSize() || address > memory.byteSize() - length) {
            throw new WasiError(Errno.FAULT);
        }
        return memory;
    }

    /// The path given by two arguments, the first of which is `argument`.
    String path(int argument) {
        long length = u32(argument + 1);
        MemorySegment bytes = slice(u32(argument), length);
        if (length > WasiLimits.PATH_BYTES_MAX) {
            throw new WasiError(Errno.NAMETOOLONG);
        }
        String path = PathResolver.text(bytes.toArray(ValueLayout.JAVA_BYTE));
        if (path.indexOf('\0') >= 0) {
            throw new WasiError(Errno.INVAL);
        }
        return path;
    }

    /// The buffers of a read or write, given by two arguments, the first of which is `argument`.
    MemorySegment[] buffers(int argument) {
        long count = u32(argument + 1);
        if (count > WasiLimits.BUFFERS_MAX) {
            throw new WasiError(Errno.INVAL);
        }
        long list = u32(argument);
        Memory memory = check(list, count * 8);
        MemorySegment[] buffers = new MemorySegment[(int) count];
        long total = 0;
        for (int i = 0; i < buffers.length; i++) {
            long address = Integer.toUnsignedLong(memory.loadInt(list + 8L * i));
            long length = Integer.toUnsignedLong(memory.loadInt(list + 8L * i + 4));
            buffers[i] = slice(address, length);
            total += length;
        }
        if (total > 0xFFFF_FFFFL) {
            throw new WasiError(Errno.INVAL);
        }
        return buffers;
    }

    void storeByte(long address, int value) {
        check(address, 1).storeByte(address, (byte) value);
    }

    void storeShort(long address, int value) {
        check(address, 2).storeShort(address, (short) value);
    }

    void storeInt(long address, int value) {
        check(address, 4).storeInt(address, value);
    }

    void storeLong(long address, long value) {
        check(address, 8).storeLong(address, value);
    }

    void storeBytes(long address, byte[] bytes) {
        MemorySegment.copy(bytes, 0, slice(address, bytes.length), ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    void storeStat(long address, FileStat stat) {
        storeLong(address, stat.device());
        storeLong(address + 8, stat.inode());
        storeLong(address + 16, stat.type().code());
        storeLong(address + 24, stat.links());
        storeLong(address + 32, stat.size());
        storeLong(address + 40, stat.accessNanos());
        storeLong(address + 48, stat.modificationNanos());
        storeLong(address + 56, stat.changeNanos());
    }
}
