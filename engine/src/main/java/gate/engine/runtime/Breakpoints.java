// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.Arrays;

/// Instructions before which an instance being debugged stops. Immutable.
public final class Breakpoints {
    /// Nothing stops it.
    public static final Breakpoints NONE = new Breakpoints(false);

    /// It stops before every instruction.
    public static final Breakpoints EVERY_INSTRUCTION = new Breakpoints(true);

    private final boolean everywhere;
    private final int[] offsets;

    private Breakpoints(boolean everywhere, int... offsets) {
        this.everywhere = everywhere;
        this.offsets = offsets;
    }

    /// @param offsets of instructions, as byte offsets in the module
    public static Breakpoints at(int... offsets) {
        int[] sorted = offsets.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? NONE : new Breakpoints(false, sorted);
    }

    boolean isNone() {
        return !everywhere && offsets.length == 0;
    }

    /// Whether it stops before the instruction at an offset.
    public boolean at(int offset) {
        return everywhere || offsets.length > 0 && Arrays.binarySearch(offsets, offset) >= 0;
    }
}
