// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import java.util.Optional;

/// Why an instance is in its state: Gate's reference 2.3. Those that aren't [#NORMAL] have the numbers of
/// [TrapId].
public enum Cause {
    NORMAL(0),
    /// Clients know no name for it.
    NO_FUNCTION(1, "1"),
    UNREACHABLE(3),
    CALL_STACK_EXHAUSTED(4),
    MEMORY_ACCESS_OUT_OF_BOUNDS(5),
    INDIRECT_CALL_INDEX_OUT_OF_BOUNDS(6),
    INDIRECT_CALL_SIGNATURE_MISMATCH(7),
    INTEGER_DIVIDE_BY_ZERO(8),
    INTEGER_OVERFLOW(9),
    BREAKPOINT(10),
    ABI_DEFICIENCY(27),
    ABI_VIOLATION(28),
    /// As a trap it is called [TrapId#INTERNAL_ERROR].
    INTERNAL(29);

    private final int number;
    private final String text;

    Cause(int number) {
        this.number = number;
        this.text = name();
    }

    Cause(int number, String text) {
        this.number = number;
        this.text = text;
    }

    public int number() {
        return number;
    }

    /// What clients are told.
    public String text() {
        return text;
    }

    /// The one with this number.
    public static Optional<Cause> of(int number) {
        for (Cause cause : values()) {
            if (cause.number == number) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }
}
