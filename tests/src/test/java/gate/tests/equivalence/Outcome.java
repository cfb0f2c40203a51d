// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import java.util.List;

/// Everything that can be seen of a run.
///
/// @param events results and traps of its entries, and host calls
/// @param state memories, tables and globals at the end, as text
/// @param fuel instructions executed, or -1 where they weren't counted
record Outcome(List<String> events, String state, long fuel) {
    Outcome {
        events = List.copyOf(events);
    }

    Outcome withoutFuel() {
        return new Outcome(events, state, -1);
    }
}
