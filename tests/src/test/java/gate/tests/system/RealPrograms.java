// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gate.tests.tidy.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs and tools that aren't ours, where `.ci/run` puts them.
final class RealPrograms {
    private RealPrograms() {}

    /// esbuild for WASI, of the version that `.ci/run` names.
    static Path esbuild() {
        return need(
                "GATE_ESBUILD",
                "target/ci/esbuild/package/esbuild.wasm",
                "esbuild",
                "`.ci/run` fetches it from npm, @esbuild/wasi-preview1");
    }

    /// The JavaScript interpreter of examples/javascript.
    static Path javascript() {
        return need(
                "GATE_JAVASCRIPT",
                "target/examples/javascript.wasm",
                "the Go guests",
                "examples/build go, with Go 1.25");
    }

    /// The Mandelbrot set of examples/mandelbrot.
    static Path mandelbrot() {
        return need(
                "GATE_MANDELBROT",
                "target/examples/mandelbrot.wasm",
                "the Go guests",
                "examples/build go, with Go 1.25");
    }

    private static Path need(String variable, String usual, String what, String how) {
        String named = System.getenv(variable);
        Path file = named == null ? Repository.root().resolve(usual) : Path.of(named);
        boolean there = Files.isRegularFile(file);
        if (!there) {
            System.out.println("SKIPPED: " + what + " - there is no " + file + " - " + how);
        }
        assumeTrue(there);
        return file;
    }

    /// The Node that `GATE_NODE` names, else the one on PATH.
    static Optional<Path> node() {
        String named = System.getenv("GATE_NODE");
        return named == null ? tool("node") : Optional.of(Path.of(named));
    }

    /// A program on PATH.
    static Optional<Path> tool(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
