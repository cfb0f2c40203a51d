// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Positions found before: many frames stand at few calls. Bounded by what it holds.
final class PositionCache {
    private static final int OPERANDS_MAX = 1 << 20;

    private record Place(FunctionCode code, int at) {}

    private final Map<Place, Positions.@Nullable Position> positions = new HashMap<>();
    private int operands;

    /// The position at a place of some code, looked for where it isn't known.
    ///
    /// @param at any number that tells places of this code apart
    Positions.@Nullable Position at(FunctionCode code, int at, Supplier<Positions.@Nullable Position> search) {
        Place place = new Place(code, at);
        Positions.Position known = positions.get(place);
        if (known != null) {
            return known;
        }
        Positions.Position found = search.get();
        if (found != null) {
            operands += found.places().count() + 16;
            if (operands > OPERANDS_MAX) {
                positions.clear();
                operands = found.places().count() + 16;
            }
            positions.put(place, found);
        }
        return found;
    }
}
