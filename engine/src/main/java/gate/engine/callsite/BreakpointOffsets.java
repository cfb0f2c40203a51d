// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.runtime.CodeCursor;
import gate.engine.wasm.Module;
import gate.engine.wasm.Section;
import java.util.Arrays;
import java.util.BitSet;

/// The breakpoints set in a module, as offsets in the module of the instructions that they hit.
final class BreakpointOffsets {
    private final long[] values;
    private final int[] offsets;
    private final BitSet hit = new BitSet();

    /// @param values as reference 3.6 counts: from the function count's end to the opcode's
    private BreakpointOffsets(long[] values, int[] offsets) {
        this.values = values;
        this.offsets = offsets;
    }

    static BreakpointOffsets of(Module module, long... given) throws BreakpointException {
        long[] values = Arrays.stream(given).sorted().distinct().toArray();
        int[] offsets = new int[values.length];
        int origin = origin(module);
        for (int i = 0; i < values.length; i++) {
            if (values[i] <= 0 || values[i] > module.bytes().length - (long) origin) {
                throw new BreakpointException(values[i]);
            }
            offsets[i] = origin + (int) values[i] - 1;
        }
        return new BreakpointOffsets(values, offsets);
    }

    private static int origin(Module module) {
        return module.section(Section.CODE)
                .map(section -> {
                    CodeCursor in = new CodeCursor(module.bytes(), section.contentStart());
                    in.u32();
                    return in.position();
                })
                .orElse(module.bytes().length);
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

    void hit(int index) {
        hit.set(index);
    }

    /// After all functions have been walked.
    void requireHits() throws BreakpointException {
        int missed = hit.nextClearBit(0);
        if (missed < values.length) {
            throw new BreakpointException(values[missed]);
        }
    }
}
