// SPDX-License-Identifier: Apache-2.0
package gate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import gate.engine.wasm.NameSection;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Names of functions, which `gate inspect` looks up for each frame of a call stack.
final class NamesTest {
    private static final int FUNCTIONS = 30_000;

    @Test
    void aLookUpDoesNotGoThroughAllExports() {
        StringBuilder text = new StringBuilder("(module ");
        for (int i = 0; i < FUNCTIONS; i++) {
            text.append("(func (export \"f").append(i).append("\"))\n");
        }
        NameSection names = NameSection.of(Module.parse(TextFormat.toBinary(text + ")", TextLimits.defaults())));
        long began = System.nanoTime();
        for (int i = 0; i < FUNCTIONS; i++) {
            assertThat(names.functionName(i).equals(Optional.of("f" + i))).isTrue();
        }
        // Going through them takes 450 million steps, several seconds; this takes some milliseconds.
        assertThat((System.nanoTime() - began) / 1e9).isLessThan(1.0);
    }

    @Test
    void theFirstNameThatAFunctionIsExportedUnderCounts() {
        NameSection names = NameSection.of(Module.parse(TextFormat.toBinary(
                "(module (memory (export \"m\") 1) (func (export \"b\") (export \"a\")) (func))",
                TextLimits.defaults())));
        assertThat(names.functionName(0)).contains("b");
        assertThat(names.functionName(1)).isEmpty();
    }
}
