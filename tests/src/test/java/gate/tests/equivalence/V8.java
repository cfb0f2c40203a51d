// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// The other engine: Node runs programs as [ObservedRun] does.
final class V8 {
    private static final String SCRIPT = "/gate/tests/equivalence/v8.js";

    /// Programs that one process runs: each memory keeps some gigabytes of its addresses until it is collected.
    private static final int BATCH = 500;

    private final Path node;
    private final Path folder;

    private V8(Path node, Path folder) {
        this.node = node;
        this.folder = folder;
    }

    static V8 findOrSkip(String test, Path folder) {
        String node = System.getenv("GATE_NODE");
        if (node == null) {
            System.out.println("SKIPPED: " + test + " - no current V8 - set GATE_NODE to a Node 26");
        }
        Assumptions.assumeTrue(node != null, "GATE_NODE isn't set");
        return new V8(Path.of(String.valueOf(node)), folder);
    }

    /// @return the steps of each program, or one line that begins with `refused`
    List<List<String>> run(List<Program> programs) throws IOException, InterruptedException {
        Path script = folder.resolve("v8.js");
        try (var source = V8.class.getResourceAsStream(SCRIPT)) {
            assertThat(source).as(SCRIPT).isNotNull();
            Files.write(script, source.readAllBytes());
        }
        List<List<String>> all = new ArrayList<>();
        for (int from = 0; from < programs.size(); from += BATCH) {
            List<Program> batch = programs.subList(from, Math.min(programs.size(), from + BATCH));
            Path input = folder.resolve("programs");
            Files.write(input, batch.stream().map(Program::json).toList());
            Path output = folder.resolve("output");
            Process process = new ProcessBuilder(node.toString(), script.toString(), input.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertThat(process.waitFor(10, TimeUnit.MINUTES))
                        .as("node ends")
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            assertThat(lines).as("lines that node writes").hasSize(batch.size());
            lines.forEach(line -> all.add(Arrays.asList(line.split("; "))));
        }
        return all;
    }
}
