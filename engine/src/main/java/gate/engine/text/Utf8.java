// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// UTF-8 as strictly as the specification wants it: no surrogates, no overlong forms. Core specification, 5.2.4
/// "Names".
final class Utf8 {
    private Utf8() {}

    /// Length of the encoded character at `at`, or 0 if there is none.
    static int characterLength(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || at + length > end) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    static boolean isValid(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            int length = characterLength(bytes, at, bytes.length);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }
}
