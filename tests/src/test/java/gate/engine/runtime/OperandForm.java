// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.List;

/// Where the operands of an instruction are when it is translated.
enum OperandForm {
    /// In locals.
    LOCALS,
    /// On the operand stack.
    SLOTS,
    /// On an operand stack beyond the reach of an instruction word's fields.
    FAR_SLOTS;

    private static final String FAR = " (local" + " i64".repeat(Op.A_MAX + 1) + ")";

    /// An exported function that executes an instruction on its parameters.
    ///
    /// @param name to which the form's is added
    /// @param parameters types
    /// @param result a type or nothing
    String function(String name, List<String> parameters, String result, String instruction) {
        StringBuilder text = new StringBuilder("(func (export \"" + name + " " + this + "\")");
        parameters.forEach(type -> text.append(" (param ").append(type).append(')'));
        text.append(result.isEmpty() ? "" : " (result " + result + ")");
        text.append(this == FAR_SLOTS ? FAR : "");
        for (int i = 0; i < parameters.size(); i++) {
            text.append(" local.get ").append(i);
        }
        // A label puts what stands for locals on the stack itself.
        text.append(this == LOCALS ? " " : " loop end ").append(instruction);
        return text.append(")\n").toString();
    }

    /// The function of a form: they take turns.
    static OperandForm ofTurn(int turn) {
        return values()[turn % values().length];
    }
}
