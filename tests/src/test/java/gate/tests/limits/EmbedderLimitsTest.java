// SPDX-License-Identifier: Apache-2.0
package gate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import gate.engine.runtime.Execution;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.runtime.MemoryShape;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.Table;
import gate.engine.runtime.Trap;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.InvalidModuleException;
import gate.engine.wasm.MalformedModuleException;
import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import gate.tests.equivalence.SavedFile;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What an embedder can't exceed: exactly the limit is fine, one more isn't.
class EmbedderLimitsTest {
    private static Module parse(String text) {
        return Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
    }

    @Test
    void pagesOfAMemory() {
        StoreOptions options = StoreOptions.DEFAULT;
        int most = Memory.PAGES_MAX;
        assertThatCode(() -> options.withMemoryPagesMax(most)).doesNotThrowAnyException();
        assertThatThrownBy(() -> options.withMemoryPagesMax(most + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> new MemoryShape(0, most, true, most)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new MemoryShape(0, most + 1, true, most)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MemoryShape(0, most, true, most + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> parse("(module (memory 0 65536))")).doesNotThrowAnyException();
        assertThatThrownBy(() -> parse("(module (memory 0 65537))"))
                .isInstanceOf(InvalidModuleException.class)
                .hasMessageContaining("memory size must be at most 65536 pages");
    }

    @Test
    void wordsOfTheStack() {
        StoreOptions options = StoreOptions.DEFAULT;
        assertThatCode(() -> options.withStackWords(StoreOptions.STACK_WORDS_MAX))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> options.withStackWords(StoreOptions.STACK_WORDS_MAX + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16777217");
    }

    @Test
    void elementsOfATableMadeByTheEmbedder() {
        int most = Integer.MAX_VALUE - 8;
        Table table = Table.of(ValueType.FUNCREF, 0, -1);
        Module module =
                parse("(module (import \"\" \"\" (table 0 funcref)) (func (export \"grow\") (param i32) (result i32)"
                        + " (table.grow (ref.null func) (local.get 0))))");
        try (Store store = new Store()) {
            Instance instance = store.allocate(module, wanted -> Optional.of(new ImportValue.OfTable(table)));
            assertThat(grow(instance, most + 1)).isEqualTo(-1);
            assertThat(grow(instance, most)).isZero();
            assertThat(grow(instance, 1)).isEqualTo(-1);
            assertThat(table.size()).isEqualTo(most);
            assertThat(table.get(most - 1)).isZero();
            assertThatThrownBy(() -> table.get(most)).isInstanceOf(Trap.class);
        }
    }

    private static long grow(Instance instance, long elements) {
        Execution execution = Execution.instantiate(instance)
                .call(instance.exportedFunction("grow").orElseThrow(), elements);
        execution.run();
        return execution.results()[0];
    }

    @Test
    void framesThatATrapCarries() {
        Module module = parse("(module (func $deep (export \"deep\") (param i32)"
                + " (if (i32.eqz (local.get 0)) (then unreachable))"
                + " (call $deep (i32.sub (local.get 0) (i32.const 1)))))");
        int most = Execution.TRACE_FRAMES_MAX;
        for (int frames : new int[] {most - 1, most, most + 1, 2000}) {
            try (Store store = new Store()) {
                Instance instance = store.allocate(module, Imports.none());
                Execution execution = Execution.instantiate(instance).call(0, frames - 1);
                Trap trap = catchThrowableOfType(Trap.class, execution::run);
                assertThat(trap.frames()).hasSize(Math.min(frames, most));
            }
        }
    }

    @Test
    void callsThatWaitForTheirTurn() throws Exception {
        Module module = parse("(module (global $g (mut i32) (i32.const 0)) (func (export \"count\") (result i32)"
                + " (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)))");
        try (Store store = new Store();
                Store other = new Store()) {
            Instance instance = store.allocate(module, Imports.none());
            Execution execution = Execution.instantiate(instance);
            for (int i = 0; i < Execution.PENDING_CALLS_MAX; i++) {
                execution.call(0);
            }
            assertThatThrownBy(() -> execution.call(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("1000 calls wait already");
            Execution restored = SavedFile.read(SavedFile.of(execution)).restore(other, Imports.none());
            restored.run();
            assertThat(restored.results()).containsExactly(Execution.PENDING_CALLS_MAX);
        }
    }

    @Test
    void indexOfATypeThatTextNames() {
        String text = "(module (func (param (ref null %s))))";
        assertThatThrownBy(() -> TextFormat.toBinary(text.formatted("268435456"), TextLimits.defaults()))
                .isInstanceOf(MalformedModuleException.class)
                .hasMessageContaining("unknown type 268435456");
        assertThatCode(() -> TextFormat.toBinary(text.formatted("268435455"), TextLimits.defaults()))
                .doesNotThrowAnyException();
    }
}
