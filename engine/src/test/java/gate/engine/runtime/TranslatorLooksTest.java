// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A translation looks at whether to stop after a bounded amount of work, whatever it translates.
final class TranslatorLooksTest {
    private static final int WORDS_MAX = Translator.WORK_PER_LOOK + 4 * 64;
    private static final int OPERANDS_MAX = Translator.WORK_PER_LOOK + 4 * 64;
    private static final int BYTES_MAX = 16 * Translator.WORK_PER_LOOK;
    private static final int MANY = 150_000;

    private static final Map<String, String> SHAPES = new LinkedHashMap<>();

    static {
        String t = "(type $t (func (param%1$s) (result%1$s)))".formatted(" i32".repeat(1000));
        String thousand = "local.get 0 ".repeat(1000);
        shape(
                "calls with 1,000 parameters and results",
                t + "(func $f (type $t) unreachable) (func (type $t) " + thousand + "call $f ".repeat(MANY) + ")");
        shape(
                "blocks with 1,000 parameters and results",
                t + "(func (type $t) " + thousand + "block (type $t) end ".repeat(MANY / 3) + ")");
        shape(
                "conditions with 1,000 parameters and results",
                t + "(func (type $t) " + thousand + "local.get 0 if (type $t) else end ".repeat(MANY / 5) + ")");
        shape(
                "branches with 1,000 operands",
                t + "(func (type $t) " + thousand + "local.get 0 br_if 0 ".repeat(MANY / 2) + ")");
        shape(
                "branches with 4 operands to be moved",
                "(func (param i32) (result i32 i32 i32 i32)"
                        + " (local i64)".repeat(3000) + " i32.const 0 block (result i32 i32 i32 i32) "
                        + "i32.const 1 i32.const 2 i32.const 3 i32.const 4 " + "local.get 0 br_if 1 ".repeat(MANY / 2)
                        + "end br 0)");
        shape("branches to one label", "(func (param i32) block " + "local.get 0 br_if 0 ".repeat(MANY) + "end)");
        shape("one branch table", "(func (param i32) block local.get 0 br_table " + "0 ".repeat(MANY) + "end)");
        shape(
                "one branch table that isn't reached",
                "(func (param i32) block unreachable local.get 0 br_table " + "0 ".repeat(MANY) + "end)");
        shape(
                "a branch table with many labels",
                "(func (param i32) " + "block ".repeat(MANY / 10)
                        + "local.get 0 br_table "
                        + IntStream.range(0, MANY / 10).mapToObj(i -> i + " ").collect(Collectors.joining())
                        + "end ".repeat(MANY / 10) + ")");
        shape(
                "a branch table with many labels that need moves",
                "(func (param i32) (result i32) "
                        + "block (result i32) ".repeat(MANY / 10) + "i32.const 7 i32.const 8 local.get 0 br_table "
                        + IntStream.range(0, MANY / 10).mapToObj(i -> i + " ").collect(Collectors.joining())
                        + "end ".repeat(MANY / 10) + ")");
        shape("nested blocks", "(func " + "block ".repeat(MANY) + "end ".repeat(MANY) + ")");
        shape("negations", "(func (param i32) (result i32) local.get 0 " + "i32.eqz ".repeat(MANY) + ")");
        shape("a high operand stack", "(func (param i32) " + "local.get 0 ".repeat(MANY) + "drop ".repeat(MANY) + ")");
        shape(
                "writes to a local below many that wait",
                "(func (param i32 i32) " + "local.get 0 ".repeat(64) + "local.get 0 local.set 1 ".repeat(MANY)
                        + "drop ".repeat(64) + ")");
        shape(
                "wide constants",
                "(func (local i32)" + " (local i32 i64)".repeat(3000) + "i64.const 0x123456789abc ".repeat(MANY)
                        + "drop ".repeat(MANY) + ")");
    }

    private static void shape(String name, String fields) {
        SHAPES.put(name, fields);
    }

    static Stream<String> shapes() {
        return SHAPES.keySet().stream();
    }

    private static Translator translator(String fields) {
        Module module = Module.parse(TextFormat.toBinary("(module " + fields + ")", TextLimits.defaults()));
        return new Translator(module, module.functionCount() - 1, false, -1, Breakpoints.NONE, null);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void betweenTwoLooksLittleIsReadWrittenAndHandled(String name) {
        Translator translator = translator(String.valueOf(SHAPES.get(name)));
        int[] last = {translator.in.position, translator.code.size(), translator.stack.work()};
        int[] most = new int[3];
        int[] looks = {0};
        assertThat(translator.run(() -> {
                    int[] now = {translator.in.position, translator.code.size(), translator.stack.work()};
                    for (int i = 0; i < now.length; i++) {
                        most[i] = Math.max(most[i], now[i] - last[i]); // a branch table is read twice
                        last[i] = now[i];
                    }
                    looks[0]++;
                    return false;
                }))
                .isTrue();
        assertThat(most[0]).as("bytes read").isBetween(1, BYTES_MAX);
        assertThat(most[1]).as("words made").isLessThanOrEqualTo(WORDS_MAX);
        assertThat(most[2]).as("operands handled").isLessThanOrEqualTo(OPERANDS_MAX);
        int chunks = (translator.code.size() + CodeBuffer.CHUNK_WORDS - 1) / CodeBuffer.CHUNK_WORDS;
        assertThat(looks[0]).as("looks").isGreaterThanOrEqualTo(chunks - 1);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whereverItIsStoppedTheCodeIsTheSame(String name) {
        Translator straight = translator(String.valueOf(SHAPES.get(name)));
        assertThat(straight.run(() -> false)).isTrue();
        Translator stopped = translator(String.valueOf(SHAPES.get(name)));
        int stops = 0;
        while (!stopped.run(() -> true)) {
            stops++;
        }
        assertThat(stops).isPositive();
        assertThat(Arrays.equals(stopped.toCode().words(), straight.toCode().words()))
                .isTrue();
    }

    @Test
    void branchesToALabelThatEndsArePatchedInSteps() {
        Translator translator = translator(String.valueOf(SHAPES.get("branches to one label")));
        int[] last = {-1};
        int[] standing = {0};
        translator.run(() -> {
            standing[0] += translator.in.position == last[0] ? 1 : 0;
            last[0] = translator.in.position;
            return false;
        });
        int joins = translator.code.size() / CodeBuffer.CHUNK_WORDS;
        assertThat(standing[0] - joins).isGreaterThan(MANY / Translator.WORK_PER_LOOK / 2);
    }

    /// As many steps, and handling the operands costs the same but for those pushed before.
    @Test
    void thousandParametersCostACallNoMoreThanAHundred() {
        assertThat(operandsOfCalls(1000, 1000)).isLessThan(operandsOfCalls(100, 1000) + 2 * 1000);
    }

    private static int operandsOfCalls(int parameters, int calls) {
        Translator translator =
                translator("(type $t (func (param%1$s) (result%1$s)))".formatted(" i32".repeat(parameters))
                        + "(func $f (type $t) unreachable) (func (type $t) " + "local.get 0 ".repeat(parameters)
                        + "call $f ".repeat(calls) + ")");
        translator.run(() -> false);
        return translator.stack.work();
    }
}
