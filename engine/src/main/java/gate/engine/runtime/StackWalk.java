// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.List;

/// Walks an execution's frames from the innermost outward.
final class StackWalk {
    private final Machine machine;
    private final List<Machine.SpecialReturn> specials;
    private int special;
    private int depth;
    private FunctionCode code;
    private Instance instance;
    private int pc;
    private int base;
    private boolean valid = true;
    private boolean innermost = true;

    StackWalk(Machine machine) {
        this.machine = machine;
        this.specials = machine.specials();
        this.depth = machine.depth;
        this.code = machine.current;
        this.instance = machine.instance;
        this.pc = machine.pc;
        this.base = machine.base;
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
        long frame = machine.frames[depth - 1];
        if (special < specials.size() && specials.get(special).depth() == depth) {
            Machine.SpecialReturn found = specials.get(special++);
            code = found.caller();
            instance = found.instance();
        } else {
            FunctionCode caller = instance.functions(machine.counting)[(int) (frame >> 32)];
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
