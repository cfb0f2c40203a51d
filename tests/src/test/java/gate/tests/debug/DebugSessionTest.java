// SPDX-License-Identifier: Apache-2.0
package gate.tests.debug;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.app.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole sessions of `gate debug`, as scripts.
final class DebugSessionTest {
    private static final String TEXT = """
            (module
              (memory (export "memory") 1)
              (global $count (export "count") (mut i32) (i32.const 5))
              (data (i32.const 16) "written")
              (func $add (param i32 i32) (result i32)
                (i32.add (local.get 0) (local.get 1)))
              (func (export "_start") (local $sum i32)
                (local.set $sum (call $add (i32.const 40) (i32.const 2)))
                (global.set $count (local.get $sum))
                (i32.store (i32.const 0) (local.get $sum))))
            """;

    private static final String TRAP = """
            (module
              (func $divide (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
              (func (export "_start") (drop (call $divide (i32.const 0)))))
            """;

    /// Of the `gate` profile: it imports what only that has.
    private static final String GATE = """
            (module
              (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
              (memory (export "memory") 1)
              (func $add (param i32 i32) (result i32)
                (i32.add (local.get 0) (local.get 1)))
              (func (export "_start") (local $sum i32)
                (local.set $sum (call $add (i32.const 40) (i32.const 2)))
                (i32.store (i32.const 0) (local.get $sum))))
            """;

    private static final String C = """
            int global = 7;

            static int add(int a, int b)
            {
                int sum = a + b;
                return sum;
            }

            __attribute__((noinline)) int twice(int n)
            {
                int r = add(n, n);
                global = r;
                return r;
            }

            int main(void)
            {
                int x = twice(3);
                int y = twice(x);
                return y;
            }
            """;

    @TempDir
    Path folder;

    private Path file(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content);
    }

    private static CommandRun debug(Path program, String... commands) {
        List<String> words = new ArrayList<>(List.of("debug"));
        for (String command : commands) {
            words.addAll(List.of("-c", command));
        }
        words.add(program.toString());
        return CommandRun.of(words.toArray(String[]::new));
    }

    @Test
    void breaksAtAFunctionShowsValuesAndGoesOn() throws Exception {
        CommandRun run = debug(
                file("a.wat", TEXT),
                "break add",
                "breakpoints",
                "continue",
                "bt",
                "locals",
                "globals",
                "memory 16 7",
                "finish",
                "delete add",
                "continue");
        assertThat(run.err())
                .contains("add: setting breakpoint at offset 0x")
                .contains("#0 add (function 0), offset 0x")
                .contains("#1 _start (function 1), offset 0x")
                .contains("parameter 0: i32 40 (0x28)\nparameter 1: i32 2 (0x2)\n")
                .contains("global 0 \"count\": i32 5 (0x5)")
                .contains("00000010  77 72 69 74 74 65 6e")
                .endsWith("the program has ended with status 0\n");
        assertThat(run.status()).isZero();
        assertThat(run.out()).isEmpty();
    }

    @Test
    void stepsInstructionByInstructionWithoutLines() throws Exception {
        Path program = file("a.wat", TEXT);
        CommandRun run = debug(program, "stepi", "step", "stepi", "next", "locals", "list 2");
        assertThat(run.err())
                .contains("parameter 0: i32 40 (0x28)\nparameter 1: i32 2 (0x2)\noperand 0: i32 40 (0x28)\n")
                .contains("=> ")
                .contains("local.get 1");
        CommandRun over = debug(program, "stepi", "stepi", "next", "locals");
        assertThat(over.err()).contains("local 0: i32 0 (0x0)\noperand 0: i32 42 (0x2a)\n");
    }

    @Test
    void trapCanBeLookedAtAndSaved() throws Exception {
        Path saved = folder.resolve("trap.wasm");
        CommandRun run = debug(file("t.wat", TRAP), "continue", "bt", "locals", "save " + saved);
        assertThat(run.err())
                .contains("the program has failed: integer divide by zero")
                .contains("#0 divide (function 0), offset 0x")
                .contains("operand 0: i32 1 (0x1)\noperand 1: i32 0 (0x0)\n")
                .contains("saved to ");
        assertThat(run.status()).isEqualTo(134);
        CommandRun again = debug(saved, "bt", "locals", "continue");
        assertThat(again.err())
                .contains("the program has failed: integer divide by zero")
                .contains("#0 divide (function 0), offset 0x")
                .endsWith("the program can't go on\n");
        assertThat(again.status()).isEqualTo(64);
        assertThat(CommandRun.of("resume", saved.toString()).err()).contains("has ended, and can't go on");
    }

    @Test
    void breakpointsAreKeptInTheFile() throws Exception {
        Path saved = folder.resolve("saved.wasm");
        assertThat(debug(file("a.wat", TEXT), "break add", "save " + saved).status())
                .isZero();
        CommandRun resumed = CommandRun.of("resume", saved.toString());
        assertThat(resumed.err()).contains("it came to a breakpoint");
        CommandRun run = debug(saved, "breakpoints", "continue", "locals", "continue", "memory 0 4");
        assertThat(run.err())
                .contains("Breakpoints: 0x")
                .contains("stopped at breakpoint 0x")
                .contains("parameter 0: i32 40 (0x28)")
                .contains("00000000  2a 00 00 00");
    }

    @Test
    void gateProgramsAreDebuggedAlike() throws Exception {
        Path saved = folder.resolve("saved.wasm");
        CommandRun run = debug(
                file("g.wat", GATE),
                "break add",
                "continue",
                "bt",
                "locals",
                "stepi",
                "stepi",
                "locals",
                "save " + saved,
                "continue");
        assertThat(run.err())
                .contains("stopped at breakpoint 0x")
                .contains("parameter 0: i32 40 (0x28)\nparameter 1: i32 2 (0x2)\n")
                .contains("operand 0: i32 40 (0x28)\noperand 1: i32 2 (0x2)\n")
                .contains("saved to ")
                .endsWith("the program has ended with status 0\n");
        assertThat(run.status()).isZero();
        CommandRun again = debug(saved, "breakpoints", "bt", "finish", "continue", "memory 0 4");
        assertThat(again.err())
                .contains("Breakpoints: 0x")
                .contains("#0 add (function 1)")
                .contains("00000000  2a 00 00 00");
    }

    @Test
    void gateProgramBeginsWithTheFunctionThatIsAskedFor() throws Exception {
        Path program = file("f.wat", """
                (module
                  (import "gate" "fd_65536" (func (result i32)))
                  (func (export "one") (result i32) (i32.const 1)))
                """);
        CommandRun run = CommandRun.of("debug", "--invoke", "one", "-c", "bt", "-c", "continue", program.toString());
        assertThat(run.err()).contains("#0 one (function 1)").endsWith("the program has ended with status 1\n");
        CommandRun other = CommandRun.of("debug", "--invoke", "two", "-c", "continue", program.toString());
        assertThat(other.status()).isEqualTo(65);
        assertThat(other.err()).contains("function not exported or it cannot be used as entry function");
    }

    @Test
    void whatCannotBeDoneEndsAScriptWithASentence() throws Exception {
        Path program = file("a.wat", TEXT);
        String[][] wrong = {
            {"break nothing", "module contains no debug information"},
            {"break a.c:1", "module contains no debug information"},
            {"break 0x1", "breakpoint could not be set at offset 0x1"},
            {"break 99999999", "breakpoint could not be set at offset 0x5f5e0ff"},
            {"break", "`break` needs to be told what"},
            {"dance", "there is no command \"dance\""},
            {"memory 0x100000000", "there is no memory at 0x100000000"},
            {"memory -1", "is no number"},
            {"locals 1", "is no number from 0 to 0"},
            {"delete _start", "there is no breakpoint at offset"},
            {"continue now", "takes nothing after it"},
            {"save " + folder.resolve("none/x.wasm"), "there is no folder"},
        };
        for (String[] one : wrong) {
            CommandRun run = debug(program, one[0], "status");
            assertThat(run.err()).as(one[0]).contains(one[1]).doesNotContain("(gate) status");
            assertThat(run.status()).isEqualTo(64);
        }
    }

    @Test
    void linesAreSteppedAndBrokenAt() throws Exception {
        Path source = file("steps.c", C);
        for (String version : new String[] {"-gdwarf-4", "-gdwarf-5"}) {
            Path program = Clang.compile(source, folder, "-g", version, "-O0");
            CommandRun run = debug(
                    program,
                    "break twice",
                    "continue",
                    "locals",
                    "next",
                    "step",
                    "next",
                    "finish",
                    "next",
                    "delete all",
                    "break steps.c:19",
                    "continue",
                    "next",
                    "continue");
            assertThat(run.err())
                    .contains("parameter 0: i32 3 (0x3)")
                    .containsSubsequence(
                            "steps.c:10:", "(gate) next", "steps.c:11:", "(gate) step", "steps.c:", "(gate) next")
                    .containsSubsequence("(gate) finish", "#0 twice", "(gate) next", "steps.c:12:")
                    .containsPattern("steps\\.c:19:[0-9]+: setting breakpoint at offset 0x")
                    .containsSubsequence("(gate) continue", "steps.c:19:", "(gate) next", "steps.c:20:")
                    .endsWith("the program has ended with status 12\n");
            assertThat(run.status()).isEqualTo(12);
        }
    }
}
