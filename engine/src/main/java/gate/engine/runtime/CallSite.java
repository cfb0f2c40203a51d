// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;

/// A call instruction that isn't a tail call.
///
/// @param type of the callee
/// @param byOperand whether the callee is given by an operand above the arguments
record CallSite(FunctionType type, boolean byOperand) {
    static boolean isCall(Module module, int offset) {
        int opcode = module.bytes()[offset] & 0xFF;
        return opcode == CALL || opcode == CALL_INDIRECT || opcode == CALL_REF;
    }

    /// The call at the offset of an instruction, which must be one.
    static CallSite at(Module module, int offset) {
        CodeCursor in = new CodeCursor(module.bytes(), offset);
        int opcode = in.opcode();
        int index = in.u32();
        return opcode == CALL
                ? new CallSite(module.functionType(index), false)
                : new CallSite(module.type(index), true);
    }
}
