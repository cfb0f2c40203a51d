// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Instructions that carry so many operands that they are moved together, or wait together.
final class ManyOperandsTest {
    private static long[] run(String function, long argument) {
        Module module = Module.parse(TextFormat.toBinary("(module " + function + ")", TextLimits.defaults()));
        try (Store store = new Store(StoreOptions.DEFAULT)) {
            Instance instance = store.allocate(module, Imports.none());
            Execution execution = Execution.instantiate(instance)
                    .call(instance.exportedFunction("run").orElseThrow(), argument);
            execution.run();
            return execution.results();
        }
    }

    private static String results(int count) {
        return "(result" + " i32".repeat(count) + ")";
    }

    private static String constants(int count) {
        return IntStream.range(0, count).mapToObj(i -> "i32.const " + (100 + i)).collect(Collectors.joining(" "));
    }

    private static long[] expected(int count) {
        return LongStream.range(100, 100 + count).toArray();
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "2, 5", "5, 0", "5, 5", "65, 0", "65, 5", "1000, 0", "1000, 5"})
    void branchTablesCarryConstantsThatWait(int count, int argument) {
        String block = "(block " + results(count) + " " + constants(count) + " local.get 0 br_table 0 1 0)";
        String function = "(func (export \"run\") (param i32) %1$s (block %1$s %2$s))".formatted(results(count), block);
        assertThat(run(function, argument)).containsExactly(expected(count));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 63, 64, 65, 127, 128, 129, 200, 999})
    void operandsStayAcrossCallsAndBlocks(int count) {
        String function = "(type $t (func (param%1$s) (result%1$s)))".formatted(" i32".repeat(count))
                + "(func $same (type $t) " + localGets(count) + ")"
                + "(func (export \"run\") (param i32) " + results(count + 1) + " local.get 0 " + constants(count)
                + " call $same (block (type $t)) (loop (type $t)) (if (type $t) (local.get 0) (then call $same) (else))"
                + " (local.set 0 (i32.const 3)))";
        for (int argument : new int[] {0, 1}) {
            long[] all = LongStream.concat(LongStream.of(argument), LongStream.of(expected(count)))
                    .toArray();
            assertThat(run(function, argument)).containsExactly(all);
        }
    }

    private static String localGets(int count) {
        return IntStream.range(0, count).mapToObj(i -> "local.get " + i).collect(Collectors.joining(" "));
    }
}
