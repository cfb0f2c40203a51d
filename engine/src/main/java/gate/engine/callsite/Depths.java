// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.wasm.Module;
import java.util.Arrays;

/// Heights of the operand stack before some instructions of a function, found by validating it
/// once.
final class Depths {
    private final Module module;
    private final int function;
    private int[] offsets = new int[16];
    private int[] heights = new int[0];
    private int count;

    Depths(Module module, int function) {
        this.module = module;
        this.function = function;
    }

    void want(int offset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = offset;
    }

    /// Finds what has been asked for.
    void find() {
        offsets = Arrays.stream(offsets, 0, count).sorted().distinct().toArray();
        heights = new int[offsets.length];
        Arrays.fill(heights, -1);
        module.visitTypes(
                function,
                offsets,
                (offset, types) -> heights[Arrays.binarySearch(offsets, offset)] = types.operandCount());
    }

    /// The height at an instruction that was asked for, or -1 where execution can't come to it.
    int at(int offset) {
        int found = Arrays.binarySearch(offsets, offset);
        return found < 0 ? -1 : heights[found];
    }
}
