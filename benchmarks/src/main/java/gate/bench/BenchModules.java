// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The modules among our resources.
public final class BenchModules {
    private BenchModules() {}

    /// A module in the binary format.
    ///
    /// @param path of its text, below this package
    public static byte[] binary(String path) {
        return TextFormat.toBinary(text(path), TextLimits.defaults());
    }

    /// A text among our resources.
    ///
    /// @param path below this package
    public static String text(String path) {
        try (InputStream in = BenchModules.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        }
    }
}
