// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.wasm.Feature;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What came of the whole suite, at each pace, as a document. The same suite and the same engine give the same text:
/// there are no times in it.
///
/// @param straight reports by script, in order; those of the other two paces are in the same order
record Conformance(List<ScriptReport> straight, List<ScriptReport> everySeventh, List<ScriptReport> everyPoint) {
    private static final String NOTHING = "–";

    String toMarkdown() {
        StringBuilder out = new StringBuilder();
        introduction(out);
        totals(out);
        leftOut(out);
        differences(out);
        files(out);
        return out.toString();
    }

    private static void introduction(StringBuilder out) {
        out.append("""
                # Conformance

                What came of the official test suite (WebAssembly/testsuite, commit 193e551: WebAssembly 3.0 and, in `threads/`
                and `legacy/`, older files of proposals). `SuiteSpecTest` runs every file and every command of it, and fails
                where one doesn't do what it says or where this page isn't what it found. To write the page anew:
                `./mvnw -pl tests -am test -Dtest=SuiteSpecTest -Dsurefire.failIfNoSpecifiedTests=false -Dgate.conformance.write=true`.

                The suite runs three times: straight; stopped after every 7 instructions; and stopped at every suspend point,
                the ones before the first instruction included. Each time guest code is stopped, it is saved as a file and goes on
                from that file. Programs that run long or recurse deeply would be stopped millions of times: after %,d stops (%,d
                at every suspend point) in one action, or when its files have come to some size, the stretches grow tenfold
                each.

                A command that needs a feature which isn't built is left out, and so is what depends on it.
                """.formatted(Pace.EVERY_SEVENTH.stopsMax(), Pace.EVERY_POINT.stopsMax()));
    }

    private void totals(StringBuilder out) {
        out.append("\n## Totals\n\n| | straight | ")
                .append(Pace.EVERY_SEVENTH.label())
                .append(" | ")
                .append(Pace.EVERY_POINT.label())
                .append(" |\n|---|---:|---:|---:|\n");
        total(out, "files run", reports -> (long) reports.size());
        total(out, "assertions passed", reports -> sum(reports, ScriptReport::assertions));
        total(out, "other commands done", reports -> sum(reports, ScriptReport::others));
        total(
                out,
                "failures",
                reports -> sum(reports, report -> report.failures().size()));
        total(out, "commands left out", reports -> sum(reports, ScriptReport::leftOutCommands));
        total(
                out,
                "instructions executed",
                reports -> reports.stream()
                        .flatMap(report -> report.fuel().stream())
                        .mapToLong(Long::longValue)
                        .sum());
        total(out, "stops, gone on in a new store", reports -> stops(reports).newStore());
        total(
                out,
                "stops, gone on in the same store, linked to other instances",
                reports -> stops(reports).sameStore());
        total(
                out,
                "stops without a file: other instances hold parts of this one",
                reports -> stops(reports).inPlace());
    }

    private void total(StringBuilder out, String what, Function<List<ScriptReport>, Long> count) {
        out.append("| ").append(what);
        for (List<ScriptReport> reports : List.of(straight, everySeventh, everyPoint)) {
            out.append(" | ").append(number(count.apply(reports)));
        }
        out.append(" |\n");
    }

    private static long sum(List<ScriptReport> reports, Function<ScriptReport, Integer> count) {
        return reports.stream().mapToLong(count::apply).sum();
    }

    private static Suspensions stops(List<ScriptReport> reports) {
        return reports.stream().map(ScriptReport::suspensions).reduce(Suspensions.NONE, Suspensions::plus);
    }

    private static String number(long count) {
        return count == 0 ? NOTHING : String.format(Locale.ROOT, "%,d", count);
    }

    private void leftOut(StringBuilder out) {
        out.append("\n## Left out\n\n| feature | commands | in files |\n|---|---:|---:|\n");
        for (Feature feature : Feature.values()) {
            long commands = sum(straight, report -> report.leftOut().getOrDefault(feature, 0));
            long files = straight.stream()
                    .filter(report -> report.leftOut().containsKey(feature))
                    .count();
            if (commands > 0) {
                out.append("| %s | %,d | %,d |\n".formatted(feature.label(), commands, files));
            }
        }
    }

    private void differences(StringBuilder out) {
        out.append("""

                ## Accepted differences

                Counted as passed above. In all else the verdict is the suite's, malformed and invalid told apart, and our message
                begins with the suite's.

                | the suite says | we say | times | why |
                |---|---|---:|---|
                """);
        for (Difference difference : Difference.ACCEPTED) {
            long times = sum(straight, report -> report.differences().getOrDefault(difference, 0));
            out.append("| %s | %s | %,d | %s |\n"
                    .formatted(difference.suite(), difference.ours(), times, difference.why()));
        }
    }

    private void files(StringBuilder out) {
        out.append("""

                ## Files

                Stops are those after every 7 instructions, and those at every suspend point.

                | file | assertions | other commands | stops | stops | left out |
                |---|---:|---:|---:|---:|---|
                """);
        for (int i = 0; i < straight.size(); i++) {
            ScriptReport report = straight.get(i);
            out.append("| %s | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            report.script(),
                            number(report.assertions()),
                            number(report.others()),
                            number(everySeventh.get(i).suspensions().all()),
                            number(everyPoint.get(i).suspensions().all()),
                            features(report.leftOut())));
        }
    }

    private static String features(Map<Feature, Integer> leftOut) {
        Map<Feature, Integer> ordered = leftOut.isEmpty() ? new TreeMap<>() : new EnumMap<>(leftOut);
        return ordered.entrySet().stream()
                .map(entry -> "%s %,d".formatted(entry.getKey().label(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
