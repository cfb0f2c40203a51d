// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// [Module#typesAt] that remembers: many frames stand at few instructions. Bounded by what it holds. For one thread at
/// a
/// time.
public final class TypeCache {
    private static final int VALUES_MAX = 1 << 20;

    private final Module module;
    private final Map<Long, TypesAt> byPlace = new HashMap<>();
    private int values;

    public TypeCache(Module module) {
        this.module = module;
    }

    /// As [Module#typesAt].
    public Optional<TypesAt> at(int function, int offset) {
        TypesAt known = byPlace.get(key(function, offset));
        if (known != null) {
            return Optional.of(known);
        }
        Optional<TypesAt> found = module.typesAt(function, offset);
        found.ifPresent(types -> remember(key(function, offset), types));
        return found;
    }

    private static long key(int function, int offset) {
        return (long) function << 32 | offset;
    }

    private void remember(long key, TypesAt types) {
        values += types.localCount() + types.operandCount();
        if (values > VALUES_MAX) {
            byPlace.clear();
            values = types.localCount() + types.operandCount();
        }
        byPlace.put(key, types);
    }
}
