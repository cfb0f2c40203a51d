// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.util.Arrays;

/// The blocks open at one point of a function, innermost last: 16 bytes each.
final class Labels {
    /// The block types that aren't a value type.
    static final int EMPTY = 0;

    static final int FUNCTION = 1;
    /// Set in a block type that is a type index.
    static final int TYPE_INDEX = 0x8000_0000;

    private static final int OPCODE_BITS = 3;
    private static final int HEIGHT_SHIFT = 4;
    private static final int TYPE_SHIFT = 32;
    private static final int OUTER_UNREACHABLE = 8;

    /// Block type 32 bits, operand height 28, whether the code around it is unreachable 1, opcode 3.
    private long[] entries = new long[32];

    private int[] initialized = new int[32];
    private int[] seen = new int[32];
    private int depth;
    private int round;
    private final int[] singleType = new int[1];

    void clear() {
        depth = 0;
    }

    int depth() {
        return depth;
    }

    void push(int opcode, int blockType, int height, int initializedLocals, boolean outerUnreachable) {
        if (depth == entries.length) {
            entries = Arrays.copyOf(entries, depth * 2);
            initialized = Arrays.copyOf(initialized, depth * 2);
            seen = Arrays.copyOf(seen, depth * 2);
        }
        entries[depth] = (long) blockType << TYPE_SHIFT
                | (long) height << HEIGHT_SHIFT
                | (outerUnreachable ? OUTER_UNREACHABLE : 0)
                | opcode - Opcode.BLOCK;
        seen[depth] = 0;
        initialized[depth++] = initializedLocals;
    }

    /// @return whether the code around the block is unreachable
    boolean pop() {
        return (entries[--depth] & OUTER_UNREACHABLE) != 0;
    }

    /// The position of the label that is `relative` blocks out.
    int at(int relative) {
        return depth - 1 - relative;
    }

    int opcode(int at) {
        return (int) (entries[at] & (1 << OPCODE_BITS) - 1) + Opcode.BLOCK;
    }

    void setOpcode(int at, int opcode) {
        entries[at] = entries[at] & -(1L << OPCODE_BITS) | opcode - Opcode.BLOCK;
    }

    int blockType(int at) {
        return (int) (entries[at] >> TYPE_SHIFT);
    }

    int height(int at) {
        return (int) (entries[at] >>> HEIGHT_SHIFT) & 0x0FFF_FFFF;
    }

    int initialized(int at) {
        return initialized[at];
    }

    /// Starts to collect the labels of one `br_table`.
    int nextRound() {
        if (++round < 0) {
            Arrays.fill(seen, 0);
            round = 1;
        }
        return round;
    }

    /// @return whether the label is new in this round
    boolean markSeen(int relative, int inRound) {
        int at = at(relative);
        if (seen[at] == inRound) {
            return false;
        }
        seen[at] = inRound;
        return true;
    }

    /// The one result of a block whose type is a value type, valid until the next call.
    int[] single(int valueType) {
        singleType[0] = valueType;
        return singleType;
    }
}
