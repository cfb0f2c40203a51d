// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

/// Guest text, which is hostile, for a person's terminal.
public final class Text {
    private static final int SHOWN_MAX = 200;

    private Text() {}

    /// In quotes, control characters escaped, at most 200 characters of it.
    public static String quoted(String text) {
        return '"' + printable(text).replace("\"", "\\\"") + '"';
    }

    /// Control characters escaped, at most 200 characters.
    public static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        int limit = Math.min(text.length(), SHOWN_MAX);
        for (int i = 0; i < limit; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return limit < text.length() ? shown + "…" : shown.toString();
    }
}
