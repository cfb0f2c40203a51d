// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.Streams;
import gate.app.command.SaveQuestion;
import gate.app.command.SaveQuestion.Answer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Ctrl-C asks, and where it saves.
final class SaveQuestionTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({"' n ', END", "no, END", "c, GO_ON", "continue, GO_ON"})
    void answersAreUnderstood(String answer, Answer.Plain expected) {
        assertThat(ask(answer + "\n")).isEqualTo(expected);
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("Save it to p.saved.wasm?");
    }

    @ParameterizedTest
    @CsvSource({
        "'', p.saved.wasm",
        "y, p.saved.wasm",
        "Y, p.saved.wasm",
        "yes, p.saved.wasm",
        "other.wasm, other.wasm",
        "' /mnt/a b.wasm ', /mnt/a b.wasm"
    })
    void filesAreUnderstood(String answer, Path expected) {
        assertThat(ask(answer + "\n")).isEqualTo(new Answer.Save(expected));
    }

    @Test
    void itAsksAgainAfterNonsense() {
        assertThat(ask("what?\nmaybe\nc\n")).isEqualTo(Answer.Plain.GO_ON);
        assertThat(shown.toString(StandardCharsets.UTF_8).split("Save it to", -1))
                .hasSize(4);
    }

    @Test
    void theEndOfTheInputEnds() {
        assertThat(ask("")).isEqualTo(Answer.Plain.END);
    }

    @Test
    void theDefaultFileIsNamedForTheProgramAndFree(@TempDir Path folder) throws IOException {
        assertThat(SaveQuestion.defaultFile(Path.of("a/b/p.wasm"), folder)).isEqualTo(folder.resolve("p.saved.wasm"));
        assertThat(SaveQuestion.defaultFile(Path.of("p.wat"), folder)).isEqualTo(folder.resolve("p.saved.wasm"));
        Files.createFile(folder.resolve("p.saved.wasm"));
        assertThat(SaveQuestion.defaultFile(Path.of("p.saved.wasm"), folder))
                .isEqualTo(folder.resolve("p.saved-2.wasm"));
        Files.createFile(folder.resolve("p.saved-2.wasm"));
        assertThat(SaveQuestion.defaultFile(Path.of("p.saved-2.wasm"), folder))
                .isEqualTo(folder.resolve("p.saved-3.wasm"));
    }

    private Answer ask(String input) {
        PrintStream err = new PrintStream(shown, true, StandardCharsets.UTF_8);
        return SaveQuestion.ask(
                new Streams(err, err), new BufferedReader(new StringReader(input)), Path.of("p.saved.wasm"));
    }
}
