// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// Which words are numbers. Core specification, 6.3.2 "Integers" and "Floating-Point".
final class NumberSyntax {
    private NumberSyntax() {}

    /// The kind of number that the bytes from `from` to before `to` are, or [TokenKind#RESERVED] if they are none.
    static TokenKind classify(byte[] bytes, int from, int to) {
        boolean signed = bytes[from] == '+' || bytes[from] == '-';
        int at = signed ? from + 1 : from;
        if (at == to) {
            return TokenKind.RESERVED;
        }
        if (bytes[at] == 'i' || bytes[at] == 'n') {
            return isSpecial(bytes, at, to) ? TokenKind.FLOAT : TokenKind.RESERVED;
        }
        boolean hexadecimal = isHexadecimal(bytes, at, to);
        int digits = hexadecimal ? at + 2 : at;
        int end = digitsEnd(bytes, digits, to, hexadecimal);
        if (end == digits) {
            return TokenKind.RESERVED;
        }
        if (end == to) {
            return signed ? TokenKind.INTEGER : TokenKind.NATURAL;
        }
        return isFractionAndExponent(bytes, end, to, hexadecimal) ? TokenKind.FLOAT : TokenKind.RESERVED;
    }

    static boolean isHexadecimal(byte[] bytes, int at, int to) {
        return at + 1 < to && bytes[at] == '0' && bytes[at + 1] == 'x';
    }

    private static boolean isSpecial(byte[] bytes, int at, int to) {
        if (to - at < 3) {
            return false;
        }
        if (to - at == 3) {
            return matches(bytes, at, "inf") || matches(bytes, at, "nan");
        }
        return to - at > 6 && matches(bytes, at, "nan:0x") && digitsEnd(bytes, at + 6, to, true) == to;
    }

    private static boolean matches(byte[] bytes, int at, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (bytes[at + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFractionAndExponent(byte[] bytes, int start, int to, boolean hexadecimal) {
        int at = start;
        if (bytes[at] == '.') {
            at = digitsEnd(bytes, at + 1, to, hexadecimal);
        }
        if (at == to) {
            return true;
        }
        int letter = bytes[at] | 0x20;
        if (letter != (hexadecimal ? 'p' : 'e')) {
            return false;
        }
        at++;
        if (at < to && (bytes[at] == '+' || bytes[at] == '-')) {
            at++;
        }
        return at < to && digitsEnd(bytes, at, to, false) == to;
    }

    /// The end of the digits, with single underscores between them, that start at `at`.
    static int digitsEnd(byte[] bytes, int at, int to, boolean hexadecimal) {
        int end = at;
        while (end < to) {
            boolean underscore = bytes[end] == '_' && end > at;
            int digit = underscore ? end + 1 : end;
            if (digit >= to || !isDigit(bytes[digit], hexadecimal)) {
                break;
            }
            end = digit + 1;
        }
        return end;
    }

    private static boolean isDigit(byte character, boolean hexadecimal) {
        return character >= '0' && character <= '9' || hexadecimal && isHexDigit(character);
    }

    static boolean isHexDigit(byte character) {
        int small = character | 0x20;
        return character >= '0' && character <= '9' || small >= 'a' && small <= 'f';
    }
}
