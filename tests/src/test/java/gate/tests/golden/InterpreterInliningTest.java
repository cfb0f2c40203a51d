// SPDX-License-Identifier: Apache-2.0
package gate.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Once a method and what is inlined into it are too large, C2 refuses to inline even the smallest memory access, and
/// loads and stores become calls: a cliff that no correctness test sees (decision 0013).
@Tag("slow")
final class InterpreterInliningTest {
    private static final Pattern MEMORY_ACCESS =
            Pattern.compile("MemorySegment|jdk\\.internal\\.foreign|ScopedMemoryAccess|Unsafe|runtime\\.Memory");
    private static final Pattern REFUSED =
            Pattern.compile("failed to inline|too big|too large|not inlineable|virtual call");

    /// Calls on paths that haven't been taken aren't compiled at all.
    private static final Pattern NOT_REACHED = Pattern.compile(
            "not loaded|unloaded|never executed|call site not reached|exception method|low call site frequency");

    @ParameterizedTest
    @ValueSource(strings = {"--enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny"})
    void memoryAccessesAreInlinedIntoTheDispatchLoop(String access) throws IOException, InterruptedException {
        List<String> calls = compilerOutput(access).stream()
                .filter(line -> line.strip().startsWith("@"))
                .filter(line -> MEMORY_ACCESS.matcher(line).find())
                .toList();
        assertThat(calls)
                .as("what C2 says of memory accesses")
                .anyMatch(line -> line.contains("::getInt") && line.contains("inline"))
                .anyMatch(line -> line.contains("::putInt") && line.contains("inline"))
                .anyMatch(line -> line.contains("::getLong") && line.contains("inline"));
        assertThat(calls)
                .filteredOn(line -> REFUSED.matcher(line).find())
                .allMatch(line -> NOT_REACHED.matcher(line).find());
    }

    /// Only C2 compiles, and only the dispatch loop is reported.
    private static List<String> compilerOutput(String access) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                access,
                "-XX:+UseSerialGC",
                "-XX:-TieredCompilation",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=PrintInlining,gate.engine.runtime.Interpreter::run",
                "-cp",
                System.getProperty("java.class.path"),
                KernelLoop.class.getName(),
                Repository.root()
                        .resolve("benchmarks/src/main/resources/gate/bench/kernels")
                        .toString(),
                "8"));
        Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
