// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import java.util.Optional;

/// Where an instance is: Gate's reference 2.3, with its numbers.
public enum State {
    NONEXISTENT(0),
    RUNNING(1),
    SUSPENDED(2),
    HALTED(3),
    TERMINATED(4),
    KILLED(5);

    private final int number;

    State(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// The one with this number.
    public static Optional<State> of(int number) {
        for (State state : values()) {
            if (state.number == number) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /// Whether such an instance must never run again.
    public boolean isFinal() {
        return this == TERMINATED || this == KILLED;
    }
}
