// SPDX-License-Identifier: Apache-2.0
package gate.tests.debug;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// The C compiler and its tools, where they are installed.
final class Clang {
    private static final String COMPILER = "/usr/bin/clang-14";
    private static final String DUMP = "/usr/bin/llvm-dwarfdump-14";
    private static final String LIBRARY = "/usr/lib/wasm32-wasi/libc.a";

    private Clang() {}

    /// Compiles a program for WASI, with debug information.
    static Path compile(Path source, Path folder, String... options) throws IOException, InterruptedException {
        skipWithout(COMPILER);
        skipWithout(LIBRARY);
        Path program = folder.resolve(String.join("", options).replace("-", "") + ".wasm");
        List<String> command =
                new ArrayList<>(List.of(COMPILER, "--target=wasm32-wasi", "--sysroot=/usr", "-o", program.toString()));
        command.addAll(List.of(options));
        command.add(source.toString());
        run(folder, command);
        return program;
    }

    /// What LLVM's own reader says of debug information.
    static List<String> dump(Path program, String section) throws IOException, InterruptedException {
        skipWithout(DUMP);
        return run(program.resolveSibling(""), List.of(DUMP, section, program.toString()));
    }

    private static void skipWithout(String file) {
        if (!Files.exists(Path.of(file))) {
            System.out.println("SKIPPED: there is no " + file + " here");
            Assumptions.abort("there is no " + file);
        }
    }

    private static List<String> run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed: " + Files.readString(output));
        }
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }
}
