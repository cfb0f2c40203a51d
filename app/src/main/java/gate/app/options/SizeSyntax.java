// SPDX-License-Identifier: Apache-2.0
package gate.app.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How sizes are written on the command line: `65536`, `64KiB`, `100MiB`, `1GiB`.
public final class SizeSyntax {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15})(B|KiB|MiB|GiB)?");

    private SizeSyntax() {}

    /// Parses a size in bytes.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size: write it like 65536, 64KiB or 1GiB");
        }
        String unit = matcher.group(2);
        int shift = unit == null || unit.equals("B")
                ? 0
                : switch (unit) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    default -> 30;
                };
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("'" + text + "' is more bytes than can be counted");
        }
        return number << shift;
    }
}
