// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.ValueType;

/// Checks raw values from outside against their types.
final class ValueCheck {
    private ValueCheck() {}

    static void check(Instance instance, int type, long value, String what) throws CorruptImageException {
        boolean fits = switch (type) {
            case ValueType.I32, ValueType.F32 -> value == (int) value;
            case ValueType.I64, ValueType.F64, ValueType.BOTTOM -> true;
            default -> isReference(instance, type, value);
        };
        if (!fits) {
            throw new CorruptImageException(what + " isn't a value of type " + ValueType.name(type));
        }
    }

    private static boolean isReference(Instance instance, int type, long value) {
        if (value == 0) {
            return ValueType.isNullable(type);
        }
        if (!ValueType.isConcrete(type) && ValueType.heap(type) == ValueType.HEAP_EXTERN) {
            return true;
        }
        if (!instance.store().isFunction(value)) {
            return false;
        }
        if (!ValueType.isConcrete(type)) {
            return true;
        }
        FunctionType wanted = instance.module().type(ValueType.typeIndex(type));
        return instance.store().typeOf(value).equals(wanted);
    }
}
