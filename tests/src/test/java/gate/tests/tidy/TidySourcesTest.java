// SPDX-License-Identifier: Apache-2.0
package gate.tests.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Style that matters, as tests: sizes, names, leftovers, dead files.
final class TidySourcesTest {
    private static final int METHOD_LINES_MAX = 70;
    private static final int FILE_LINES_LISTED = 400;
    private static final int FILE_LINES_MAX = 1_000;
    private static final int EXAMPLE_BYTES_MAX = 200 * 1024;

    /// Put together from pieces, so that this file doesn't contain what it forbids.
    private static final Pattern LEFTOVER = Pattern.compile("\\b(FIX" + "ME|TO" + "DO|X" + "XX)\\b(?!\\(#[0-9]+\\))");

    /// Folders of the machine that something was written on, and meaningless on every other.
    private static final Pattern MACHINE =
            Pattern.compile("(?<![A-Za-z0-9_.$}>\\]-])/(wo" + "rk/|ro" + "ot/|ho" + "me/[a-z]|tmp/" + "wt)");

    private static final Pattern EMPTY_WORD = Pattern.compile(".*(Impl|Utils?|Helpers?|Manager|Base)\\.java");

    private static final List<String> JAVA = Repository.javaFiles();
    private static final List<String> TEXT =
            Repository.files().stream().filter(Repository::isText).toList();

    @Test
    void longMethodsHaveAListedReason() {
        assertListed("long-methods.txt", MethodLengths.of(JAVA), METHOD_LINES_MAX);
    }

    @Test
    void longFilesHaveAListedReason() {
        assertListed("long-files.txt", fileLengths(), FILE_LINES_LISTED);
    }

    @Test
    void noFileIsLongerThanAnybodyCanRead() {
        assertThat(fileLengths())
                .allSatisfy((name, lines) ->
                        assertThat(lines).as("lines of %s", name).isLessThanOrEqualTo(FILE_LINES_MAX));
    }

    @Test
    void leftoversNameTheirIssue() {
        assertThat(linesMatching(TEXT, LEFTOVER)).as("write it with (#ISSUE)").isEmpty();
    }

    @Test
    void nothingNamesFoldersOfOneMachine() {
        assertThat(linesMatching(TEXT, MACHINE)).isEmpty();
    }

    @Test
    void classesAreNamedForWhatTheyAre() {
        assertThat(JAVA).noneMatch(name -> EMPTY_WORD.matcher(name).matches());
    }

    @Test
    void binariesAreListedAndSmall() {
        Map<String, String> listed = Repository.exceptions("binaries.txt");
        Set<String> binaries = Repository.files().stream()
                .filter(name -> !Repository.isText(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(binaries).as("binary files").isEqualTo(listed.keySet());
        assertThat(binaries)
                .allSatisfy(name -> assertThat(Repository.bytes(name).length)
                        .as("bytes of %s", name)
                        .isLessThanOrEqualTo(EXAMPLE_BYTES_MAX));
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        Set<String> silent = new TreeSet<>();
        for (String name : JAVA) {
            String folder = folder(name);
            if (folder.contains("/src/main/java/") && !Repository.exists(folder + "/package-info.java")) {
                silent.add(folder);
            }
        }
        assertThat(silent).as("packages without package-info.java").isEmpty();
    }

    @Test
    void everyPackageHasClasses() {
        Map<String, Long> classes = JAVA.stream()
                .collect(Collectors.groupingBy(
                        TidySourcesTest::folder, Collectors.filtering(name -> !isInfo(name), Collectors.counting())));
        classes.keySet().removeIf(folder -> folder.endsWith("/java"));
        assertThat(classes)
                .allSatisfy((folder, count) -> assertThat(count).as(folder).isPositive());
    }

    @Test
    void everyClassAndResourceIsMentionedSomewhere() {
        Map<String, Set<String>> words = new TreeMap<>();
        for (String name : TEXT) {
            words.put(name, wordsOf(Repository.text(name)));
        }
        List<String> dead = new ArrayList<>();
        for (String name : Repository.files()) {
            boolean resource = name.contains("/src/main/resources/");
            boolean type = name.contains("/src/main/java/") && !isInfo(name);
            if ((resource || type)
                    && words.entrySet().stream()
                            .noneMatch(entry -> !entry.getKey().equals(name)
                                    && entry.getValue().contains(stem(name)))) {
                dead.add(name);
            }
        }
        assertThat(dead).as("files that nothing mentions").isEmpty();
    }

    private static Map<String, Integer> fileLengths() {
        Map<String, Integer> lengths = new TreeMap<>();
        for (String name : JAVA) {
            lengths.put(name, (int) Repository.text(name).lines().count());
        }
        return lengths;
    }

    /// Lists are checked in both directions, so that they don't outlive their reasons.
    private static void assertListed(String list, Map<String, Integer> lengths, int allowed) {
        Map<String, String> listed = Repository.exceptions(list);
        Map<String, Integer> tooLong = lengths.entrySet().stream()
                .filter(entry -> entry.getValue() > allowed && !listed.containsKey(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(tooLong).as("over %d lines and not in %s", allowed, list).isEmpty();
        assertThat(listed.keySet())
                .as("entries of %s that need no exception any more", list)
                .allMatch(name -> lengths.getOrDefault(name, 0) > allowed);
    }

    private static List<String> linesMatching(List<String> names, Pattern pattern) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            int number = 0;
            for (String line : Repository.text(name).lines().toList()) {
                number++;
                if (pattern.matcher(line).find()) {
                    found.add(name + ":" + number + ": " + line.strip());
                }
            }
        }
        return found;
    }

    private static Set<String> wordsOf(String text) {
        Matcher matcher = Pattern.compile("[A-Za-z0-9_]+").matcher(text);
        return matcher.results().map(result -> result.group()).collect(Collectors.toSet());
    }

    private static boolean isInfo(String name) {
        return name.endsWith("-info.java");
    }

    private static String folder(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /// A file's name without folder and extension.
    private static String stem(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        return file.contains(".") ? file.substring(0, file.indexOf('.')) : file;
    }
}
