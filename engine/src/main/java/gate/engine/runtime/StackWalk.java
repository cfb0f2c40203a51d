// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.List;

/// Walks an execution's frames from the innermost outward.
final class StackWalk {
    private final Execution execution;
    private final List<Execution.SpecialReturn> specials;
    private int special;
    private int depth;
    private FunctionCode code;
    private Instance instance;
    private int pc;
    private int base;
    private boolean valid = true;
    private boolean innermost = true;

    StackWalk(Execution execution) {
        this.execution = execution;
        this.specials = execution.specials();
        this.depth = execution.depth;
        this.code = execution.current;
        this.instance = execution.instance;
        this.pc = execution.pc;
        this.base = execution.base;
    }

    boolean valid() {
        return valid;
    }

    boolean innermost() {
        return innermost;
    }

    FunctionCode code() {
        return code;
    }

    Instance instance() {
        return instance;
    }

    /// The word to be executed next; in an outer frame, the one to return to.
    int pc() {
        return pc;
    }

    int base() {
        return base;
    }

    void outward() {
        innermost = false;
        if (depth == 0) {
            valid = false;
            return;
        }
        long frame = execution.frames[depth - 1];
        if (special < specials.size() && specials.get(special).depth() == depth) {
            Execution.SpecialReturn found = specials.get(special++);
            code = found.caller();
            instance = found.instance();
        } else {
            FunctionCode caller = instance.code.functions(execution.counting)[(int) (frame >> 32)];
            if (caller == null) {
                throw new IllegalStateException("a caller has no code");
            }
            code = caller;
        }
        depth--;
        pc = (int) frame;
        base -= Op.callOffset(code.words()[pc - 1]);
    }
}
