// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.nio.charset.StandardCharsets;

/// String literals: what an escape is and which bytes a literal stands for. Core specification, 6.3.3 "Strings".
final class TextStrings {
    private TextStrings() {}

    /// Length of the escape that starts with the backslash at `at`, or 0 if it is none.
    static int escapeLength(byte[] bytes, int at, int limit) {
        if (at + 1 >= limit) {
            return 0;
        }
        switch (bytes[at + 1]) {
            case 't', 'n', 'r', '"', '\'', '\\' -> {
                return 2;
            }
            case 'u' -> {
                return unicodeEscapeLength(bytes, at, limit);
            }
            default -> {
                boolean hexadecimal = NumberSyntax.isHexDigit(bytes[at + 1])
                        && at + 2 < limit
                        && NumberSyntax.isHexDigit(bytes[at + 2]);
                return hexadecimal ? 3 : 0;
            }
        }
    }

    private static int unicodeEscapeLength(byte[] bytes, int at, int limit) {
        int digits = at + 3;
        if (digits >= limit || bytes[at + 2] != '{') {
            return 0;
        }
        int end = NumberSyntax.digitsEnd(bytes, digits, limit, true);
        if (end == digits || end >= limit || bytes[end] != '}') {
            return 0;
        }
        int codePoint = codePoint(bytes, digits, end);
        return Character.isValidCodePoint(codePoint) && (codePoint < 0xD800 || codePoint > 0xDFFF) ? end + 1 - at : 0;
    }

    private static int codePoint(byte[] bytes, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] != '_') {
                value = Math.min(value * 16 + Character.digit(bytes[i], 16), Character.MAX_CODE_POINT + 1);
            }
        }
        return value;
    }

    /// The bytes that a literal, quotes included, stands for. The lexer has checked it.
    static byte[] decode(byte[] bytes, int from, int to) {
        ByteOutput output = new ByteOutput();
        decode(bytes, from, to, output);
        return output.toByteArray();
    }

    static void decode(byte[] bytes, int from, int to, ByteOutput output) {
        int at = from + 1;
        while (at < to - 1) {
            if (bytes[at] != '\\') {
                output.writeByte(bytes[at]);
                at++;
                continue;
            }
            int length = escapeLength(bytes, at, to);
            decodeEscape(bytes, at, length, output);
            at += length;
        }
    }

    private static void decodeEscape(byte[] bytes, int at, int length, ByteOutput output) {
        switch (bytes[at + 1]) {
            case 't' -> output.writeByte('\t');
            case 'n' -> output.writeByte('\n');
            case 'r' -> output.writeByte('\r');
            case '"', '\'', '\\' -> output.writeByte(bytes[at + 1]);
            case 'u' -> writeUtf8(codePoint(bytes, at + 3, at + length - 1), output);
            default -> output.writeByte(Character.digit(bytes[at + 1], 16) << 4 | Character.digit(bytes[at + 2], 16));
        }
    }

    private static void writeUtf8(int codePoint, ByteOutput output) {
        output.write(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }
}
