// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.GlobalType;
import gate.engine.wasm.Module;
import gate.engine.wasm.TableType;
import gate.engine.wasm.ValueType;
import org.jspecify.annotations.Nullable;

/// A value type without its module: comparable across modules, where a concrete reference carries its function
/// type.
///
/// @param valueType as in [ValueType], with type index 0 where it is concrete
/// @param function the type referred to, or null
/// @param mutable of a global
record ExternType(int valueType, @Nullable FunctionType function, boolean mutable) {
    private static ExternType of(Module module, int valueType, boolean mutable) {
        if (!ValueType.isConcrete(valueType)) {
            return new ExternType(valueType, null, mutable);
        }
        FunctionType function = module.type(ValueType.typeIndex(valueType));
        return new ExternType(ValueType.concrete(0, ValueType.isNullable(valueType)), function, mutable);
    }

    static ExternType of(Module module, GlobalType type) {
        return of(module, type.valueType(), type.mutable());
    }

    static ExternType of(Module module, TableType type) {
        return of(module, type.elementType(), true);
    }

    static ExternType global(int valueType, boolean mutable) {
        if (ValueType.isConcrete(valueType)) {
            throw new IllegalArgumentException("a type index needs a module");
        }
        return new ExternType(valueType, null, mutable);
    }

    /// Core specification 3.4 "Matching": what is mutable must be equal, what is immutable may be a subtype.
    boolean matches(ExternType wanted) {
        if (mutable != wanted.mutable) {
            return false;
        }
        if (equals(wanted)) {
            return true;
        }
        if (mutable || !ValueType.isReference(valueType) || !ValueType.isReference(wanted.valueType)) {
            return false;
        }
        if (ValueType.isNullable(valueType) && !ValueType.isNullable(wanted.valueType)) {
            return false;
        }
        if (function != null && wanted.function != null) {
            return function.equals(wanted.function);
        }
        if (function != null) {
            return ValueType.heap(wanted.valueType) == ValueType.HEAP_FUNC;
        }
        return wanted.function == null && ValueType.heap(valueType) == ValueType.heap(wanted.valueType);
    }
}
