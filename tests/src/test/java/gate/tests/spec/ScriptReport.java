// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.wasm.Feature;
import java.util.List;
import java.util.Map;

/// What came of one script at one pace.
///
/// @param assertions commands that assert something, and it was so
/// @param others other commands that did what they say
/// @param leftOut commands that need a feature which isn't built
/// @param differences accepted ones, among the former two
/// @param failures each with its place and what was wrong
/// @param fuel instructions that each run of guest code executed, in order; empty where they weren't counted
record ScriptReport(
        String script,
        int assertions,
        int others,
        Map<Feature, Integer> leftOut,
        Map<Difference, Integer> differences,
        List<String> failures,
        Suspensions suspensions,
        List<Long> fuel) {
    ScriptReport {
        leftOut = Map.copyOf(leftOut);
        differences = Map.copyOf(differences);
        failures = List.copyOf(failures);
        fuel = List.copyOf(fuel);
    }

    int leftOutCommands() {
        return leftOut.values().stream().mapToInt(Integer::intValue).sum();
    }
}
