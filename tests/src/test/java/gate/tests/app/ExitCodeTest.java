// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.ExitCode;
import gate.tests.tidy.Repository;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Exit codes are part of the interface.
final class ExitCodeTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([0-9]+) \\| (.*) \\|$");

    @Test
    void theDocumentationListsThemAll() {
        assertThat(ROW.matcher(Repository.text("docs/cli.md")).results().map(row -> row.group(1) + " " + row.group(2)))
                .containsExactlyElementsOf(Arrays.stream(ExitCode.values())
                        .map(code -> code.number() + " " + code.meaning())
                        .toList());
    }

    @Test
    void theHelpListsThemAll() {
        String help = CommandRun.of("help", "exit-codes").out();
        assertThat(ExitCode.values())
                .allSatisfy(code -> assertThat(help).contains(code.number() + "  " + code.meaning()));
    }

    @Test
    void theirNumbersAreDifferent() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "255, 255", "256, 1", "257, 1", "-1, 255", "-2147483648, 1", "65536, 1", "300, 44"})
    void guestsStatusesKeepEightBitsAndStayFailures(int status, int expected) {
        assertThat(ExitCode.ofGuest(status)).isEqualTo(expected);
    }
}
