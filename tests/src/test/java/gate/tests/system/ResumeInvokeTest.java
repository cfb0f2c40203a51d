// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.SnapshotFile;
import gate.engine.runtime.Execution;
import gate.tests.app.CommandRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gate resume --invoke`: for a library that was saved when it had nothing left to do, and for nothing else.
final class ResumeInvokeTest {
    @TempDir
    private Path folder;

    private Path library;

    @BeforeEach
    void writeGuests() throws IOException {
        library = Guests.write(folder, "library.wat", """
                (module
                  (global $count (mut i32) (i32.const 0))
                  (func (export "_initialize") (global.set $count (i32.add (global.get $count) (i32.const 40))))
                  (func (export "add") (param i32) (result i32)
                    (global.set $count (i32.add (global.get $count) (local.get 0)))
                    (global.get $count)))
                """);
    }

    private static RunOptions options(Path file, @Nullable String entry, String... arguments) {
        return new RunOptions(
                file,
                List.of(arguments),
                List.of(),
                List.of(),
                entry,
                new RunOptions.Limits(null, null, null),
                new RunOptions.Stop(null, null, null));
    }

    /// Calls `add` and saves it as an embedder can, with nothing left to do.
    private Path idle() {
        Path saved = folder.resolve("idle.wasm");
        try (Guest guest = Guest.of(options(library, "add", "1"), StoppedProgram.silentWorld())) {
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.FINISHED);
            save(guest, saved);
        }
        return saved;
    }

    private Path stopped() {
        Path saved = folder.resolve("stopped.wasm");
        try (Guest guest = Guest.of(options(library, "add", "1"), StoppedProgram.silentWorld())) {
            guest.execution().suspend();
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.SUSPENDED);
            save(guest, saved);
        }
        return saved;
    }

    private static void save(Guest guest, Path saved) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        SnapshotFile.at(saved).save(guest, new Streams(nowhere, nowhere));
    }

    @Test
    void aLibraryWithNothingLeftToDoIsCalledWithoutBeingInitialisedAgain() {
        Path idle = idle();
        assertThat(CommandRun.of("resume", "--invoke", "add", idle.toString(), "2"))
                .isEqualTo(new CommandRun(0, "43\n", ""));
    }

    @Test
    void withoutAFunctionThereIsNothingToDo() {
        Path idle = idle();
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> Guest.resumed(options(idle, null), StoppedProgram.silentWorld()))
                .withMessageContaining("nothing left to do. `--invoke FUNCTION` calls one of")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ExitCode.BAD_INPUT));
        assertThat(CommandRun.of("resume", "--invoke", "no", idle.toString()).status())
                .isEqualTo(65);
        assertThat(CommandRun.of("resume", "--invoke", "add", idle.toString()).status())
                .isEqualTo(64);
    }

    @Test
    void whatIsInTheMiddleOfACallGoesOnWithThatAndNothingElse() {
        Path stopped = stopped();
        assertThat(CommandRun.of("resume", "--invoke", "add", stopped.toString(), "2"))
                .satisfies(run -> {
                    assertThat(run.status()).isEqualTo(64);
                    assertThat(run.err()).contains("was saved in the middle of a call", "--invoke can call only");
                });
        assertThat(CommandRun.of("resume", stopped.toString(), "2")).satisfies(run -> {
            assertThat(run.status()).isEqualTo(64);
            assertThat(run.err()).contains("has its arguments already");
        });
        assertThat(CommandRun.of("resume", stopped.toString())).isEqualTo(new CommandRun(0, "41\n", ""));
    }

    @Test
    void everyOptionOfRunIsOneOfResume() {
        assertThat(RunOptions.resumeSpec().optionsMap().keySet())
                .isEqualTo(RunOptions.runSpec().optionsMap().keySet());
    }
}
