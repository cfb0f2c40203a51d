// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// Where the operands of a frame are at one instruction: kinds and values as in [OperandStack].
record OperandPlaces(byte[] kinds, long[] values, FrameLayout layout) {
    int count() {
        return kinds.length;
    }

    /// Reads an operand of the frame that begins at `base`.
    long read(long[] stack, int base, int position) {
        return switch (kinds[position]) {
            case OperandStack.CONSTANT -> values[position];
            case OperandStack.LOCAL -> stack[base + layout.localSlot((int) values[position])];
            default -> stack[base + layout.operandSlot(position)];
        };
    }

    /// Writes an operand of the frame that begins at `base`, whose locals are in place.
    ///
    /// @return false where the operand stands for a local or constant with another value
    boolean write(long[] stack, int base, int position, long value) {
        if (kinds[position] == OperandStack.IN_SLOT) {
            stack[base + layout.operandSlot(position)] = value;
            return true;
        }
        return read(stack, base, position) == value;
    }
}
