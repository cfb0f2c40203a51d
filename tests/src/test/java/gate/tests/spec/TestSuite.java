// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the official suite lies: the folder that the environment variable `WASM_TESTSUITE` names.
final class TestSuite {
    private static final String VARIABLE = "WASM_TESTSUITE";

    private final Path folder;

    private TestSuite(Path folder) {
        this.folder = folder;
    }

    private static Optional<TestSuite> find() {
        return Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of).map(TestSuite::new);
    }

    /// The suite; without it the running test is skipped, loudly.
    ///
    /// @param what what is then not tested
    static TestSuite findOrSkip(String what) {
        Optional<TestSuite> suite = find();
        if (suite.isEmpty()) {
            System.out.println("SKIPPED: " + what + " - " + VARIABLE + " isn't set"
                    + " - clone https://github.com/WebAssembly/testsuite, check out 193e551, and set it to the folder");
        }
        assumeTrue(suite.isPresent(), VARIABLE);
        return suite.orElseThrow();
    }

    /// A script and its path within the suite, with `/` between folders.
    record ScriptFile(String name, Path path) {
        List<Command> read() {
            try {
                return ScriptReader.read(Files.readAllBytes(path));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Every script, those of proposals in sub-folders too, by name.
    List<ScriptFile> scripts() {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(".wast"))
                    .map(path ->
                            new ScriptFile(folder.relativize(path).toString().replace('\\', '/'), path))
                    .sorted(Comparator.comparing(ScriptFile::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
