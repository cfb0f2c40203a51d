// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.system.GateProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gate run` of programs that end by themselves, and of files that are none.
@Tag("slow")
final class RunCommandIT {
    @TempDir
    private Path folder;

    private Ended gate(String... arguments) throws IOException, InterruptedException {
        return GateProcess.run(folder, arguments);
    }

    @Test
    void theGuestsExitStatusIsTheCommands() throws IOException, InterruptedException {
        Guests.write(folder, "exit.wat", Guests.EXIT);
        assertThat(gate("run", "exit.wat")).isEqualTo(new Ended(3, "", ""));
    }

    @Test
    void argumentsVariablesAndFoldersReachAProgram() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("text"), "one two\nthree\n");
        String words = Guests.example("words/words.wasm").toString();
        Ended both = gate("run", "--dir", folder + "::/data:ro", words, "/data/text", "/data/text");
        assertThat(both.out()).contains("      2       3      14 /data/text\n").contains("4       6      28 total");
        assertThat(both.status()).as(both.err()).isZero();
        Ended gone = gate("run", "--dir", folder + "::/data", words, "/data/nothing");
        assertThat(gone.status()).isEqualTo(1);
        assertThat(gone.err()).contains("/data/nothing: No such file");
        assertThat(gate("run", words, "/data/text").err()).contains("/data/text");
    }

    @Test
    void standardInputReachesAProgram() throws IOException, InterruptedException {
        try (GateProcess echo = GateProcess.start(
                folder, "run", Guests.example("echo/echo.wasm").toString())) {
            echo.write("first\n");
            echo.awaitOut("first\n"::equals);
            echo.write("second\n");
            echo.awaitOut("first\nsecond\n"::equals);
            echo.endInput();
            assertThat(echo.await()).isEqualTo(new Ended(0, "first\nsecond\n", ""));
        }
    }

    @Test
    void functionsOfLibrariesAreCalledWithArgumentsOfTheirTypes() throws IOException, InterruptedException {
        Guests.write(folder, "r.wat", Guests.REACTOR);
        assertThat(gate("run", "--invoke", "get", "r.wat")).isEqualTo(new Ended(0, "42\n", ""));
        assertThat(gate("run", "--invoke", "add", "r.wat", "-2", "0xffffffffffffffff", "1.25", "inf"))
                .isEqualTo(new Ended(0, "40\n0\n1.75\n-inf\n", ""));
    }

    @Test
    void wrongCallsOfLibrariesAreExplained() throws IOException, InterruptedException {
        Guests.write(folder, "r.wat", Guests.REACTOR);
        Ended none = gate("run", "r.wat");
        assertThat(none.status()).isEqualTo(65);
        assertThat(none.err())
                .startsWith("gate: r.wat exports no function _start")
                .contains("--invoke", "\"get\"");
        Ended unknown = gate("run", "--invoke", "put", "r.wat");
        assertThat(unknown.status()).isEqualTo(65);
        assertThat(unknown.err()).contains("\"put\"", "\"get\"", "\"add\"");
        Ended few = gate("run", "--invoke", "add", "r.wat", "1");
        assertThat(few.status()).isEqualTo(64);
        assertThat(few.err()).contains("(param i32 i64 f32 f64)", "4 arguments", "is given 1");
        Ended wrong = gate("run", "--invoke", "add", "r.wat", "1", "2", "x", "4");
        assertThat(wrong.status()).isEqualTo(64);
        assertThat(wrong.err()).contains("argument 3", "'x'", "f32");
    }

    @Test
    void trapsShowTheCallStackWithNames() throws IOException, InterruptedException {
        Guests.write(folder, "trap.wat", Guests.TRAP);
        Ended trap = gate("run", "trap.wat");
        assertThat(trap.status()).isEqualTo(134);
        assertThat(trap.err()).containsPattern("""
                        gate: the program trapped: integer divide by zero
                          at inner @0x[0-9a-f]+
                          at middle @0x[0-9a-f]+
                          at outer @0x[0-9a-f]+
                        """);
        Ended deep = gate("run", "--invoke", "deep", "trap.wat");
        assertThat(deep.status()).isEqualTo(134);
        assertThat(deep.err()).contains("call stack exhausted", "  at deep", "  ...", "--max-stack");
    }

    @Test
    void everythingThatIsImportedInVainIsListed() throws IOException, InterruptedException {
        Guests.write(folder, "missing.wat", Guests.MISSING);
        Ended run = gate("run", "missing.wat");
        assertThat(run.status()).isEqualTo(65);
        assertThat(run.err())
                .startsWith("gate: missing.wat imports what isn't there:")
                .contains("func \"env\" \"open_the_door\" (param i32) (result i64)")
                .contains("\"fd_wirte\"")
                .contains("\"fd_write\" (param i32), but its type is (param i32 i32 i32 i32) (result i32)")
                .contains("memory \"env\" \"memory\"")
                .contains("path_open, ");
    }

    @Test
    void filesThatAreNoProgramsAreRefusedWithAReason() throws IOException, InterruptedException {
        assertThat(gate("run", "nothing.wasm")).satisfies(run -> {
            assertThat(run.status()).isEqualTo(66);
            assertThat(run.err()).startsWith("gate: nothing.wasm can't be read: there is no such file");
        });
        assertThat(gate("run", ".")).satisfies(run -> assertThat(run.status()).isEqualTo(66));
        Files.writeString(folder.resolve("letter"), "Dear reader,\n");
        assertThat(gate("run", "letter")).satisfies(run -> {
            assertThat(run.status()).isEqualTo(65);
            assertThat(run.err()).startsWith("gate: letter: neither a binary module");
        });
        Files.write(folder.resolve("cut.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5});
        assertThat(gate("run", "cut.wasm")).satisfies(run -> {
            assertThat(run.status()).isEqualTo(65);
            assertThat(run.err()).startsWith("gate: cut.wasm: ").contains("offset 0x");
        });
        Files.writeString(folder.resolve("bad.wat"), "(module (func (result i32)))");
        assertThat(gate("run", "bad.wat").err()).startsWith("gate: bad.wat: type mismatch");
        assertThat(gate("run", "--dir", "nowhere::/x", "bad.wat")).satisfies(run -> {
            assertThat(run.status()).isEqualTo(66);
            assertThat(run.err()).startsWith("gate: --dir: nowhere");
        });
    }

    @Test
    void memoryIsLimited() throws IOException, InterruptedException {
        Guests.write(folder, "grow.wat", """
                (module (memory 1)
                  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
                """);
        assertThat(gate("run", "--max-memory", "1MiB", "--invoke", "grow", "grow.wat", "15")
                        .out())
                .isEqualTo("1\n");
        assertThat(gate("run", "--max-memory", "1MiB", "--invoke", "grow", "grow.wat", "16")
                        .out())
                .isEqualTo("-1\n");
        Ended none = gate("run", "--max-memory", "1KiB", "--invoke", "grow", "grow.wat", "1");
        assertThat(none.status()).isEqualTo(65);
        assertThat(none.err())
                .contains("memory 0 needs 1 pages of 64 KiB at its start; 0 are left of the 0")
                .contains("--max-memory");
    }

    @Test
    void validateTellsWhatIsWrongOfEachFile() throws IOException, InterruptedException {
        Guests.write(folder, "good.wat", Guests.EXIT);
        Files.writeString(folder.resolve("bad.wat"), "(module (func (result i32)))");
        Files.write(folder.resolve("cut.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5});
        Files.writeString(folder.resolve("new.wat"), "(module (memory i64 1))");
        Ended all = gate("validate", "good.wat", "bad.wat", "cut.wasm", "new.wat");
        assertThat(all.status()).isEqualTo(1);
        assertThat(all.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("good.wat: valid"),
                        line -> assertThat(line).startsWith("bad.wat: invalid: type mismatch"),
                        line -> assertThat(line).startsWith("cut.wasm: malformed: "),
                        line -> assertThat(line).startsWith("new.wat: unsupported: feature not supported: memory64"));
        assertThat(gate("validate", "good.wat").status()).isZero();
        assertThat(gate("validate", "good.wat", "nothing").status()).isEqualTo(66);
        assertThat(gate("validate").status()).isEqualTo(64);
    }
}
