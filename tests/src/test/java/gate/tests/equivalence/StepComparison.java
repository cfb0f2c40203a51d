// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Compares runs step by step and keeps count.
final class StepComparison {
    private static final String TRAPS = " traps ";
    private static final int DIFFERENCES_SHOWN = 5;

    private final List<String> differences = new ArrayList<>();
    private int runs;
    private long steps;
    private int exhausted;
    private final Map<String, Integer> traps = new TreeMap<>();

    /// @param name that finds the program again
    /// @return whether they are alike
    boolean add(String name, List<String> ours, String otherName, List<String> others) {
        runs++;
        for (int i = 0; i < Math.max(ours.size(), others.size()); i++) {
            String our = i < ours.size() ? ours.get(i) : "(nothing)";
            String other = i < others.size() ? others.get(i) : "(nothing)";
            if (exhausts(our) || exhausts(other)) {
                exhausted++; // each engine has frames of its own size: what follows isn't comparable
                return true;
            }
            if (!our.equals(other)) {
                report(name + ", step " + i + "\nours: " + our + "\n" + otherName + ": " + other);
                return false;
            }
            steps++;
            int trap = our.indexOf(TRAPS);
            if (trap >= 0) {
                String kind = our.substring(trap + TRAPS.length()).split(" ", 2)[0];
                traps.merge(kind, 1, Integer::sum);
            }
        }
        return true;
    }

    void report(String difference) {
        if (differences.size() < DIFFERENCES_SHOWN) {
            differences.add(difference);
        }
    }

    private static boolean exhausts(String step) {
        return step.contains(TRAPS + "stack");
    }

    List<String> differences() {
        return differences;
    }

    long steps() {
        return steps;
    }

    @Override
    public String toString() {
        return runs + " runs compared, " + steps + " steps, traps " + traps + "; " + exhausted
                + " ended early at an exhausted stack";
    }
}
