// SPDX-License-Identifier: Apache-2.0
package gate.app.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How files are written on the command line.
public final class PathSyntax {
    private PathSyntax() {}

    /// Parses the name of a file that is to be read.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static Path parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the name of a file is missing: it is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' can't be the name of a file: " + e.getReason(), e);
        }
    }

    /// Parses the name of a file that is to be written. Java's paths forget a slash at the end, which says that a
    /// folder is meant.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static Path parseTarget(String text) {
        if (text.endsWith("/")) {
            throw new IllegalArgumentException("'" + text + "' is the name of a folder: a program is saved to a file");
        }
        return parse(text);
    }

    /// The first of these for picocli, which shows the message of no exception but its own.
    public static ITypeConverter<Path> converter() {
        return text -> {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }
}
