// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.ValueType;
import java.util.Arrays;

/// A table instance (core specification 4.2.7): references as raw handles, null is 0.
///
/// Elements are in pages. Pages that hold one reference throughout are shared until they are written to, so that making
/// or growing a table costs time and memory for what is used of it, however large it is.
public final class Table {
    /// Elements of a Java array, which a table in pages needn't fear; but sizes are `int`s.
    private static final int ELEMENTS_MAX = Integer.MAX_VALUE - 8;

    private static final int PAGE_SHIFT = 10;
    private static final int PAGE_SIZE = 1 << PAGE_SHIFT;
    private static final int PAGE_MASK = PAGE_SIZE - 1;

    /// Shared by all tables; never written.
    private static final long[] NULLS = new long[PAGE_SIZE];

    private final ExternType type;
    private final long maximum;
    private final Allowance allowance;
    private long[][] pages;
    private boolean[] shared;
    int size;

    /// @param maximum declared maximum, or -1
    /// @param initial what every element is at the start
    Table(ExternType type, int minimum, long maximum, Allowance allowance, long initial) {
        this.type = type;
        this.maximum = maximum;
        this.allowance = allowance;
        this.pages = new long[0][];
        this.shared = new boolean[0];
        extend(minimum, initial);
    }

    /// A table of `funcref` or `externref` for import into modules.
    ///
    /// @param maximum elements, or -1 for none
    public static Table of(int elementType, int minimum, long maximum) {
        if (elementType != ValueType.FUNCREF && elementType != ValueType.EXTERNREF) {
            throw new IllegalArgumentException("not funcref or externref");
        }
        return new Table(ExternType.global(elementType, true), minimum, maximum, new Allowance(ELEMENTS_MAX), 0);
    }

    ExternType type() {
        return type;
    }

    /// Declared maximum, or -1.
    public long maximum() {
        return maximum;
    }

    public int size() {
        return size;
    }

    /// @throws Trap [Trap.Code#TABLE_OUT_OF_BOUNDS]
    public long get(int index) {
        check(index, 1);
        return at(index);
    }

    /// Stores a raw reference, which must be of the table's type.
    ///
    /// @throws Trap [Trap.Code#TABLE_OUT_OF_BOUNDS]
    public void set(int index, long reference) {
        check(index, 1);
        put(index, reference);
    }

    /// An element within the size.
    long at(int index) {
        return pages[index >>> PAGE_SHIFT][index & PAGE_MASK];
    }

    /// Sets an element within the size.
    void put(int index, long reference) {
        ownPage(index >>> PAGE_SHIFT)[index & PAGE_MASK] = reference;
    }

    /// Sets elements within the size.
    void fill(int from, int count, long reference) {
        for (int at = from, end = from + count; at < end; ) {
            int pageEnd = Math.min(end, (at | PAGE_MASK) + 1);
            Arrays.fill(ownPage(at >>> PAGE_SHIFT), at & PAGE_MASK, (pageEnd - 1 & PAGE_MASK) + 1, reference);
            at = pageEnd;
        }
    }

    private long[] ownPage(int page) {
        if (shared[page]) {
            // Of the last page only as much as there are elements.
            int used = (int) Math.min(PAGE_SIZE, size - ((long) page << PAGE_SHIFT));
            pages[page] = Arrays.copyOf(pages[page], used);
            shared[page] = false;
        }
        return pages[page];
    }

    /// `table.grow`: the size before, or -1.
    int grow(int delta, long reference) {
        long after = size + Integer.toUnsignedLong(delta);
        long most = maximum < 0 ? ELEMENTS_MAX : Math.min(maximum, ELEMENTS_MAX);
        int before = size;
        if (after > most || !allowance.take(after - before)) {
            return -1;
        }
        extend((int) after, reference);
        return before;
    }

    private void extend(int newSize, long reference) {
        int usedPages = pages.length;
        int before = size;
        int neededPages = (int) ((newSize + (long) PAGE_MASK) >>> PAGE_SHIFT);
        if (neededPages > usedPages) {
            pages = Arrays.copyOf(pages, neededPages);
            shared = Arrays.copyOf(shared, neededPages);
            long[] filled = reference == 0 ? NULLS : new long[PAGE_SIZE];
            if (reference != 0) {
                Arrays.fill(filled, reference);
            }
            Arrays.fill(pages, usedPages, neededPages, filled);
            Arrays.fill(shared, usedPages, neededPages, true);
        }
        size = newSize;
        if (usedPages > 0 && !shared[usedPages - 1] && pages[usedPages - 1].length < PAGE_SIZE) {
            int used = (int) Math.min(PAGE_SIZE, newSize - ((long) (usedPages - 1) << PAGE_SHIFT));
            pages[usedPages - 1] = Arrays.copyOf(pages[usedPages - 1], used);
        }
        int partial = (int) Math.min(newSize, (long) usedPages << PAGE_SHIFT);
        if (partial > before) {
            fill(before, partial - before, reference);
        }
    }

    void check(int index, int count) {
        if (Integer.toUnsignedLong(index) + Integer.toUnsignedLong(count) > size) {
            throw new Trap(Trap.Code.TABLE_OUT_OF_BOUNDS);
        }
    }
}
