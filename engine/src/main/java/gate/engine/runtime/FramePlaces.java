// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Frames by function and offset: many frames stand at few instructions, or each at another one of a large
/// function, and neither may take more time than their number and the function's size together.
public final class FramePlaces {
    private final Map<Integer, TreeMap<Integer, List<Integer>>> places = new TreeMap<>();

    /// Empty at first.
    public FramePlaces() {}

    /// @param frame its number
    public void add(int frame, int function, int offset) {
        places.computeIfAbsent(function, key -> new TreeMap<>())
                .computeIfAbsent(offset, key -> new ArrayList<>())
                .add(frame);
    }

    public Iterable<Integer> functions() {
        return places.keySet();
    }

    /// Offsets in a function at which frames stand, ascending.
    public int[] offsets(int function) {
        return places.getOrDefault(function, new TreeMap<>()).keySet().stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /// The frames at an instruction.
    public List<Integer> at(int function, int offset) {
        return places.getOrDefault(function, new TreeMap<>()).getOrDefault(offset, List.of());
    }
}
