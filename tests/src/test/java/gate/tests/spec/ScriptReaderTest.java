// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.wasm.MalformedModuleException;
import gate.engine.wasm.UnsupportedFeatureException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptReaderTest {
    private static List<Command> read(String script) {
        return ScriptReader.read(script.getBytes(StandardCharsets.UTF_8));
    }

    private static Command single(String script) {
        List<Command> commands = read(script);
        assertThat(commands).hasSize(1);
        return commands.getFirst();
    }

    @Test
    void modulesAreReadOnlyWhenAsked() {
        List<Command> commands = read("(module $a (memory i64 1))\n(module (nonsense))\n(module (memory 1))");
        assertThat(commands).extracting(Command::line).containsExactly(1, 2, 3);
        List<ModuleSource> modules = commands.stream()
                .map(command -> ((Command.DefineAndInstantiate) command).module())
                .toList();
        assertThatThrownBy(() -> modules.get(0).toBinary()).isInstanceOf(UnsupportedFeatureException.class);
        assertThatThrownBy(() -> modules.get(1).toBinary())
                .isInstanceOf(MalformedModuleException.class)
                .hasMessage("unknown operator nonsense (line 2, column 10)");
        assertThat(modules.get(2).toBinary()).hasSize(8 + 5);
    }

    @Test
    void modulesComeAsTextBytesAndQuotes() {
        byte[] expected = {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 0, 1};
        for (String module : List.of(
                "(module (memory 1))",
                "(module definition (memory 1))",
                "(module binary \"\\00asm\" \"\\01\\00\\00\\00\" \"\\05\\03\\01\\00\\01\")",
                "(module quote \"(mem\" \"ory 1)\")",
                "(memory 1)")) {
            ModuleSource source = switch (single(module)) {
                case Command.DefineAndInstantiate define -> define.module();
                case Command.Define define -> define.module();
                case Command other -> throw new AssertionError(other);
            };
            assertThat(source.toBinary()).as(module).isEqualTo(expected);
        }
    }

    @Test
    void definitionsAndInstancesHaveNames() {
        assertThat(single("(module definition $d (func))"))
                .isInstanceOfSatisfying(
                        Command.Define.class,
                        define -> assertThat(define.name()).isEqualTo("d"));
        assertThat(single("(module instance $i $d)")).isEqualTo(new Command.Instantiate(1, "i", "d"));
        assertThat(single("(module instance)")).isEqualTo(new Command.Instantiate(1, null, null));
        assertThat(single("(register \"r\" $i)")).isEqualTo(new Command.Register(1, "r", "i"));
        assertThat(single("(register \"r\")")).isEqualTo(new Command.Register(1, "r", null));
    }

    @Test
    void actionsHaveArguments() {
        assertThat(single("(invoke $m \"f\" (i32.const -1) (i64.const 2) (f32.const 1) (f64.const -0) (ref.null any)"
                        + " (ref.extern 3) (ref.host 4) (v128.const i16x8 1 2 3 4 5 6 7 -8))"))
                .isEqualTo(new Command.Act(
                        1,
                        new Action.Invoke(
                                "m",
                                "f",
                                List.of(
                                        new Value.I32(-1),
                                        new Value.I64(2),
                                        new Value.F32(0x3F80_0000),
                                        new Value.F64(Long.MIN_VALUE),
                                        new Value.NullReference("any"),
                                        new Value.ExternReference(3),
                                        new Value.HostReference(4),
                                        new Value.V128(0x0004_0003_0002_0001L, 0xFFF8_0007_0006_0005L)))));
        assertThat(single("(get \"g\")")).isEqualTo(new Command.Act(1, new Action.Get(null, "g")));
        assertThatThrownBy(() -> read("(invoke \"f\" (f32.const nan:canonical))"))
                .hasMessageStartingWith("an argument must be a value");
    }

    @Test
    void resultsMayBePatterns() {
        Action action = new Action.Get(null, "g");
        assertThat(single("(assert_return (get \"g\") (f32.const nan:canonical) (f64.const nan:arithmetic) (ref.null)"
                        + " (ref.func) (ref.extern) (either (i32.const 1) (i32.const 2))"
                        + " (v128.const f64x2 nan:canonical 0) (v128.const f32x4 0 0 0 1))"))
                .isEqualTo(new Command.AssertReturn(
                        1,
                        action,
                        List.of(
                                new Expectation.NotANumber(32, true),
                                new Expectation.NotANumber(64, false),
                                new Expectation.AnyNull(),
                                new Expectation.AnyReference("func"),
                                new Expectation.AnyReference("extern"),
                                new Expectation.Either(List.of(
                                        new Expectation.Exactly(new Value.I32(1)),
                                        new Expectation.Exactly(new Value.I32(2)))),
                                new Expectation.Lanes(
                                        64,
                                        List.of(
                                                new Expectation.NotANumber(64, true),
                                                new Expectation.Exactly(new Value.F64(0)))),
                                new Expectation.Exactly(new Value.V128(0, 0x3F80_0000_0000_0000L)))));
    }

    @Test
    void everyAssertionIsKnown() {
        assertThat(read(
                        "(assert_trap (get \"g\") \"m\") (assert_trap (module) \"m\") (assert_exhaustion (get \"g\") \"m\")"
                                + "(assert_exception (get \"g\")) (assert_malformed (module quote \"\") \"m\")"
                                + "(assert_malformed_custom (module quote \"\") \"m\") (assert_invalid (module) \"m\")"
                                + "(assert_invalid_custom (module) \"m\") (assert_unlinkable (module) \"m\")"))
                .extracting(command -> command.getClass().getSimpleName())
                .containsExactly(
                        "AssertTrap",
                        "AssertInstantiationTraps",
                        "AssertExhaustion",
                        "AssertException",
                        "AssertMalformed",
                        "AssertMalformed",
                        "AssertInvalid",
                        "AssertInvalid",
                        "AssertUnlinkable");
    }

    @Test
    void threadsHoldCommands() {
        assertThat(single("(thread $t (shared (module $m)) (register \"r\" $m)\n(wait $u))"))
                .isEqualTo(new Command.StartThread(
                        1,
                        "t",
                        List.of("m"),
                        List.of(new Command.Register(1, "r", "m"), new Command.AwaitThread(2, "u"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(assert_nothing)",
                "(nonsense)",
                "(module",
                "module",
                "(assert_trap (get \"g\"))",
                "(assert_return \"g\")",
                "(thread $t (thread $u))",
                "(wait)",
                "(invoke \"f\" (i32.const))",
                "(assert_return (get \"g\") (v128.const i9x9 1))"
            })
    void whatIsNoScriptIsRefused(String script) {
        assertThatThrownBy(() -> read(script)).isInstanceOf(MalformedModuleException.class);
    }
}
