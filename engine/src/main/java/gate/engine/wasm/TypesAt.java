// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// The types of what a frame holds at one instruction: a view of a validator that has stopped there. Nothing is copied,
/// as a function has up to 50,000 locals.
public final class TypesAt {
    /// Sees the types at places of a function.
    ///
    /// @param <E> what it throws
    @FunctionalInterface
    public interface Visitor<E extends Exception> {
        /// @param types valid until this returns
        void at(int offset, TypesAt types) throws E;
    }

    private final FunctionValidator validator;

    TypesAt(FunctionValidator validator) {
        this.validator = validator;
    }

    public int operandCount() {
        return validator.operandCount();
    }

    /// Type of an operand, 0 the deepest.
    public int operand(int position) {
        return validator.operandType(position);
    }

    public int localCount() {
        return validator.locals().count();
    }

    /// Type of a parameter or local.
    public int local(int index) {
        return validator.locals().type(index);
    }

    /// False for a local without a default value that hasn't been set on the way here: its slot is zero.
    public boolean holdsValue(int index) {
        return validator.locals().holdsValue(index);
    }
}
