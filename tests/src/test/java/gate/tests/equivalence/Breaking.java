// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.debug.CodeOffsets;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.Execution;
import gate.engine.wasm.Module;
import java.util.SplittableRandom;

/// Sets breakpoints as a debugger does: everywhere, at some instructions, or none, and others after each stop.
final class Breaking {
    /// Stops at breakpoints of one run, after which it runs without them.
    private static final int STOPS_MAX = 3_000;

    private final SplittableRandom random;
    private final boolean everywhere;
    private int stops;

    private Breaking(long seed, boolean everywhere) {
        this.random = new SplittableRandom(seed);
        this.everywhere = everywhere;
    }

    /// It stops before each instruction.
    static Breaking everywhere() {
        return new Breaking(0, true);
    }

    /// It stops at some instructions, which change.
    static Breaking somewhere(long seed) {
        return new Breaking(seed, false);
    }

    int stops() {
        return stops;
    }

    /// Before an execution runs.
    void arrange(Execution execution) {
        if (execution.status() == Execution.Status.BREAKPOINT) {
            stops++;
        }
        if (stops >= STOPS_MAX) {
            execution.setBreakpoints(Breakpoints.NONE);
        } else if (everywhere) {
            execution.setBreakpoints(Breakpoints.EVERY_INSTRUCTION);
        } else if (execution.status() != Execution.Status.BREAKPOINT || random.nextInt(3) == 0) {
            execution.setBreakpoints(random.nextInt(8) == 0 ? Breakpoints.EVERY_INSTRUCTION : some(execution));
        }
    }

    private Breakpoints some(Execution execution) {
        Module module = execution.instance().module();
        int defined = module.functionCount() - module.importedFunctionCount();
        if (defined == 0) {
            return Breakpoints.NONE;
        }
        CodeOffsets offsets = CodeOffsets.of(module);
        int[] chosen = new int[random.nextInt(12)];
        for (int i = 0; i < chosen.length; i++) {
            int function = module.importedFunctionCount() + random.nextInt(defined);
            int first = offsets.firstInstruction(function);
            chosen[i] = offsets.instructionFrom(first + random.nextInt(module.bodyEnd(function) - first))
                    .orElse(first);
        }
        return Breakpoints.at(chosen);
    }
}
