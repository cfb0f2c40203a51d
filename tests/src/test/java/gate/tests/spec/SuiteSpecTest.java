// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.StoreOptions;
import gate.tests.spec.TestSuite.ScriptFile;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The official suite, every command of every file, at three paces: see [Pace]. What came of it is a document,
/// `docs/conformance.md`.
@Tag("slow")
final class SuiteSpecTest {
    private static final String DOCUMENT = "docs/conformance.md";

    /// Writes the document instead of comparing it.
    private static final boolean WRITE = Boolean.getBoolean("gate.conformance.write");

    private static @Nullable Conformance conformance;
    private static List<ScriptReport> counted = List.of();

    @BeforeAll
    static void runTheSuite() {
        List<ScriptFile> scripts = TestSuite.findOrSkip("the official suite").scripts();
        conformance = new Conformance(
                run(scripts, Pace.STRAIGHT), run(scripts, Pace.EVERY_SEVENTH), run(scripts, Pace.EVERY_POINT));
        counted = run(scripts, Pace.COUNTED);
    }

    /// Scripts have nothing in common, so they run side by side.
    private static List<ScriptReport> run(List<ScriptFile> scripts, Pace pace) {
        // Straight with one kind of memories, stopped with the other.
        StoreOptions options = pace.stops() && System.getProperty("os.name").equals("Linux")
                ? StoreOptions.DEFAULT.withBackend(MemoryBackend.mapped())
                : StoreOptions.DEFAULT;
        long begun = System.nanoTime();
        List<ScriptReport> reports = scripts.parallelStream()
                .map(script -> ScriptRun.run(script.name(), script.read(), pace, options))
                .toList();
        System.out.printf("official suite, %s: %d s%n", pace.label(), (System.nanoTime() - begun) / 1_000_000_000);
        return reports;
    }

    private static Conformance conformance() {
        Conformance found = conformance;
        if (found == null) {
            throw new IllegalStateException("the suite hasn't been run");
        }
        return found;
    }

    @Test
    void everyCommandDoesWhatItSaysHoweverOftenItIsStopped() {
        assertThat(failures(conformance().straight())).as(Pace.STRAIGHT.label()).isEmpty();
        assertThat(failures(counted)).as(Pace.COUNTED.label()).isEmpty();
        assertThat(failures(conformance().everySeventh()))
                .as(Pace.EVERY_SEVENTH.label())
                .isEmpty();
        assertThat(failures(conformance().everyPoint()))
                .as(Pace.EVERY_POINT.label())
                .isEmpty();
    }

    private static List<String> failures(List<ScriptReport> reports) {
        return reports.stream().flatMap(report -> report.failures().stream()).toList();
    }

    @Test
    void everyRunTakesTheSameNumberOfInstructionsHoweverOftenItIsStopped() {
        assertThat(counted.stream().mapToLong(report -> report.suspensions().all()))
                .as("stops")
                .containsOnly(0L);
        Map<String, List<Long>> straight = fuel(counted);
        assertThat(straight.values().stream().mapToInt(List::size).sum()).isGreaterThan(10_000);
        assertThat(fuel(conformance().everySeventh())).isEqualTo(straight);
        assertThat(fuel(conformance().everyPoint())).isEqualTo(straight);
    }

    private static Map<String, List<Long>> fuel(List<ScriptReport> reports) {
        return reports.stream().collect(Collectors.toMap(ScriptReport::script, ScriptReport::fuel));
    }

    @Test
    void everyAcceptedDifferenceOccurs() {
        Set<Difference> occurring = conformance().straight().stream()
                .flatMap(report -> report.differences().keySet().stream())
                .collect(Collectors.toSet());
        assertThat(occurring).containsExactlyInAnyOrderElementsOf(Difference.ACCEPTED);
    }

    @Test
    void onlyFeaturesThatAreNotBuiltLeaveCommandsOut() {
        assertThat(conformance().straight().stream().flatMap(report -> report.leftOut().keySet().stream()))
                .isNotEmpty()
                .noneMatch(feature -> feature.supported());
    }

    @Test
    void theCommittedDocumentSaysWhatWasFound() throws IOException {
        String found = conformance().toMarkdown();
        found.lines().takeWhile(line -> !line.equals("## Files")).skip(16).forEach(System.out::println);
        Path document = Repository.root().resolve(DOCUMENT);
        if (WRITE) {
            Files.writeString(document, found);
        }
        assertThat(Files.readString(document))
                .as("%s; -Dgate.conformance.write=true writes it", DOCUMENT)
                .isEqualTo(found);
    }
}
