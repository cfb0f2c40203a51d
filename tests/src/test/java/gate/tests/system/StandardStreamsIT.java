// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.system.GateProcess.Ended;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./gate` with standard streams that are closed or full, and in locales that aren't UTF-8.
@Tag("slow")
final class StandardStreamsIT {
    private static final String ECHO = Guests.example("echo/echo.wasm").toString();

    /// Prints the first 20 bytes of its arguments.
    private static final String ARGUMENTS = """
            (module
              (import "wasi_snapshot_preview1" "args_get" (func $arguments (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "\\64\\00\\00\\00\\14\\00\\00\\00")
              (func (export "_start")
                (drop (call $arguments (i32.const 0) (i32.const 100)))
                (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 64)))))
            """;

    @TempDir
    private Path folder;

    /// A line of bash; `gate` in it is ours.
    private Ended shell(String line) throws IOException, InterruptedException {
        String all = "gate() { '" + Repository.root().resolve("gate") + "' \"$@\"; }; " + line;
        try (GateProcess process = GateProcess.start(folder, "bash", List.of("-c", all))) {
            process.endInput();
            return process.await();
        }
    }

    @Test
    void aClosedInputIsAnErrorAndNoFileOfTheHost() throws IOException, InterruptedException {
        Ended ended = shell("gate run '" + ECHO + "' <&-");
        assertThat(ended.status()).as(ended.err()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void aClosedOutputIsAnErrorAndNoFileOfTheHost() throws IOException, InterruptedException {
        assertThat(shell("echo hello | gate run '" + ECHO + "' >&-").status()).isEqualTo(1);
        Ended lost = shell("gate version >&-");
        assertThat(lost.status()).isEqualTo(74);
        assertThat(lost.err()).startsWith("gate: standard output can't be written");
        assertThat(shell("echo hello | gate run '" + ECHO + "' 2>&-")).isEqualTo(new Ended(0, "hello\n", ""));
        assertThat(shell("gate run '" + ECHO + "' <&- >&- 2>&-")).isEqualTo(new Ended(1, "", ""));
    }

    @Test
    void javaItselfWithoutInputIsRefused() throws IOException, InterruptedException {
        String java = System.getProperty("java.home") + "/bin/java";
        String classes = System.getProperty("java.class.path");
        Ended ended = shell("'" + java + "' -cp '" + classes + "' gate.app.Main run '" + ECHO + "' <&-");
        assertThat(ended.status()).as(ended.err()).isEqualTo(64);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("gate: standard input is closed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version",
                "run --help",
                "inspect --json two.wat",
                "validate two.wat",
                "validate bad.wat",
                "run --invoke two two.wat"
            })
    void outputThatCanNotBeWrittenIsAFailure(String command) throws IOException, InterruptedException {
        Guests.write(folder, "two.wat", "(module (func (export \"two\") (result i32) (i32.const 2)))");
        Guests.write(folder, "bad.wat", "(module (func (result i32)))");
        Ended ended = shell("gate " + command + " >/dev/full");
        assertThat(ended.status()).isEqualTo(74);
        assertThat(ended.err()).contains("gate: standard output can't be written: No space left on device");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "LC_ALL=POSIX", "LANG=xx_XX.UTF-8", "LC_CTYPE=C.UTF-8", "LC_ALL=C.utf8"})
    void argumentsAndNamesOfFilesComeThroughInEveryLocale(String locale) throws IOException, InterruptedException {
        Guests.write(folder, "a.wat", ARGUMENTS);
        // In bash's own notation: these tests may run in such a locale themselves.
        Ended ended = shell("unset LC_ALL LC_CTYPE LANG; export " + locale
                + "; mv a.wat $'\\xc3\\xa4.wat'; gate run $'\\xc3\\xa4.wat' $'\\xc3\\xa9\\xe2\\x82\\xac' | tr '\\0' .");
        assertThat(ended.out()).as(ended.err()).isEqualTo("ä.wat.é€........");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException, InterruptedException {
        Guests.write(folder, "a.wat", ARGUMENTS);
        Ended ended = shell("LC_ALL=C gate run a.wat $'\\xff'");
        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.err()).startsWith("gate: ").contains("is no text in this locale's encoding, UTF-8");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void listsOfThreadsGoToStandardError() throws IOException, InterruptedException {
        Guests.write(folder, "forever.wat", Guests.FOREVER);
        try (GateProcess process = GateProcess.start(folder, "run", "forever.wat")) {
            process.awaitOut("running\n"::equals);
            process.signal("QUIT");
            process.awaitErr(err -> err.contains("JNI global refs"));
            assertThat(process.out()).isEqualTo("running\n");
        }
    }
}
