// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.Arrays;

/// The operand stack while a function is translated: each operand is in its own slot, or stands for a local or a
/// constant that hasn't been copied yet.
///
/// At most [#PENDING_MAX] operands from the top are of the latter kinds, so that a write to a local looks at few.
final class OperandStack {
    static final byte IN_SLOT = 0;
    static final byte LOCAL = 1;
    static final byte CONSTANT = 2;

    private static final int PENDING_MAX = 64;

    private final CodeBuffer code;
    private final FrameLayout layout;
    private byte[] kinds = new byte[16];
    private long[] values = new long[16];
    private int height;
    /// Operands below are all in their slots.
    private int settled;

    OperandStack(CodeBuffer code, FrameLayout layout) {
        this.code = code;
        this.layout = layout;
    }

    int height() {
        return height;
    }

    void setHeight(int newHeight) {
        if (newHeight > kinds.length) {
            grow(newHeight);
        }
        for (int i = height; i < newHeight; i++) {
            kinds[i] = IN_SLOT;
        }
        height = newHeight;
        settled = Math.min(settled, newHeight);
    }

    private void grow(int needed) {
        int capacity = Math.max(needed, kinds.length * 2);
        kinds = Arrays.copyOf(kinds, capacity);
        values = Arrays.copyOf(values, capacity);
    }

    private void push(byte kind, long value) {
        if (height == kinds.length) {
            grow(height + 1);
        }
        kinds[height] = kind;
        values[height++] = value;
        while (height - settled > PENDING_MAX) {
            settle(settled);
            settled++;
        }
    }

    void pushSlot() {
        push(IN_SLOT, 0);
    }

    void pushLocal(int local) {
        push(LOCAL, local);
    }

    void pushConstant(long value) {
        push(CONSTANT, value);
    }

    void pop(int count) {
        height -= count;
        settled = Math.min(settled, height);
    }

    /// Takes back a pop; nothing must have been pushed or settled above since.
    void unpop(int count) {
        height += count;
    }

    boolean isConstant(int position) {
        return kinds[position] == CONSTANT;
    }

    byte kind(int position) {
        return kinds[position];
    }

    /// The constant, or the local's index.
    long value(int position) {
        return values[position];
    }

    int slot(int position) {
        return layout.operandSlot(position);
    }

    /// Puts an operand into its own slot.
    void settle(int position) {
        if (kinds[position] == IN_SLOT) {
            return;
        }
        copyTo(position, slot(position));
        kinds[position] = IN_SLOT;
    }

    /// Puts the constants among some operands, maybe popped already, into their slots.
    void settleConstants(int first, int count) {
        for (int i = first; i < first + count; i++) {
            if (kinds[i] == CONSTANT) {
                settle(i);
            }
        }
    }

    void settleAll() {
        for (int i = settled; i < height; i++) {
            settle(i);
        }
        settled = height;
    }

    /// Before a local changes: operands that stand for it get their own copies.
    void settleLocal(int local) {
        for (int i = settled; i < height; i++) {
            if (kinds[i] == LOCAL && values[i] == local) {
                settle(i);
            }
        }
    }

    /// Copies an operand to a slot.
    void copyTo(int position, int target) {
        switch (kinds[position]) {
            case CONSTANT -> constant(values[position], target);
            case LOCAL -> move(layout.localSlot((int) values[position]), target);
            default -> move(slot(position), target);
        }
    }

    /// Copies a slot to a slot.
    void move(int from, int to) {
        if (from == to) {
            return;
        }
        if (to > Op.D_MAX) {
            if (from > Op.A_MAX) {
                code.emit(Op.WIDE_GET, layout.scratch(), 0, from);
                from = layout.scratch();
            }
            code.emit(Op.WIDE_SET, 0, from, to);
        } else if (from > Op.A_MAX) {
            code.emit(Op.WIDE_GET, to, 0, from);
        } else {
            code.emit(Op.MOVE, to, from, 0);
        }
    }

    private void constant(long value, int target) {
        int d = target > Op.D_MAX ? layout.scratch() : target;
        if (value == (int) value) {
            code.emit(Op.CONST, d, 0, (int) value);
        } else {
            code.emit(Op.CONST64, d, 0, code.size() + 1);
            code.add(value);
        }
        if (d != target) {
            code.emit(Op.WIDE_SET, 0, d, target);
        }
    }

    /// The slot from which to read an operand, at most `max`; a constant gets its own slot first.
    ///
    /// @param temporary which temporary slot to read it through where it lies beyond
    int register(int position, int max, int temporary) {
        if (kinds[position] == CONSTANT) {
            settle(position);
        }
        int from = kinds[position] == LOCAL ? layout.localSlot((int) values[position]) : slot(position);
        if (from <= max) {
            return from;
        }
        code.emit(Op.WIDE_GET, layout.temporary(temporary), 0, from);
        return layout.temporary(temporary);
    }

    OperandPlaces places(int count) {
        return new OperandPlaces(Arrays.copyOf(kinds, count), Arrays.copyOf(values, count), layout);
    }
}
