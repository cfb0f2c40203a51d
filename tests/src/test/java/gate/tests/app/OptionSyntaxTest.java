// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import gate.app.options.DirectoryGrant;
import gate.app.options.DurationSyntax;
import gate.app.options.EnvironmentEntry;
import gate.app.options.RunOptions;
import gate.app.options.SizeSyntax;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// How option values are written.
final class OptionSyntaxTest {
    @ParameterizedTest
    @CsvSource({
        "250ms, 250000000",
        "1.5s, 1500000000",
        "2m, 120000000000",
        "1h, 3600000000000",
        "0s, 0",
        "0.000000001s, 1",
        "1.0000000019s, 1000000001",
        "876000h, 3153600000000000000"
    })
    void timesAreReadExactly(String text, long nanos) {
        assertThat(DurationSyntax.parse(text)).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5 s",
                "-1s",
                "1,5s",
                "s",
                ".5s",
                "1.s",
                "1e3s",
                "1d",
                "1S",
                "+1s",
                "NaNs",
                "1s2ms",
                "٣s",
                "9999999999999s",
                "876001h"
            })
    void otherTimesAreRefusedWithASentence(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationSyntax.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "65536, 65536",
        "7B, 7",
        "64KiB, 65536",
        "100MiB, 104857600",
        "1GiB, 1073741824",
        "8589934591GiB, 9223372035781033984"
    })
    void sizesAreReadExactly(String text, long bytes) {
        assertThat(SizeSyntax.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "KiB", "-1", "1.5GiB", "64KB", "64kib", "64 KiB", "1TiB", "8589934592GiB", "9999999999999999"
            })
    void otherSizesAreRefusedWithASentence(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SizeSyntax.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void foldersNameHostAndGuest() {
        assertThat(DirectoryGrant.parse("data::/data")).isEqualTo(new DirectoryGrant(Path.of("data"), "/data", false));
        assertThat(DirectoryGrant.parse(".::.:ro")).isEqualTo(new DirectoryGrant(Path.of("."), ".", true));
        assertThat(DirectoryGrant.parse("a::b::/c")).isEqualTo(new DirectoryGrant(Path.of("a::b"), "/c", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "data", "::", "::/data", "data::", "data:/data", "data:::ro", "a\0b::/c"})
    void otherFoldersAreRefusedWithASentence(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DirectoryGrant.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void variablesAreDividedByTheirFirstEqualsSign() {
        assertThat(EnvironmentEntry.parse("A=b=c")).isEqualTo(new EnvironmentEntry("A", "b=c"));
        assertThat(EnvironmentEntry.parse("A=")).isEqualTo(new EnvironmentEntry("A", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "=b", "A=b\0c"})
    void otherVariablesAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> EnvironmentEntry.parse(text));
    }

    @Test
    void everyOptionArrives() {
        RunOptions options = run(
                "--dir",
                "a::/a",
                "--dir=b::/b:ro",
                "--env",
                "K=V",
                "--fuel",
                "1000",
                "--max-memory",
                "64KiB",
                "--max-stack",
                "1MiB",
                "--timeout",
                "2m",
                "--snapshot",
                "saved.wasm",
                "--after",
                "1.5s",
                "--invoke",
                "f",
                "p.wasm",
                "-x",
                "--dir",
                "mine");
        assertThat(options)
                .isEqualTo(new RunOptions(
                        Path.of("p.wasm"),
                        List.of("-x", "--dir", "mine"),
                        List.of(DirectoryGrant.parse("a::/a"), DirectoryGrant.parse("b::/b:ro")),
                        List.of(new EnvironmentEntry("K", "V")),
                        "f",
                        new RunOptions.Limits(1_000L, 65_536L, 1L << 20),
                        new RunOptions.Stop(Path.of("saved.wasm"), Duration.ofMillis(1_500), Duration.ofMinutes(2))));
    }

    @Test
    void nothingIsSetThatWasNotAskedFor() {
        assertThat(run("p.wasm"))
                .isEqualTo(new RunOptions(
                        Path.of("p.wasm"),
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        new RunOptions.Limits(null, null, null),
                        new RunOptions.Stop(null, null, null)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--after 1s p.wasm",
                "--fuel 0 p.wasm",
                "--fuel -5 p.wasm",
                "--fuel x p.wasm",
                "--unknown p.wasm",
                "--timeout 5 p.wasm",
                "--dir a p.wasm",
                "--timeout 1s --timeout 2s p.wasm",
                "--snapshot"
            })
    void wrongCommandLinesAreRefused(String line) {
        String[] words = line.isEmpty() ? new String[0] : line.split(" ", -1);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> run(words)))
                .isInstanceOf(ParameterException.class);
    }

    @Test
    void aProgramThatGoesOnHasTheOptionsOfOneThatStarts() {
        CommandLine line = new CommandLine(RunOptions.resumeSpec());
        assertThat(RunOptions.of(line.parseArgs("--fuel", "9", "saved.wasm")).file())
                .isEqualTo(Path.of("saved.wasm"));
        assertThat(RunOptions.of(line.parseArgs("--invoke", "f", "saved.wasm", "--fuel")))
                .satisfies(options -> {
                    assertThat(options.entry()).isEqualTo("f");
                    assertThat(options.arguments()).containsExactly("--fuel");
                });
    }

    private static RunOptions run(String... words) {
        return RunOptions.of(new CommandLine(RunOptions.runSpec()).parseArgs(words));
    }
}
