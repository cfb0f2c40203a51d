// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// What is told about an instance: Gate's reference 2.3.
///
/// @param result 0 or 1; for [State#HALTED] and [State#TERMINATED] only
/// @param error a detail that everybody may know; empty where there is none
public record Status(State state, Cause cause, int result, String error) {
    static Status of(State state, Cause cause) {
        return new Status(state, cause, 0, "");
    }

    /// After [TrapId#EXIT].
    ///
    /// @param state HALTED or TERMINATED
    /// @param result 0 or 1, see [EntryFunction#result]
    public static Status exited(State state, int result) {
        if (state != State.HALTED && state != State.TERMINATED) {
            throw new IllegalArgumentException("an exit doesn't lead to " + state);
        }
        return new Status(state, Cause.NORMAL, result, "");
    }

    public Status withError(String publicText) {
        return new Status(state, cause, result, publicText);
    }

    /// For people.
    @Override
    public String toString() {
        if (state == State.NONEXISTENT) {
            return error.isEmpty() ? "error" : "error: " + error;
        }
        String text;
        if (cause != Cause.NORMAL) {
            text = state + " abnormally: " + cause.text();
        } else if (state == State.HALTED || state == State.TERMINATED) {
            text = state + " with result " + result;
        } else {
            text = state.toString();
        }
        return error.isEmpty() ? text : text + "; error: " + error;
    }
}
