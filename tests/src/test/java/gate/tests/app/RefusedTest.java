// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.Streams;
import gate.app.command.Commands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands refuse, and how they say so.
final class RefusedTest {
    private static final String FOREVER = "(module (func (export \"_start\") (loop (br 0))))";

    @TempDir
    private Path folder;

    private Path program;

    @BeforeEach
    void writeProgram() throws IOException {
        program = Files.writeString(folder.resolve("own.wat"), FOREVER);
    }

    /// `gate run` of the program, with these options.
    private CommandRun run(String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "run";
        System.arraycopy(options, 0, words, 1, options.length);
        words[words.length - 1] = program.toString();
        return CommandRun.of(words);
    }

    private CommandRun save(Path file) {
        return run("--snapshot", file.toString(), "--after", "1ms");
    }

    private static void refused(CommandRun run, int status, String... words) {
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("gate: ").contains(words);
    }

    @Test
    void onlyGateProgramsAreConnectedTo() {
        refused(run("--connect", "0"), 64, "is no Gate program: --connect can't be given to it");
        CommandRun debugged = CommandRun.of("debug", "--connect", "0", "-c", "quit", program.toString());
        refused(debugged, 64, "is no Gate program: --connect can't be given to it");
    }

    @Test
    void aProgramIsNotSavedOverItself() throws IOException {
        Path other = Files.createSymbolicLink(folder.resolve("link.wasm"), program);
        refused(save(program), 64, "is the program itself");
        refused(save(other), 64, "is the program itself");
        assertThat(program).hasContent(FOREVER);
    }

    @Test
    void aProgramIsSavedOnlyOverSavedProgramsAndEmptyFiles() throws IOException {
        Path letter = Files.writeString(folder.resolve("letter"), "Dear reader,");
        refused(save(letter), 73, "letter is there already", "no saved program");
        assertThat(letter).hasContent("Dear reader,");
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThat(save(empty).status()).isEqualTo(75);
        assertThat(empty).isNotEmptyFile();
        assertThat(save(empty).status()).isEqualTo(75);
    }

    @Test
    void aProgramIsNotSavedToAFolderOrALinkToNothing() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.wasm"), folder.resolve("nothing"));
        refused(save(link), 73, "is a link to nothing");
        assertThat(link).isSymbolicLink();
        refused(run("--snapshot", folder.resolve("new") + "/"), 64, "is the name of a folder");
        refused(save(folder), 73, "is no file");
        refused(run("--snapshot", ""), 64, "is empty");
        refused(save(folder.resolve("x".repeat(250))), 73, "File name too long");
    }

    @Test
    void twoFoldersOfOneNameAreAMistakeInTheCommandLine() {
        refused(run("--dir", folder + "::/a", "--dir", folder + "::/a"), 64, "two directories are called /a");
        refused(run("--dir", folder.resolve("nowhere") + "::/a"), 66, "nowhere is not a directory");
    }

    @Test
    void namesThatAreNoneAreExplained() {
        refused(CommandRun.of("run", ""), 64, "the name of a file is missing");
        refused(CommandRun.of("inspect", ""), 64, "the name of a file is missing");
        refused(CommandRun.of("validate", ""), 64, "the name of a file is missing");
        refused(CommandRun.of("run", "-x.wat"), 64, "written ./-x.wat");
        refused(CommandRun.of("run", "\0"), 64, "can't be the name of a file");
        refused(run("--env", "A=\ufffd"), 64, "is no text in this locale's encoding");
    }

    @Test
    void digitsAreThoseOfAscii() throws IOException {
        refused(run("--fuel", "\u0661\u0662"), 64, "is not an amount of fuel");
        Path library = Files.writeString(
                folder.resolve("library.wat"),
                "(module (func (export \"i\") (param i32)) (func (export \"f\") (param f64)))");
        refused(CommandRun.of("run", "--invoke", "i", library.toString(), "\u0661"), 64, "not a value of type i32");
        refused(CommandRun.of("run", "--invoke", "f", library.toString(), " 1.5"), 64, "not a value of type f64");
        assertThat(CommandRun.of("run", "--invoke", "f", library.toString(), "1.5"))
                .isEqualTo(new CommandRun(0, "", ""));
    }

    @Test
    void preview0IsRefusedByName() throws IOException {
        Files.writeString(program, """
                (module
                  (import "wasi_unstable" "fd_seek" (func (param i32 i64 i32 i32) (result i32)))
                  (func (export "_start")))
                """);
        refused(run(), 65, "\"wasi_unstable\"", "not supported", "build it again for \"wasi_snapshot_preview1\"");
    }

    @Test
    void memoryOverTheOptionsLimitNamesTheOption() throws IOException {
        Files.writeString(program, "(module (memory 1) (func (export \"_start\")))");
        refused(run("--max-memory", "0"), 65, "needs 1 pages", "--max-memory");
    }

    @Test
    void savedProgramsThatAreTooLargeForModulesAreSentToResume() throws IOException {
        Path saved = folder.resolve("saved.wasm");
        assertThat(save(saved).status()).isEqualTo(75);
        int content = (1 << 30) + 2;
        try (RandomAccessFile file = new RandomAccessFile(saved.toFile(), "rw")) {
            long length = file.length();
            file.seek(length);
            file.write(new byte[] {0, (byte) 0x82, (byte) 0x80, (byte) 0x80, (byte) 0x80, 4, 1, 'x'});
            file.setLength(length + 6 + content); // a custom section without any blocks on the disk
        }
        refused(CommandRun.of("run", saved.toString()), 65, "is a saved program", "`gate resume ");
    }

    @Test
    void invalidFilesAreCountedOnStandardError() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.wat"), "(module (func (result i32)))");
        CommandRun both = CommandRun.of("validate", bad.toString(), program.toString());
        assertThat(both.status()).isEqualTo(1);
        assertThat(both.err()).isEqualTo("gate: not valid: 1 of 2; standard output says why" + System.lineSeparator());
    }

    @Test
    void errorsOfTheJvmAreOurOwnFailures() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) {
                throw new NoClassDefFoundError("gate/Missing");
            }
        };
        Streams streams = new Streams(
                new PrintStream(broken, true, StandardCharsets.UTF_8),
                new PrintStream(said, true, StandardCharsets.UTF_8));
        assertThat(Commands.run(new String[] {"version"}, streams)).isEqualTo(70);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith("gate: this is our own failure")
                .contains("NoClassDefFoundError: gate/Missing");
    }
}
