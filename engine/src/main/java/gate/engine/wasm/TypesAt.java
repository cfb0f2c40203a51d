// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// The types of what a frame holds at one instruction.
///
/// Not records' arrays but accessors: a function has up to 50,000 locals.
public final class TypesAt {
    private final int[] operands;
    private final int[] locals;
    private final boolean[] holdsValue;

    private TypesAt(int[] operands, int[] locals, boolean[] holdsValue) {
        this.operands = operands;
        this.locals = locals;
        this.holdsValue = holdsValue;
    }

    static TypesAt of(FunctionValidator validator) {
        int[] operands = new int[validator.operandCount()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = validator.operandType(i);
        }
        Locals source = validator.locals();
        int[] locals = new int[source.count()];
        boolean[] holdsValue = new boolean[locals.length];
        for (int i = 0; i < locals.length; i++) {
            locals[i] = source.type(i);
            holdsValue[i] = source.holdsValue(i);
        }
        return new TypesAt(operands, locals, holdsValue);
    }

    public int operandCount() {
        return operands.length;
    }

    /// Type of an operand, 0 the deepest.
    public int operand(int position) {
        return operands[position];
    }

    public int localCount() {
        return locals.length;
    }

    /// Type of a parameter or local.
    public int local(int index) {
        return locals[index];
    }

    /// False for a local without a default value that hasn't been set on the way here: its slot is zero.
    public boolean holdsValue(int index) {
        return holdsValue[index];
    }
}
