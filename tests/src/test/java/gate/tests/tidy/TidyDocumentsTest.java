// SPDX-License-Identifier: Apache-2.0
package gate.tests.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Documents say what is so.
final class TidyDocumentsTest {
    private static final List<String> FILES = Repository.files();

    private static final String DECISIONS = "docs/decisions/";

    private static final List<String> DECISION_HEADINGS =
            List.of("## Question", "## Decision", "## Why", "## Rejected", "## What would change our mind");

    /// Relative links of Markdown: not anchors, not other sites.
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?://|#|mailto:)([^)#\\s]+)(#[^)]*)?\\)");

    private static final Pattern COMMAND_LINE = Pattern.compile("(?m)^(?:\\$ )?\\./([a-z]+)\\b(.*)$");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```[a-z]*\\n(.*?)^```");
    private static final Pattern PROMISE = Pattern.compile("(?m)^\\| ([0-9]+\\.[0-9]+) \\|(.*)\\|([^|]*)\\|$");
    private static final Pattern TEST_NAME = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT))`");
    private static final Pattern BENCH_NAME = Pattern.compile("`\\./bench [a-z]");

    @Test
    void everyDecisionAnswersTheSameFiveQuestions() {
        List<String> decisions = decisions();
        assertThat(decisions).isNotEmpty();
        for (String name : decisions) {
            List<String> headings = Repository.text(name)
                    .lines()
                    .filter(line -> line.startsWith("## "))
                    .toList();
            assertThat(headings).as(name).isEqualTo(DECISION_HEADINGS);
        }
    }

    @Test
    void decisionsAreNumberedWithoutGapOrDouble() {
        List<String> numbers = decisions().stream()
                .map(name -> name.substring(DECISIONS.length(), DECISIONS.length() + 4))
                .toList();
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(String.format("%04d", i + 1));
        }
    }

    @Test
    void linksBetweenDocumentsLeadSomewhere() {
        List<String> broken = new ArrayList<>();
        for (String name : FILES) {
            if (!name.endsWith(".md")) {
                continue;
            }
            String folder = name.contains("/") ? name.substring(0, name.lastIndexOf('/') + 1) : "";
            for (MatchResult link :
                    LINK.matcher(Repository.text(name)).results().toList()) {
                if (!Files.exists(Repository.root().resolve(folder + link.group(1)))) {
                    broken.add(name + " -> " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void commandsInDocumentsExist() {
        List<String> missing = new ArrayList<>();
        for (String name : FILES) {
            if (!name.endsWith(".md")) {
                continue;
            }
            for (MatchResult fence :
                    FENCE.matcher(Repository.text(name)).results().toList()) {
                for (MatchResult line :
                        COMMAND_LINE.matcher(fence.group(1)).results().toList()) {
                    if (!Files.isExecutable(Repository.root().resolve(line.group(1)))) {
                        missing.add(name + ": ./" + line.group(1));
                    }
                    Arrays.stream(line.group(2).split("\\s+"))
                            .filter(word -> word.startsWith("examples/"))
                            .filter(word -> !Repository.exists(word))
                            .forEach(word -> missing.add(name + ": " + word));
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyPromiseNamesItsTestOrIsMarkedUnmet() {
        List<MatchResult> promises =
                PROMISE.matcher(Repository.text("SPECIFICATION.md")).results().toList();
        assertThat(promises).hasSizeGreaterThan(10);
        for (MatchResult promise : promises) {
            String proof = promise.group(3);
            if (proof.contains("**unmet**")) {
                continue;
            }
            List<String> tests =
                    TEST_NAME.matcher(proof).results().map(m -> m.group(1)).toList();
            assertThat(!tests.isEmpty() || BENCH_NAME.matcher(proof).find())
                    .as("promise %s names a test or a benchmark, or says **unmet**", promise.group(1))
                    .isTrue();
            assertThat(tests).as("tests of promise %s", promise.group(1)).allMatch(TidyDocumentsTest::testExists);
        }
    }

    @Test
    void scriptsParse() throws IOException, InterruptedException {
        for (String name : List.of("gate", "check", "bench", "scripts/launch.bash", ".ci/run")) {
            Process bash = new ProcessBuilder("bash", "-n", name)
                    .directory(Repository.root().toFile())
                    .inheritIO()
                    .start();
            assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(bash.exitValue()).as("bash -n %s", name).isZero();
        }
    }

    private static boolean testExists(String type) {
        return FILES.stream().anyMatch(name -> name.endsWith("/" + type + ".java"));
    }

    private static List<String> decisions() {
        return FILES.stream()
                .filter(name -> name.startsWith(DECISIONS) && name.endsWith(".md"))
                .toList();
    }
}
