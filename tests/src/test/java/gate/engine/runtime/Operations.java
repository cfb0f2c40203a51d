// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The operations of [Op] by name.
final class Operations {
    /// Constants of [Op] that are no operations.
    private static final Set<String> NOT_OPERATIONS =
            Set.of("FIRST_OUTER", "D_MAX", "A_MAX", "CALL_OFFSET_MAX", "RARE", "RARE_PREFIXED");

    private static final Map<String, Integer> BY_NAME = new TreeMap<>();

    static {
        try {
            for (Field field : Op.class.getDeclaredFields()) {
                boolean constant = Modifier.isStatic(field.getModifiers()) && field.getType() == int.class;
                if (constant && !NOT_OPERATIONS.contains(field.getName())) {
                    BY_NAME.put(field.getName(), field.getInt(null));
                }
            }
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Operations() {}

    static Map<String, Integer> byName() {
        return BY_NAME;
    }

    static String name(int operation) {
        return BY_NAME.entrySet().stream()
                .filter(entry -> entry.getValue() == operation)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> "RARE " + operation);
    }

    /// The operation at which an execution trapped.
    static int trapped(Execution execution) {
        return Op.operation(execution.machine.current.words()[execution.machine.pc - 1]);
    }
}
