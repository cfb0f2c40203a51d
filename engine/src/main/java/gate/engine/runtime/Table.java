// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.ValueType;
import java.util.Arrays;

/// A table instance (core specification 4.2.7): references as raw handles, null is 0.
public final class Table {
    /// Elements of a Java array.
    private static final int ELEMENTS_MAX = Integer.MAX_VALUE - 8;

    private final ExternType type;
    private final long maximum;
    private final Allowance allowance;
    long[] elements;
    int size;

    /// @param maximum declared maximum, or -1
    Table(ExternType type, int minimum, long maximum, Allowance allowance, long initial) {
        this.type = type;
        this.maximum = maximum;
        this.allowance = allowance;
        this.elements = new long[minimum];
        this.size = minimum;
        if (initial != 0) {
            Arrays.fill(elements, initial);
        }
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
        return elements[index];
    }

    /// Stores a raw reference, which must be of the table's type.
    ///
    /// @throws Trap [Trap.Code#TABLE_OUT_OF_BOUNDS]
    public void set(int index, long reference) {
        check(index, 1);
        elements[index] = reference;
    }

    /// `table.grow`: the size before, or -1.
    int grow(int delta, long reference) {
        long after = size + Integer.toUnsignedLong(delta);
        long most = maximum < 0 ? ELEMENTS_MAX : Math.min(maximum, ELEMENTS_MAX);
        int before = size;
        if (after > most || !allowance.take(after - before)) {
            return -1;
        }
        if (after > elements.length) {
            try {
                elements = Arrays.copyOf(elements, (int)
                        Math.min(Math.min(most, after + allowance.left()), Math.max(after, elements.length * 3L / 2)));
            } catch (OutOfMemoryError e) {
                allowance.giveBack(after - before);
                return -1;
            }
        }
        Arrays.fill(elements, before, (int) after, reference);
        size = (int) after;
        return before;
    }

    void check(int index, int count) {
        if (Integer.toUnsignedLong(index) + Integer.toUnsignedLong(count) > size) {
            throw new Trap(Trap.Code.TABLE_OUT_OF_BOUNDS);
        }
    }
}
