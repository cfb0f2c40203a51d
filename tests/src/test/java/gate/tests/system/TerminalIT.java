// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ctrl-C as a person presses it: at a terminal, which `script` (util-linux) makes.
@Tag("slow")
final class TerminalIT {
    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final String CTRL_C = "\003";

    @TempDir
    private Path folder;

    @BeforeEach
    void writeGuest() throws IOException {
        if (!Files.isExecutable(SCRIPT)) {
            System.out.println("SKIPPED: Ctrl-C at a terminal - there is no " + SCRIPT + " - apt install bsdutils");
        }
        assumeTrue(Files.isExecutable(SCRIPT));
        Guests.write(folder, "forever.wat", Guests.FOREVER);
    }

    private GateProcess atTerminal(String options) throws IOException, InterruptedException {
        // `exec`: a shell that waits for the program would end by the same Ctrl-C itself, as some do.
        GateProcess process = terminal(options + " forever.wat");
        process.awaitOut(out -> out.contains("running"));
        return process;
    }

    private GateProcess terminal(String words) throws IOException {
        String command = "exec '" + Repository.root().resolve("gate") + "' run " + words;
        return GateProcess.start(folder, SCRIPT.toString(), List.of("-qfec", command, "/dev/null"));
    }

    /// A program that reads its input all the time: it counts lines.
    private GateProcess counter(String options) throws IOException, InterruptedException {
        GateProcess process = terminal(options + " '" + Guests.example("sdk-c/counter.wasm") + "'");
        process.awaitOut(out -> out.contains("1\r\n"));
        process.write("a\n");
        process.awaitOut(out -> out.contains("2\r\n"));
        return process;
    }

    @Test
    void aGateProgramThatReadsTakesNoAnswerAndGoesOn() throws IOException, InterruptedException {
        try (GateProcess process = counter("")) {
            process.write(CTRL_C);
            process.awaitOut(out -> out.contains("[c]ontinue"));
            process.write("c\n");
            process.awaitOut(out -> out.contains("welcome back\r\n3\r\n"));
            process.write("first input afterwards\n");
            process.awaitOut(out -> out.contains("4\r\n"));
            process.write(CTRL_C);
            process.awaitOut(out -> out.split("\\[c\\]ontinue", -1).length == 3);
            process.write("y\n");
            assertThat(process.await().status()).isEqualTo(75);
            assertThat(process.out()).contains("saved to counter.saved.wasm");
        }
        assertThat(folder.resolve("counter.saved.wasm")).exists();
    }

    @Test
    void theSecondOneLeavesNoSocketOfAGateProgram() throws IOException, InterruptedException {
        try (GateProcess process = counter("--connect ./socket")) {
            process.write(CTRL_C);
            process.awaitOut(out -> out.contains("[c]ontinue"));
            assertThat(folder.resolve("socket")).exists();
            process.write(CTRL_C);
            assertThat(process.await().status()).isEqualTo(130);
            assertThat(process.out()).contains("ended by a second Ctrl-C");
        }
        assertThat(folder.resolve("socket")).doesNotExist();
    }

    @Test
    void itOffersToSaveAndSaves() throws IOException, InterruptedException {
        try (GateProcess process = atTerminal("")) {
            process.write(CTRL_C);
            process.awaitOut(out -> out.contains("Save it to forever.saved.wasm?"));
            process.write("y\n");
            assertThat(process.await().status()).isEqualTo(75);
            assertThat(process.out()).contains("saved to forever.saved.wasm", "`gate resume forever.saved.wasm`");
        }
        assertThat(GateProcess.run(folder, "resume", "--timeout", "200ms", "forever.saved.wasm")
                        .status())
                .isEqualTo(124);
    }

    @Test
    void itGoesOnIfToldToAndEndsIfToldTo() throws IOException, InterruptedException {
        try (GateProcess process = atTerminal("")) {
            process.write(CTRL_C);
            process.awaitOut(out -> out.contains("[c]ontinue"));
            process.write("c\n");
            Thread.sleep(300);
            assertThat(process.isRunning()).isTrue();
            process.write(CTRL_C);
            process.awaitOut(out -> out.split("\\[c\\]ontinue", -1).length == 3);
            process.write("n\n");
            assertThat(process.await().status()).isEqualTo(130);
            assertThat(folder.resolve("forever.saved.wasm")).doesNotExist();
        }
    }

    @Test
    void theSecondOneKillsAtOnce() throws IOException, InterruptedException {
        try (GateProcess process = atTerminal("")) {
            process.write(CTRL_C);
            process.awaitOut(out -> out.contains("[c]ontinue"));
            process.write(CTRL_C);
            assertThat(process.await().status()).isEqualTo(130);
            assertThat(process.out()).contains("ended by a second Ctrl-C");
        }
    }

    @Test
    void aFileThatSomebodyMadeDuringTheQuestionIsNotReplaced() throws IOException, InterruptedException {
        try (GateProcess process = atTerminal("")) {
            process.write(CTRL_C);
            process.awaitOut(out -> out.contains("Save it to forever.saved.wasm?"));
            Files.writeString(folder.resolve("forever.saved.wasm"), "somebody else's");
            process.write("y\n");
            process.awaitOut(out -> out.contains("Save it to forever.saved-2.wasm?"));
            process.write("y\n");
            assertThat(process.await().status()).isEqualTo(75);
            assertThat(process.out())
                    .contains("forever.saved.wasm has been made by somebody else meanwhile")
                    .contains("saved to forever.saved-2.wasm");
        }
        assertThat(folder.resolve("forever.saved.wasm")).hasContent("somebody else's");
        assertThat(folder.resolve("forever.saved-2.wasm")).exists();
    }

    @Test
    void sigtermDoesNotWaitForAnAnswer() throws IOException, InterruptedException {
        try (GateProcess process = atTerminal("")) {
            process.write(CTRL_C);
            process.awaitOut(out -> out.contains("[c]ontinue"));
            process.signalOnlyChild("TERM");
            assertThat(process.await().status()).isEqualTo(143);
            assertThat(process.out()).contains("ended by SIGTERM; with --snapshot FILE it would have been saved");
        }
    }

    @Test
    void whereSavingFailsItAsksForAnotherName() throws IOException, InterruptedException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        try (GateProcess process = atTerminal("--snapshot gone/saved.wasm --after 2s")) {
            Files.delete(gone);
            process.awaitOut(out -> out.contains("could not be saved to") && out.contains("Save it to"));
            process.write("c\n");
            Thread.sleep(300);
            assertThat(process.isRunning()).isTrue();
            process.write(CTRL_C);
            process.awaitOut(out -> out.split("Save it to", -1).length == 3);
            process.write("other.wasm\n");
            assertThat(process.await().status()).isEqualTo(75);
            assertThat(process.out()).contains("saved to other.wasm");
        }
        assertThat(folder.resolve("other.wasm")).isNotEmptyFile();
    }

    @Test
    void withASnapshotItAsksNothing() throws IOException, InterruptedException {
        try (GateProcess process = atTerminal("--snapshot here.wasm")) {
            process.write(CTRL_C);
            assertThat(process.await().status()).isEqualTo(75);
            assertThat(folder.resolve("here.wasm")).exists();
        }
    }
}
