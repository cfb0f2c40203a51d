// SPDX-License-Identifier: Apache-2.0
package gate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.runtime.Execution;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.Trap;
import gate.engine.runtime.UnlinkableException;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.engine.wasm.ModuleLimitException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LimitsTest {
    /// For each limit a module that asks for exactly 3 of what it counts, or for the number behind `=`.
    private static final Map<String, String> ASKS_FOR_THREE = new LinkedHashMap<>(Map.ofEntries(
            Map.entry("moduleBytes", "8=(module)"),
            Map.entry("sections", "(module (memory 1) (data (i32.const 0) \"\") (global i32 (i32.const 0)))"),
            Map.entry("types", "(module (type (func)) (type (func (param i32))) (type (func (param i64))))"),
            Map.entry(
                    "imports",
                    "(module (import \"\" \"\" (global i32)) (import \"\" \"\" (global i32)) (import \"\" \"\" (func)))"),
            Map.entry("functions", "(module (import \"\" \"\" (func)) (func) (func))"),
            Map.entry("tables", "(module (import \"\" \"\" (table 0 funcref)) (table 0 funcref) (table 0 funcref))"),
            Map.entry("memories", "(module (import \"\" \"\" (memory 0)) (memory 0) (memory 0))"),
            Map.entry(
                    "globals",
                    "(module (import \"\" \"\" (global i32)) (global i32 (i32.const 0)) (global i32 (i32.const 0)))"),
            Map.entry("exports", "(module (func (export \"a\") (export \"b\") (export \"c\")))"),
            Map.entry("elementSegments", "(module (elem func) (elem func) (elem func))"),
            Map.entry("dataSegments", "(module (data \"\") (data \"\") (data \"\"))"),
            Map.entry("elements", "(module (func) (elem func 0 0) (elem func 0))"),
            Map.entry("parameters", "(module (func (param i32 i32 i32)))"),
            Map.entry("locals", "(module (func (param i32) (local i64 i64)))"),
            Map.entry("functionBytes", "(module (func nop))"),
            Map.entry(
                    "operands", "(module (func (drop (i32.add (i32.const 1) (i32.add (i32.const 1) (i32.const 1))))))"),
            Map.entry("nesting", "(module (func (block (loop (if (i32.const 0) (then))))))")));

    static Stream<String> names() {
        return Arrays.stream(Limits.class.getRecordComponents()).map(RecordComponent::getName);
    }

    @Test
    void everyLimitHasACaseHere() {
        assertThat(ASKS_FOR_THREE.keySet()).containsExactlyInAnyOrderElementsOf(names().toList());
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatFitsIsAcceptedAndOneMoreIsRefusedByName(String name) {
        String[] parts = String.valueOf(ASKS_FOR_THREE.get(name)).split("=", 2);
        int asked = parts.length == 2 ? Integer.parseInt(parts[0]) : 3;
        byte[] module = TextFormat.toBinary(parts[parts.length - 1], TextLimits.defaults());
        assertThatCode(() -> Module.parse(module, Feature.allSupported(), with(name, asked)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Module.parse(module, Feature.allSupported(), with(name, asked - 1)))
                .isInstanceOf(ModuleLimitException.class)
                .hasMessageContaining(
                        "limit exceeded: " + name + " is " + (asked - 1) + ", the module asks for " + asked);
    }

    /// The default limits with one changed.
    private static Limits with(String name, int value) {
        try {
            RecordComponent[] components = Limits.class.getRecordComponents();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = components[i].getName().equals(name)
                        ? (Object) value
                        : components[i].getAccessor().invoke(Limits.DEFAULT);
            }
            return Limits.class.getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Limits is a public record", e);
        }
    }

    // ---- instances ----

    private static Instance instance(Store store, String text) {
        return store.allocate(Module.parse(TextFormat.toBinary(text, TextLimits.defaults())), Imports.none());
    }

    private static long run(Instance instance) {
        Execution execution = Execution.instantiate(instance)
                .call(instance.exportedFunction("run").orElseThrow());
        execution.run();
        return execution.results()[0];
    }

    @Test
    void memoriesOfAnInstanceShareTheirPages() {
        StoreOptions options = StoreOptions.DEFAULT.withMemoryPagesMax(4);
        try (Store store = new Store(options)) {
            assertThatThrownBy(() -> instance(store, "(module (memory 3) (memory 2))"))
                    .isInstanceOf(UnlinkableException.class)
                    .hasMessageContaining("memory 1 needs 2 pages");
            String text = "(module (memory 1) (memory 2) (func (export \"run\") (result i32)"
                    + " (memory.grow 1 (i32.const %s))))";
            assertThat(run(instance(store, text.replace("%s", "1")))).isEqualTo(2);
            assertThat(run(instance(store, text.replace("%s", "2")))).isEqualTo(-1);
        }
    }

    @Test
    void tablesOfAnInstanceShareTheirElements() {
        StoreOptions options = new StoreOptions(StoreOptions.DEFAULT.backend(), 16, 10, 1000);
        try (Store store = new Store(options)) {
            assertThatThrownBy(() -> instance(store, "(module (table 8 funcref) (table 3 funcref))"))
                    .isInstanceOf(UnlinkableException.class)
                    .hasMessageContaining("table 1 has 3 elements");
            String text = "(module (table 4 funcref) (table 4 funcref) (func (export \"run\") (result i32)"
                    + " (table.grow 1 (ref.null func) (i32.const %s))))";
            assertThat(run(instance(store, text.replace("%s", "2")))).isEqualTo(4);
            assertThat(run(instance(store, text.replace("%s", "3")))).isEqualTo(-1);
        }
    }

    /// A frame takes a word, and one for each local that isn't a parameter and each operand: decision 0008.
    @Test
    void callsEndWhereTheStackBudgetDoes() {
        String text = "(module (func $deep (export \"deep\") (param i32) (result i32) (local i64 i64)"
                + " (if (result i32) (local.get 0)"
                + " (then (call $deep (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 7)))))";
        // Each frame: the return site, two locals, at its call one operand; at its fullest two, and the parameter
        // of
        // the outermost.
        int wordsEach = 4;
        int calls = 99;
        int words = calls * wordsEach + 1 + 2 + 2 + 1;
        for (int short1 : List.of(0, 1)) {
            try (Store store = new Store(StoreOptions.DEFAULT.withStackWords(words - short1))) {
                Instance instance = instance(store, text);
                Execution execution = Execution.instantiate(instance)
                        .call(instance.exportedFunction("deep").orElseThrow(), calls);
                if (short1 == 0) {
                    execution.run();
                    assertThat(execution.results()).containsExactly(7);
                } else {
                    assertThatThrownBy(execution::run).isInstanceOf(Trap.class).hasMessage("call stack exhausted");
                }
            }
        }
    }
}
