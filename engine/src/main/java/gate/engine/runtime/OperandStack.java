// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// The operand stack while a function is translated: each operand is in its own slot, or stands for a local or a
/// constant that hasn't been copied yet.
///
/// At most [#PENDING_MAX] operands from the top are of the latter kinds. So a write to a local looks at few, a call
/// with 1,000 parameters and results costs no more than one with 64, and a stack of a million operands takes no memory.
final class OperandStack {
    static final byte IN_SLOT = 0;
    static final byte LOCAL = 1;
    static final byte CONSTANT = 2;

    private static final int PENDING_MAX = 64;

    /// Operands that an instruction looks at after it has popped them, and those that the translator pops and takes
    /// back.
    private static final int POPPED_MAX = 4;

    private static final int RING = 2 * PENDING_MAX;
    private static final int IN_RING = RING - 1;

    private final CodeBuffer code;
    private final FrameLayout layout;
    /// Of the operands from [#settled] on, by position modulo the ring's size.
    private final byte[] kinds = new byte[RING];

    private final long[] values = new long[RING];
    private int height;
    /// Operands below are all in their slots.
    private int settled;

    private int work;

    OperandStack(CodeBuffer code, FrameLayout layout) {
        this.code = code;
        this.layout = layout;
    }

    int height() {
        return height;
    }

    /// Operands pushed and looked at so far, wrapping around.
    int work() {
        return work;
    }

    /// Makes it as high as it is at a label, where all operands are in their slots.
    void reset(int newHeight) {
        height = newHeight;
        settled = newHeight;
    }

    private void push(byte kind, long value) {
        kinds[height & IN_RING] = kind;
        values[height & IN_RING] = value;
        height++;
        work++;
        while (height - settled > PENDING_MAX) {
            settle(settled);
            settled++;
        }
    }

    void pushSlot() {
        push(IN_SLOT, 0);
    }

    void pushSlots(int count) {
        if (count >= PENDING_MAX) {
            settleAll();
            reset(height + count);
            return;
        }
        for (int i = 0; i < count; i++) {
            push(IN_SLOT, 0);
        }
    }

    void pushLocal(int local) {
        push(LOCAL, local);
    }

    void pushConstant(long value) {
        push(CONSTANT, value);
    }

    /// The lowest [#POPPED_MAX] of the popped operands can still be looked at until something is pushed.
    void pop(int count) {
        height -= count;
        if (height < settled) {
            int end = Math.min(settled, height + POPPED_MAX);
            for (int i = height; i < end; i++) {
                kinds[i & IN_RING] = IN_SLOT;
            }
            settled = height;
        }
    }

    /// Takes back a pop; nothing must have been pushed or settled above since.
    void unpop(int count) {
        height += count;
    }

    boolean isConstant(int position) {
        return kind(position) == CONSTANT;
    }

    byte kind(int position) {
        return position < settled ? IN_SLOT : kinds[position & IN_RING];
    }

    /// The constant, or the local's index.
    long value(int position) {
        return values[position & IN_RING];
    }

    int slot(int position) {
        return layout.operandSlot(position);
    }

    /// Puts an operand into its own slot.
    void settle(int position) {
        if (kind(position) == IN_SLOT) {
            return;
        }
        copyTo(position, slot(position));
        kinds[position & IN_RING] = IN_SLOT;
    }

    /// Puts the constants among some operands, maybe popped already, into their slots.
    void settleConstants(int first, int count) {
        for (int i = first; i < first + count; i++) {
            if (kind(i) == CONSTANT) {
                settle(i);
            }
        }
    }

    void settleAll() {
        settleFrom(0);
        settled = height;
    }

    /// Puts the operands from `first` to the top into their slots.
    void settleFrom(int first) {
        for (int i = Math.max(first, settled); i < height; i++) {
            settle(i);
            work++;
        }
    }

    /// Copies the operands from `first` to the top to their slots, and leaves them what they are.
    void copyFrom(int first) {
        for (int i = Math.max(first, settled); i < height; i++) {
            copyTo(i, slot(i));
            work++;
        }
    }

    /// Before a local changes: operands that stand for it get their own copies.
    void settleLocal(int local) {
        work += height - settled;
        for (int i = settled; i < height; i++) {
            if (kinds[i & IN_RING] == LOCAL && values[i & IN_RING] == local) {
                settle(i);
            }
        }
    }

    /// Copies an operand to a slot.
    void copyTo(int position, int target) {
        switch (kind(position)) {
            case CONSTANT -> constant(value(position), target);
            case LOCAL -> move(layout.localSlot((int) value(position)), target);
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
        settleConstants(position, 1);
        int from = kind(position) == LOCAL ? layout.localSlot((int) value(position)) : slot(position);
        if (from <= max) {
            return from;
        }
        code.emit(Op.WIDE_GET, layout.temporary(temporary), 0, from);
        return layout.temporary(temporary);
    }

    OperandPlaces places(int count) {
        byte[] placeKinds = new byte[count];
        long[] placeValues = new long[count];
        for (int i = settled; i < count; i++) {
            placeKinds[i] = kind(i);
            placeValues[i] = value(i);
        }
        return new OperandPlaces(placeKinds, placeValues, layout);
    }
}
