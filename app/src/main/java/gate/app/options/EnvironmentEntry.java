// SPDX-License-Identifier: Apache-2.0
package gate.app.options;

/// A variable of the guest's environment, written `KEY=VALUE`. The guest sees none but those it is given.
public record EnvironmentEntry(String key, String value) {
    /// Parses a variable. The first `=` divides.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static EnvironmentEntry parse(String text) {
        int at = text.indexOf('=');
        if (at <= 0) {
            throw new IllegalArgumentException("'" + text + "' is not a variable: write it like HOME=/data");
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a variable can't contain a NUL character");
        }
        return new EnvironmentEntry(text.substring(0, at), text.substring(at + 1));
    }
}
