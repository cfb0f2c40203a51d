// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Whether a person is there. The JDK's console knows only of both standard input and output together.
public final class Terminal {
    private static final Path CONTROLLING = Path.of("/dev/tty");
    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private Terminal() {}

    /// The terminal that this process belongs to, for asking its user, wherever standard input comes from; empty where
    /// there is none. The caller closes it.
    public static Optional<BufferedReader> open() {
        try {
            return Optional.of(Files.newBufferedReader(CONTROLLING, Charset.defaultCharset()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Whether standard input comes from a terminal; false where that can't be found out.
    public static boolean isStandardInput() {
        return isTerminal(STANDARD_INPUT);
    }

    /// Whether standard error goes to a terminal; false where that can't be found out.
    public static boolean isStandardError() {
        return isTerminal(STANDARD_ERROR);
    }

    private static boolean isTerminal(Path stream) {
        try {
            String target = Files.readSymbolicLink(stream).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
