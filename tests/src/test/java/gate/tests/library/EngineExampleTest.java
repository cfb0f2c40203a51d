// SPDX-License-Identifier: Apache-2.0
package gate.tests.library;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.wasm.Module;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/engine.md` tells the truth.
class EngineExampleTest {
    private static final String DOCUMENT = "docs/engine.md";

    @Test
    void documentedExampleCompilesAndPrintsWhatItSays(@TempDir Path folder) throws Exception {
        Path source = folder.resolve("Example.java");
        Files.writeString(source, block("java"));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-Xlint:all",
                        "-Werror",
                        "-cp",
                        engine(),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(status).as("compiles without a warning").isZero();
        assertThat(run(folder, engine() + ":" + folder, "Example")).isEqualTo(block("text"));
    }

    /// Runs a class in a JVM without any flag of ours; what it prints on either stream.
    private static String run(Path folder, String classPath, String name) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath, name))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    private static String engine() throws URISyntaxException {
        return Path.of(Module.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
    }

    private static String block(String language) {
        Matcher matcher = Pattern.compile("```" + language + "\n(.*?)```\n", Pattern.DOTALL)
                .matcher(Repository.text(DOCUMENT));
        assertThat(matcher.find()).as("a block of " + language).isTrue();
        return matcher.group(1);
    }
}
