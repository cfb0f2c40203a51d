// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every load and store, in every form the translator makes of them, at every boundary of every memory: it does exactly
/// what the specification says (4.4.6) or traps and changes nothing.
@Timeout(120)
class AccessBoundaryTest {
    private static final Pattern LOOP_CASE = Pattern.compile("case Op\\.([A-Z0-9_]+):");

    /// Memories that an instance has, and which of them is accessed. Together they have at most 4 GiB.
    private record Shape(int[] pages, int memory, boolean counting) {}

    private static final List<Shape> SMALL = List.of(
            new Shape(new int[] {0, 1}, 0, false),
            new Shape(new int[] {1, 1}, 0, false),
            new Shape(new int[] {2, 0}, 0, true),
            new Shape(new int[] {1, 1}, 1, false),
            new Shape(new int[] {0, 2}, 1, true));

    private static final List<Shape> LARGE = List.of(
            new Shape(new int[] {Memory.PAGES_MAX, 0}, 0, false), new Shape(new int[] {0, Memory.PAGES_MAX}, 1, false));

    @Test
    void mappedMemoriesEndExactlyWhereTheyDo() throws IllegalAccessException {
        Set<Integer> trapped = new TreeSet<>();
        for (Shape shape : SMALL) {
            trapped.addAll(new AccessRun(MemoryBackend.mapped(), shape.pages, shape.memory, shape.counting).run());
        }
        for (Shape shape : LARGE) {
            trapped.addAll(new AccessRun(MemoryBackend.mapped(), shape.pages, shape.memory, shape.counting).run());
        }
        assertThat(names(trapped)).isEqualTo(operationsThatAccess());
    }

    @Test
    void arenaMemoriesEndExactlyWhereTheyDo() throws IllegalAccessException {
        assertThat(names(small())).isEqualTo(operationsThatAccess());
    }

    /// In a JVM that doesn't let us see all of memory, the interpreter's accesses go through the memory's own segment.
    @Test
    void theyDoInAJvmWithoutFlagsToo() throws IOException, InterruptedException, IllegalAccessException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xss64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AccessBoundaryTest.class.getName())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output.strip()).isEqualTo("null " + operationsThatAccess());
    }

    /// Runs in a process of its own.
    public static void main(String[] arguments) throws IllegalAccessException {
        System.out.println(Interpreter.EVERYWHERE + " " + names(small()));
    }

    private static Set<Integer> small() {
        Set<Integer> trapped = new TreeSet<>();
        for (Shape shape : SMALL) {
            trapped.addAll(new AccessRun(MemoryBackend.arena(), shape.pages, shape.memory, shape.counting).run());
        }
        return trapped;
    }

    /// Operations of the interpreter's loop whose code reads or writes memory, and the one for all others.
    private static Set<String> operationsThatAccess() {
        String source = Repository.text("engine/src/main/java/gate/engine/runtime/Interpreter.java");
        Set<String> found = new TreeSet<>(Set.of("OTHER_MEMORY"));
        List<MatchResult> cases = LOOP_CASE.matcher(source).results().toList();
        for (int i = 0; i < cases.size(); i++) {
            int end = i + 1 < cases.size() ? cases.get(i + 1).start() : source.length();
            String code = source.substring(cases.get(i).end(), end);
            if (code.contains("memory.") || code.contains("memoryBase")) {
                found.add(cases.get(i).group(1));
            }
        }
        return found;
    }

    private static Set<String> names(Set<Integer> operations) {
        return operations.stream().map(Operations::name).collect(Collectors.toCollection(TreeSet::new));
    }
}
