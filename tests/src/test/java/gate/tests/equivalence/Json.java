// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import java.util.List;

/// Writes lists of strings, numbers and truth values as JSON (RFC 8259), in one line of ASCII.
final class Json {
    private Json() {}

    static String of(Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value);
        return text.toString();
    }

    /// Recursion as deep as the lists, which are our own.
    private static void append(StringBuilder text, Object value) {
        switch (value) {
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    append(text.append(separator), element);
                    separator = ",";
                }
                text.append(list.isEmpty() ? "[]" : "]");
            }
            case String string -> {
                text.append('"');
                string.chars().forEach(c -> append(text, c));
                text.append('"');
            }
            default -> text.append(value);
        }
    }

    private static void append(StringBuilder text, int c) {
        if (c >= ' ' && c < 0x7F && c != '"' && c != '\\') {
            text.append((char) c);
        } else {
            text.append(String.format("\\u%04x", c));
        }
    }
}
