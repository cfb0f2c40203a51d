// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A linear memory (core specification 4.2.8 "Memory Instances"): native bytes, little-endian, grown by pages.
///
/// Every raw access to guest memory outside the interpreter's own loops goes through here. An address is the 33-bit
/// effective one; outside the memory it traps with [Trap.Code#MEMORY_OUT_OF_BOUNDS]. For one thread at a time.
public abstract sealed class Memory implements AutoCloseable permits ArenaMemory, MappedMemory {
    public static final int PAGE_BYTES = 65_536;

    /// Pages of a 32-bit memory at most.
    public static final int PAGES_MAX = 65_536;

    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// The segment that holds the bytes; address `a` of the guest is at `base + a` of it.
    MemorySegment segment;

    long base;
    /// Size in bytes now.
    long limit;

    private final int maximumPages;
    private final boolean declaredMaximum;
    private final int pagesAllowed;
    private final Allowance allowance;

    Memory(MemorySegment segment, long base, long limit, MemoryShape shape) {
        this.segment = segment;
        this.base = base;
        this.limit = limit;
        this.maximumPages = shape.maximumPages();
        this.declaredMaximum = shape.declaredMaximum();
        this.pagesAllowed = shape.pagesAllowed();
        this.allowance = shape.allowance();
    }

    /// Makes the memory `newBytes` long, new bytes zero.
    ///
    /// @return false, with nothing changed, where the host has no more
    abstract boolean resize(long newBytes);

    @Override
    public abstract void close();

    /// Where there may be something else than zero: pairs of a first address and the address after the last,
    /// ascending. What was never touched needn't be looked at.
    public long[] touched() {
        return limit == 0 ? new long[0] : new long[] {0, limit};
    }

    /// Size in bytes.
    public final long byteSize() {
        return limit;
    }

    /// Size in pages.
    public final int pages() {
        return (int) (limit / PAGE_BYTES);
    }

    /// The declared maximum in pages, or [#PAGES_MAX] where none is declared.
    public final int maximumPages() {
        return maximumPages;
    }

    public final boolean hasDeclaredMaximum() {
        return declaredMaximum;
    }

    /// `memory.grow`: the size before in pages, or -1 with nothing changed where the declared maximum, the policy
    /// or the host doesn't allow it.
    public final int grow(int deltaPages) {
        int before = pages();
        long after = before + Integer.toUnsignedLong(deltaPages);
        if (after > Math.min(maximumPages, pagesAllowed)) {
            return -1;
        }
        if (deltaPages == 0) {
            return before;
        }
        if (!allowance.take(after - before)) {
            return -1;
        }
        if (!resize(after * PAGE_BYTES)) {
            allowance.giveBack(after - before);
            return -1;
        }
        return before;
    }

    public final byte loadByte(long address) {
        check(address, 1);
        return segment.get(BYTE, base + address);
    }

    public final short loadShort(long address) {
        check(address, 2);
        return segment.get(SHORT, base + address);
    }

    public final int loadInt(long address) {
        check(address, 4);
        return segment.get(INT, base + address);
    }

    public final long loadLong(long address) {
        check(address, 8);
        return segment.get(LONG, base + address);
    }

    public final void storeByte(long address, byte value) {
        check(address, 1);
        segment.set(BYTE, base + address, value);
    }

    public final void storeShort(long address, short value) {
        check(address, 2);
        segment.set(SHORT, base + address, value);
    }

    public final void storeInt(long address, int value) {
        check(address, 4);
        segment.set(INT, base + address, value);
    }

    public final void storeLong(long address, long value) {
        check(address, 8);
        segment.set(LONG, base + address, value);
    }

    /// A view of `length` bytes from `address`, for bulk input and output. It must not be used after the next
    /// `memory.grow` or after the memory is closed.
    public final MemorySegment slice(long address, long length) {
        check(address, length);
        return segment.asSlice(base + address, length);
    }

    private void check(long address, long length) {
        if (address < 0 || length < 0 || address > limit - length) {
            throw new Trap(Trap.Code.MEMORY_OUT_OF_BOUNDS);
        }
    }
}
