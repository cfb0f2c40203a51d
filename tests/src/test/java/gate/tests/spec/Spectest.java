// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.runtime.Global;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Memory;
import gate.engine.runtime.MemoryShape;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.Table;
import gate.engine.wasm.Feature;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.ModuleException;
import gate.engine.wasm.UnsupportedFeatureException;
import gate.engine.wasm.ValueType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The host module `spectest` that the suite's scripts import from: functions that print, here to nowhere, and a
/// global of each number type, a table and a memory. `table64` and `shared_memory` need features that aren't built:
/// asking for them says which.
final class Spectest implements AutoCloseable {
    static final String NAME = "spectest";

    private final Map<String, ImportValue> exports = new LinkedHashMap<>();
    private final Memory memory;

    Spectest(StoreOptions options) {
        memory = options.backend().allocate(new MemoryShape(1, 2, true, Memory.PAGES_MAX));
        exports.put("memory", new ImportValue.OfMemory(memory));
        exports.put("table", new ImportValue.OfTable(Table.of(ValueType.FUNCREF, 10, 20)));
        global("global_i32", ValueType.I32, 666);
        global("global_i64", ValueType.I64, 666);
        global("global_f32", ValueType.F32, Float.floatToRawIntBits(666.6f));
        global("global_f64", ValueType.F64, Double.doubleToRawLongBits(666.6));
        function("print");
        function("print_i32", ValueType.I32);
        function("print_i64", ValueType.I64);
        function("print_f32", ValueType.F32);
        function("print_f64", ValueType.F64);
        function("print_i32_f32", ValueType.I32, ValueType.F32);
        function("print_f64_f64", ValueType.F64, ValueType.F64);
    }

    private void global(String name, int type, long value) {
        exports.put(name, new ImportValue.OfGlobal(Global.of(type, false, value)));
    }

    private void function(String name, int... parameters) {
        HostFunction prints = call -> {
            for (int i = 0; i < parameters.length; i++) {
                call.argument(i);
            }
            return HostFunction.Outcome.DONE;
        };
        exports.put(name, new ImportValue.Host(prints, FunctionType.of(parameters, new int[0])));
    }

    /// @throws UnsupportedFeatureException where what goes by that name needs a feature that isn't built
    Optional<ImportValue> find(String name) {
        return switch (name) {
            case "table64" -> throw leftOut(Feature.MEMORY64, name);
            case "shared_memory" -> throw leftOut(Feature.THREADS, name);
            default -> Optional.ofNullable(exports.get(name));
        };
    }

    private static UnsupportedFeatureException leftOut(Feature feature, String name) {
        return new UnsupportedFeatureException(feature, NAME + " " + name, ModuleException.NOWHERE);
    }

    @Override
    public void close() {
        memory.close();
    }
}
