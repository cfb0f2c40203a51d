// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.debug.CodeOffsets;
import gate.engine.wasm.Module;
import java.util.Arrays;

/// The breakpoints set in a module, as offsets in the module of the instructions that they hit, ascending.
final class BreakpointOffsets {
    private final int[] offsets;

    private BreakpointOffsets(int[] offsets) {
        this.offsets = offsets;
    }

    /// @param given as reference 3.6 counts, in any order
    /// @throws BreakpointException for the lowest that hits no instruction
    static BreakpointOffsets of(Module module, long... given) throws BreakpointException {
        long[] values = Arrays.stream(given).sorted().distinct().toArray();
        CodeOffsets code = CodeOffsets.of(module);
        int[] offsets = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            offsets[i] = code.ofBreakpoint(values[i]).orElse(-1);
            if (offsets[i] < 0) {
                throw new BreakpointException(values[i]);
            }
        }
        return new BreakpointOffsets(offsets);
    }

    int count() {
        return offsets.length;
    }

    int offset(int index) {
        return offsets[index];
    }

    /// The first that is at an offset or behind it.
    int firstFrom(int offset) {
        int found = Arrays.binarySearch(offsets, offset);
        return found >= 0 ? found : -found - 1;
    }
}
