// SPDX-License-Identifier: Apache-2.0
package gate.app.options;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How times are written on the command line: `250ms`, `1.5s`, `2m`, `1h`.
public final class DurationSyntax {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,18})?)(ms|s|m|h)");

    /// What fits in a `long` of nanoseconds, with room for adding it to a clock's reading: a hundred years.
    private static final BigDecimal NANOS_MAX = BigDecimal.valueOf(100L * 365 * 24 * 60 * 60 * 1_000_000_000L);

    private DurationSyntax() {}

    /// Parses a time; fractions of a nanosecond are cut off.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a time: write it like 250ms, 1.5s, 2m or 1h");
        }
        long unitNanos = switch (matcher.group(2)) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNanos));
        if (nanos.compareTo(NANOS_MAX) > 0) {
            throw new IllegalArgumentException("'" + text + "' is longer than a hundred years");
        }
        return Duration.ofNanos(nanos.longValue());
    }
}
