// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The programs that lie ready to run are those that `examples/build` makes of the sources beside them.
final class ExamplesTest {
    private static final Path CLANG = Path.of("/usr/bin/clang-14");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"primes", "echo"})
    void textsAreWhatTheirBinariesSay(String name) throws IOException {
        byte[] text = Files.readAllBytes(Guests.example(name + "/" + name + ".wat"));
        assertThat(TextFormat.toBinary(text, TextLimits.defaults()))
                .isEqualTo(Files.readAllBytes(Guests.example(name + "/" + name + ".wasm")));
    }

    @Test
    void programsInCAreWhatTheirBinariesSay() throws IOException, InterruptedException {
        if (!Files.isExecutable(CLANG)) {
            System.out.println("SKIPPED: building the C examples - there is no " + CLANG
                    + " - apt install clang-14 lld-14 wasi-libc libclang-rt-14-dev-wasm32");
        }
        assumeTrue(Files.isExecutable(CLANG));
        String recipe = Guests.example("build").toString();
        try (GateProcess build = GateProcess.start(folder, recipe, List.of("--into", folder.toString(), "c"))) {
            GateProcess.Ended ended = build.await();
            assertThat(ended.status()).as(ended.err()).isZero();
        }
        for (String name : List.of("queens", "words")) {
            assertSame(name + ".wasm", name + "/" + name + ".wasm");
        }
        for (String name : List.of("hello", "echo", "services", "counter", "waiting")) {
            assertSame("c-" + name + ".wasm", "sdk-c/" + name + ".wasm");
        }
    }

    private void assertSame(String built, String committed) throws IOException {
        assertThat(Files.readAllBytes(folder.resolve(built)))
                .as(committed)
                .isEqualTo(Files.readAllBytes(Guests.example(committed)));
    }
}
