// SPDX-License-Identifier: Apache-2.0
package gate.tests.library;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.tidy.Repository;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/// A document with a complete class `Example` and what it prints.
///
/// @param document its path in the repository
/// @param classPath what the example needs
record DocumentedExample(String document, String classPath) {
    /// @param types one of each jar that the example needs
    static DocumentedExample of(String document, Class<?>... types) {
        return new DocumentedExample(
                document, Arrays.stream(types).map(DocumentedExample::location).collect(Collectors.joining(":")));
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    void compilesAndPrintsWhatItSays(Path folder) throws IOException, InterruptedException {
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
                        classPath,
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(status).as("compiles without a warning").isZero();
        assertThat(run(folder)).isEqualTo(block("text"));
    }

    /// Runs the class in a JVM without any flag of ours; what it prints on either stream.
    private String run(Path folder) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath + ":" + folder,
                        "Example"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    private String block(String language) {
        Matcher matcher = Pattern.compile("```" + language + "\n(.*?)```\n", Pattern.DOTALL)
                .matcher(Repository.text(document));
        assertThat(matcher.find()).as("a block of " + language).isTrue();
        return matcher.group(1);
    }
}
