// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Instructions;
import gate.engine.wasm.Opcode;
import gate.engine.wasm.ValueType;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/// A load or a store, core specification 2.4.6: what tests of its boundaries need to know of it.
///
/// @param name its constant in [Opcode]
record AccessInstruction(String name, int opcode) {
    /// All there are, from the opcodes: a new one can't be forgotten.
    static List<AccessInstruction> all() {
        List<AccessInstruction> found = new ArrayList<>();
        try {
            for (Field field : Opcode.class.getFields()) {
                int opcode = field.getInt(null);
                if (opcode >= Opcode.I32_LOAD && opcode <= Opcode.I64_STORE32) {
                    found.add(new AccessInstruction(field.getName(), opcode));
                }
            }
        } catch (IllegalAccessException e) {
            throw new LinkageError("opcodes are public", e);
        }
        return found;
    }

    boolean isStore() {
        return opcode >= Opcode.I32_STORE;
    }

    /// Bytes that it reads or writes.
    int width() {
        return 1 << Instructions.widthLog2(opcode);
    }

    int valueType() {
        return switch (name.substring(0, 3)) {
            case "I32" -> ValueType.I32;
            case "I64" -> ValueType.I64;
            case "F32" -> ValueType.F32;
            default -> ValueType.F64;
        };
    }

    /// What a load makes, raw, of bytes in memory that begin with these (little-endian).
    long loaded(long bytes) {
        int unused = 64 - 8 * width();
        boolean unsigned = name.endsWith("_U");
        return unsigned ? bytes << unused >>> unused : bytes << unused >> unused;
    }
}
