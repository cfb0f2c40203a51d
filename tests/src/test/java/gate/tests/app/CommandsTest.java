// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// From the words of a command line to a command, and its help.
final class CommandsTest {
    @Test
    void noWordsShowWhatThereIs() {
        CommandRun run = CommandRun.of();
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("gate: no command was given").contains("Usage: gate COMMAND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void helpListsTheCommands(String word) {
        CommandRun run = CommandRun.of(word);
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("version", "help", "exit-codes");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "help"})
    void everyCommandIsExplainedTwoWays(String command) {
        CommandRun byTopic = CommandRun.of("help", command);
        assertThat(byTopic.status()).isZero();
        assertThat(byTopic.out()).contains("Usage: gate " + command);
        assertThat(CommandRun.of(command, "--help").out()).isEqualTo(byTopic.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version", "-V"})
    void versionNamesGateAndJava(String word) {
        CommandRun run = CommandRun.of(word);
        assertThat(run.status()).isZero();
        assertThat(run.out()).containsPattern("^gate [0-9]+\\.[0-9]+\\.[0-9]+").contains("java " + Runtime.version());
    }

    @Test
    void unknownCommandsAreNamed() {
        CommandRun run = CommandRun.of("rum", "x.wasm");
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err()).contains("there is no command 'rum'").contains("gate help");
    }

    @Test
    void unknownTopicsAreNamed() {
        CommandRun run = CommandRun.of("help", "rum");
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err()).contains("'rum'");
    }

    @Test
    void wrongOptionsSayWhereTheHelpIs() {
        CommandRun run = CommandRun.of("version", "--verbose");
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err()).contains("--verbose").contains("`gate help version`");
    }
}
