// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import gate.engine.runtime.Trap;
import java.util.Optional;

/// How running ends, with the numbers that saved programs and statuses have: Gate's reference 2.1.
public enum TrapId {
    /// The program returned, or called `proc_exit`.
    EXIT(0),
    NO_FUNCTION(1),
    SUSPENDED(2),
    UNREACHABLE(3),
    /// Suspends: with a larger stack the program could go on.
    CALL_STACK_EXHAUSTED(4),
    MEMORY_ACCESS_OUT_OF_BOUNDS(5),
    INDIRECT_CALL_INDEX_OUT_OF_BOUNDS(6),
    INDIRECT_CALL_SIGNATURE_MISMATCH(7),
    INTEGER_DIVIDE_BY_ZERO(8),
    INTEGER_OVERFLOW(9),
    BREAKPOINT(10),
    /// Suspends: see [Deficiency].
    ABI_DEFICIENCY(27),
    ABI_VIOLATION(28),
    INTERNAL_ERROR(29),
    KILLED(30);

    private final int number;

    TrapId(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// The one with this number.
    public static Optional<TrapId> of(int number) {
        for (TrapId id : values()) {
            if (id.number == number) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    /// What the engine's trap is called here.
    ///
    /// The numbers are older than tables that code can read and references: those traps get the number of
    /// what comes nearest. A table that is read beyond its end is an index out of bounds. To call a null
    /// reference is to call through an empty table slot, which has the number of a wrong signature.
    /// (`NO_FUNCTION` has no name where clients see it.) A reference that was asserted not to be null and
    /// is, was thought unreachable.
    public static TrapId of(Trap.Code code) {
        return switch (code) {
            case UNREACHABLE, NULL_REFERENCE -> UNREACHABLE;
            case CALL_STACK_EXHAUSTED -> CALL_STACK_EXHAUSTED;
            case MEMORY_OUT_OF_BOUNDS -> MEMORY_ACCESS_OUT_OF_BOUNDS;
            case TABLE_OUT_OF_BOUNDS, UNDEFINED_ELEMENT -> INDIRECT_CALL_INDEX_OUT_OF_BOUNDS;
            case UNINITIALIZED_ELEMENT, INDIRECT_CALL_TYPE_MISMATCH, NULL_FUNCTION_REFERENCE ->
                INDIRECT_CALL_SIGNATURE_MISMATCH;
            case INTEGER_DIVIDE_BY_ZERO -> INTEGER_DIVIDE_BY_ZERO;
            case INTEGER_OVERFLOW, INVALID_CONVERSION_TO_INTEGER -> INTEGER_OVERFLOW;
            case HOST -> INTERNAL_ERROR;
        };
    }

    /// What is reported where someone has asked to kill the program: that, unless it did something wrong
    /// before.
    public TrapId killRequested() {
        return switch (this) {
            case EXIT, SUSPENDED, BREAKPOINT, ABI_DEFICIENCY -> KILLED;
            case NO_FUNCTION,
                    UNREACHABLE,
                    CALL_STACK_EXHAUSTED,
                    MEMORY_ACCESS_OUT_OF_BOUNDS,
                    INDIRECT_CALL_INDEX_OUT_OF_BOUNDS,
                    INDIRECT_CALL_SIGNATURE_MISMATCH,
                    INTEGER_DIVIDE_BY_ZERO,
                    INTEGER_OVERFLOW,
                    ABI_VIOLATION,
                    INTERNAL_ERROR,
                    KILLED -> this;
        };
    }

    /// The state of an instance that ended so.
    ///
    /// @throws IllegalArgumentException for [#EXIT], which leads to one of two: see [Status#exited]
    public Status status() {
        return switch (this) {
            case EXIT -> throw new IllegalArgumentException("an exit has a result");
            case SUSPENDED -> Status.of(State.SUSPENDED, Cause.NORMAL);
            case CALL_STACK_EXHAUSTED, BREAKPOINT, ABI_DEFICIENCY -> Status.of(State.SUSPENDED, cause());
            case KILLED -> Status.of(State.KILLED, Cause.NORMAL);
            case NO_FUNCTION,
                    UNREACHABLE,
                    MEMORY_ACCESS_OUT_OF_BOUNDS,
                    INDIRECT_CALL_INDEX_OUT_OF_BOUNDS,
                    INDIRECT_CALL_SIGNATURE_MISMATCH,
                    INTEGER_DIVIDE_BY_ZERO,
                    INTEGER_OVERFLOW,
                    ABI_VIOLATION,
                    INTERNAL_ERROR -> Status.of(State.KILLED, cause());
        };
    }

    private Cause cause() {
        return Cause.of(number).orElseThrow();
    }
}
