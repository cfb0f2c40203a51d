// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.wasm.Export;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.GlobalType;
import gate.engine.wasm.Import;
import gate.engine.wasm.MemoryType;
import gate.engine.wasm.Module;
import gate.engine.wasm.TableType;
import gate.engine.wasm.ValueType;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What different engines are to do with a module, and what to look at after each step: its exported functions are
/// called one after the other, and all that is exported or imported is seen.
///
/// @param fuel the exported global that bounds how long a call takes
/// @param steps its value before each call
/// @param things imported ones first, by kind and index
record Program(Module module, String fuel, int steps, List<Call> calls, List<Thing> things) {
    /// @param arguments raw, with a function's index + 1 for a reference to it
    record Call(String name, int function, long[] arguments) {}

    /// A global, memory or table.
    ///
    /// @param export a name that it is exported under, empty for none
    record Thing(ExternalKind kind, int index, boolean imported, String export) {
        String label() {
            return kind.label().charAt(0) + Integer.toString(index);
        }
    }

    /// What is given for an imported global.
    static long given(GlobalType type) {
        return switch (type.valueType()) {
            case ValueType.I32, ValueType.I64 -> 1_000;
            case ValueType.F32 -> Float.floatToRawIntBits(1.5f);
            case ValueType.F64 -> Double.doubleToRawLongBits(-2.5);
            case ValueType.EXTERNREF -> 77;
            default -> 0;
        };
    }

    /// Calls of all exported functions that can be called with numbers and null.
    static Program of(Module module, String fuel, int steps, long seed) {
        Choices choices = Choices.seeded(seed);
        List<Call> calls = new ArrayList<>();
        module.exports().forEach((name, export) -> {
            if (export.kind() == ExternalKind.FUNCTION && isCallable(module.functionType(export.index()))) {
                calls.add(new Call(name, export.index(), arguments(module, export.index(), choices)));
            }
        });
        return new Program(module, fuel, steps, List.copyOf(calls), things(module));
    }

    private static boolean isCallable(FunctionType type) {
        for (int i = 0; i < type.parameterCount(); i++) {
            if (!ValueType.isDefaultable(type.parameter(i))) {
                return false;
            }
        }
        return true;
    }

    private static long[] arguments(Module module, int function, Choices choices) {
        FunctionType type = module.functionType(function);
        long[] values = new long[type.parameterCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type.parameter(i)) {
                case ValueType.I32 -> EdgeValues.i32(choices);
                case ValueType.I64 -> EdgeValues.i64(choices);
                case ValueType.F32 -> {
                    float number = Float.intBitsToFloat(EdgeValues.f32(choices));
                    yield Float.floatToIntBits(number); // the canonical NaN
                }
                case ValueType.F64 -> {
                    double number = Double.longBitsToDouble(EdgeValues.f64(choices));
                    yield Double.doubleToLongBits(number);
                }
                case ValueType.EXTERNREF -> choices.below(2) * 78L;
                case ValueType.FUNCREF -> choices.below(2) * (function + 1L);
                default -> 0;
            };
        }
        return values;
    }

    private static List<Thing> things(Module module) {
        Map<String, String> names = new HashMap<>();
        for (Export export : module.exports().values()) {
            names.put(export.kind() + " " + export.index(), export.name());
        }
        List<Thing> imported = new ArrayList<>();
        List<Thing> own = new ArrayList<>();
        for (ExternalKind kind : List.of(ExternalKind.GLOBAL, ExternalKind.MEMORY, ExternalKind.TABLE)) {
            for (int i = 0; i < count(module, kind); i++) {
                String name = names.getOrDefault(kind + " " + i, "");
                if (i < importedCount(module, kind)) {
                    imported.add(new Thing(kind, i, true, name));
                } else if (names.containsKey(kind + " " + i)) {
                    own.add(new Thing(kind, i, false, name));
                }
            }
        }
        imported.addAll(own);
        return List.copyOf(imported);
    }

    private static int count(Module module, ExternalKind kind) {
        return switch (kind) {
            case FUNCTION -> module.functionCount();
            case GLOBAL -> module.globalCount();
            case MEMORY -> module.memoryCount();
            case TABLE -> module.tableCount();
        };
    }

    private static int importedCount(Module module, ExternalKind kind) {
        return switch (kind) {
            case FUNCTION -> module.importedFunctionCount();
            case GLOBAL -> module.importedGlobalCount();
            case MEMORY -> module.importedMemoryCount();
            case TABLE -> module.importedTableCount();
        };
    }

    // ---- for V8 ----

    /// One line of JSON, which `v8.js` reads.
    String json() {
        List<Object> imports = new ArrayList<>();
        for (int i = 0; i < module.importCount(); i++) {
            Import wanted = module.importAt(i);
            List<Object> type = new ArrayList<>(List.of(
                    wanted.module(),
                    wanted.name(),
                    wanted.kind().label().charAt(0) + Integer.toString(wanted.index())));
            type.addAll(importType(wanted));
            imports.add(type);
        }
        List<Object> called = new ArrayList<>();
        for (Call call : calls) {
            FunctionType type = module.functionType(call.function());
            List<Object> arguments = new ArrayList<>();
            for (int i = 0; i < call.arguments().length; i++) {
                arguments.add(List.of(ValueType.name(type.parameter(i)), Long.toString(call.arguments()[i])));
            }
            called.add(List.of(call.name(), arguments, results(type)));
        }
        List<Object> seen = new ArrayList<>();
        for (Thing thing : things) {
            boolean global = thing.kind() == ExternalKind.GLOBAL;
            seen.add(List.of(
                    thing.label(),
                    thing.imported() ? "imported" : "own",
                    thing.export(),
                    global ? ValueType.name(module.global(thing.index()).valueType()) : ""));
        }
        return Json.of(List.of(Base64.getEncoder().encodeToString(module.bytes()), fuel, steps, imports, called, seen));
    }

    private List<Object> importType(Import wanted) {
        int index = wanted.index();
        return switch (wanted.kind()) {
            case FUNCTION -> {
                FunctionType type = module.functionType(index);
                List<Object> parameters = new ArrayList<>();
                for (int i = 0; i < type.parameterCount(); i++) {
                    parameters.add(ValueType.name(type.parameter(i)));
                }
                yield List.of(parameters, results(type));
            }
            case GLOBAL -> {
                GlobalType type = module.global(index);
                yield List.of(ValueType.name(type.valueType()), type.mutable(), Long.toString(given(type)));
            }
            case MEMORY -> {
                MemoryType type = module.memory(index);
                yield List.of(type.minimum(), type.maximum());
            }
            case TABLE -> {
                TableType type = module.table(index);
                yield List.of(ValueType.name(type.elementType()), type.minimum(), type.maximum());
            }
        };
    }

    private static List<Object> results(FunctionType type) {
        List<Object> results = new ArrayList<>();
        for (int i = 0; i < type.resultCount(); i++) {
            results.add(ValueType.name(type.result(i)));
        }
        return results;
    }
}
