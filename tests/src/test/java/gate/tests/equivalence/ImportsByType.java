// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.runtime.Global;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.MemoryShape;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.Table;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.GlobalType;
import gate.engine.wasm.Import;
import gate.engine.wasm.MemoryType;
import gate.engine.wasm.Module;
import gate.engine.wasm.TableType;
import gate.engine.wasm.ValueType;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/// Gives a module that nobody knows whatever it wants, by type. Empty tables and memories of the smallest size, within
/// what a store allows.
///
/// @param functions from an import's name and its type
/// @param globals the value of a global, raw
public record ImportsByType(
        Module module,
        StoreOptions options,
        BiFunction<String, FunctionType, HostFunction> functions,
        ToLongFunction<GlobalType> globals)
        implements Imports {
    @Override
    public Optional<ImportValue> find(Import wanted) {
        int index = wanted.index();
        return switch (wanted.kind()) {
            case FUNCTION -> {
                FunctionType type = module.functionType(index);
                yield Optional.of(new ImportValue.Host(functions.apply(wanted.name(), type), type));
            }
            case TABLE -> table(module.table(index));
            case MEMORY -> memory(module.memory(index));
            case GLOBAL -> {
                GlobalType type = module.global(index);
                boolean simple = !ValueType.isReference(type.valueType()) || isPlain(type.valueType());
                yield simple
                        ? Optional.of(new ImportValue.OfGlobal(
                                Global.of(type.valueType(), type.mutable(), globals.applyAsLong(type))))
                        : Optional.empty();
            }
        };
    }

    private Optional<ImportValue> table(TableType type) {
        return isPlain(type.elementType()) && type.minimum() <= options.tableElementsMax()
                ? Optional.of(
                        new ImportValue.OfTable(Table.of(type.elementType(), (int) type.minimum(), type.maximum())))
                : Optional.empty();
    }

    private Optional<ImportValue> memory(MemoryType type) {
        int allowed = options.memoryPagesMax();
        int maximum = type.maximum() >= 0 ? type.maximum() : allowed;
        return type.minimum() <= allowed
                ? Optional.of(new ImportValue.OfMemory(options.backend()
                        .allocate(new MemoryShape(
                                type.minimum(), Math.max(maximum, type.minimum()), type.maximum() >= 0, allowed))))
                : Optional.empty();
    }

    private static boolean isPlain(int type) {
        return type == ValueType.FUNCREF || type == ValueType.EXTERNREF;
    }
}
