// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Module;

/// Which slot of a frame holds what: parameters, then in frames too large for an instruction's short fields four
/// temporaries, then the other locals, then operands.
///
/// @param parameters slots of parameters
/// @param locals parameters and other locals
/// @param operands operand slots
/// @param temporaries 4 or 0
record FrameLayout(int parameters, int locals, int operands, int temporaries) {
    private static final int TEMPORARIES = 4;

    static FrameLayout of(Module module, int function, int locals) {
        int operands = module.operandsMax(function);
        int parameters = module.functionType(function).parameterCount();
        return new FrameLayout(parameters, locals, operands, locals + operands > Op.D_MAX ? TEMPORARIES : 0);
    }

    int localSlot(int local) {
        return local < parameters ? local : local + temporaries;
    }

    int operandSlot(int position) {
        return locals + temporaries + position;
    }

    int temporary(int index) {
        return parameters + index;
    }

    /// The temporary for copies between slots that are both far away.
    int scratch() {
        return temporary(3);
    }

    int slots() {
        return locals + temporaries + operands;
    }

    /// Words of the stack budget: reference 7.6, without the return site.
    int budget() {
        return locals + operands;
    }

    int zeroTo() {
        return locals + temporaries;
    }
}
