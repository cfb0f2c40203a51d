// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// A JVM that is started without standard input opens its own files under that number, and a guest would read them.
/// `./gate` sees to it that there is something; who starts `java` without it is told here.
final class ClosedInput {
    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");

    private ClosedInput() {}

    /// @throws CommandFailure where standard input is a file of the JVM's
    static void refuse() {
        try {
            Path input = Files.readSymbolicLink(STANDARD_INPUT);
            if (isOfThisJvm(input)) {
                throw new CommandFailure(
                        ExitCode.USAGE, "standard input is closed, and can't be: give the program </dev/null");
            }
        } catch (IOException | UnsupportedOperationException e) {
            // No /proc: not Linux.
        }
    }

    /// Java itself, or a part of this program, or the folder beside those that holds the AOT cache.
    private static boolean isOfThisJvm(Path input) throws IOException {
        if (input.startsWith(Path.of(System.getProperty("java.home")).toRealPath())) {
            return true;
        }
        String modules = System.getProperty("jdk.module.path", "");
        return Stream.of(modules.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                .anyMatch(folder -> input.startsWith(folder) || isCacheBeside(folder, input));
    }

    private static boolean isCacheBeside(Path folder, Path input) {
        return input.toString().endsWith(".aot") && input.resolveSibling("").equals(folder.resolveSibling(""));
    }
}
