// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.util.Arrays;

/// Integers that grow in number.
final class IntList {
    private static final int INITIAL_CAPACITY = 8;

    private int[] values = new int[INITIAL_CAPACITY];
    private int size;

    int size() {
        return size;
    }

    int at(int index) {
        return values[index];
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
        }
        values[size++] = value;
    }
}
