// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The values of number literals, exactly as core specification 6.3.2 defines them: integers by their two ranges
/// (signed and unsigned), floating point by rounding the written number once to the nearest value, ties to even.
///
/// Every method takes the bytes of one token; an empty result means that the number is out of range.
final class Literals {
    /// Exponents beyond this give the same result as this one, whatever the number of digits.
    private static final long EXPONENT_CUT = 1L << 40;

    private Literals() {}

    /// An integer of `bits` bits, written as signed or as unsigned, in two's complement.
    static OptionalLong integer(byte[] bytes, int from, int to, int bits) {
        boolean negative = bytes[from] == '-';
        boolean signed = negative || bytes[from] == '+';
        OptionalLong magnitude = magnitude(bytes, signed ? from + 1 : from, to);
        if (magnitude.isEmpty()) {
            return magnitude;
        }
        long value = magnitude.getAsLong();
        long largest = negative ? 1L << (bits - 1) : -1L >>> (Long.SIZE - bits);
        if (Long.compareUnsigned(value, largest) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(negative ? -value : value);
    }

    /// Digits as an unsigned 64-bit number.
    private static OptionalLong magnitude(byte[] bytes, int from, int to) {
        boolean hexadecimal = NumberSyntax.isHexadecimal(bytes, from, to);
        int radix = hexadecimal ? 16 : 10;
        long value = 0;
        for (int i = hexadecimal ? from + 2 : from; i < to; i++) {
            if (bytes[i] == '_') {
                continue;
            }
            int digit = Character.digit(bytes[i], radix);
            if (Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, radix)) > 0) {
                return OptionalLong.empty();
            }
            value = value * radix + digit;
        }
        return OptionalLong.of(value);
    }

    /// The bits of an f32.
    static OptionalInt f32(byte[] bytes, int from, int to) {
        if (isDecimal(bytes, from, to)) {
            float value = Float.parseFloat(withoutUnderscores(bytes, from, to));
            return Float.isInfinite(value) ? OptionalInt.empty() : OptionalInt.of(Float.floatToRawIntBits(value));
        }
        OptionalLong result = special(bytes, from, to, FloatShape.F32);
        return result.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) result.getAsLong());
    }

    /// The bits of an f64.
    static OptionalLong f64(byte[] bytes, int from, int to) {
        if (isDecimal(bytes, from, to)) {
            double value = Double.parseDouble(withoutUnderscores(bytes, from, to));
            return Double.isInfinite(value) ? OptionalLong.empty() : OptionalLong.of(Double.doubleToRawLongBits(value));
        }
        return special(bytes, from, to, FloatShape.F64);
    }

    private static int afterSign(byte[] bytes, int from) {
        return bytes[from] == '-' || bytes[from] == '+' ? from + 1 : from;
    }

    /// A number in decimal, for which the JDK's conversion is the exact one.
    private static boolean isDecimal(byte[] bytes, int from, int to) {
        int start = afterSign(bytes, from);
        return bytes[start] <= '9' && !NumberSyntax.isHexadecimal(bytes, start, to);
    }

    private static String withoutUnderscores(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).replace("_", "");
    }

    /// Infinity, a NaN, or a number in hexadecimal.
    private static OptionalLong special(byte[] bytes, int from, int to, FloatShape shape) {
        long sign = bytes[from] == '-' ? shape.signBit() : 0;
        int start = afterSign(bytes, from);
        OptionalLong magnitude = switch (bytes[start]) {
            case 'i' -> OptionalLong.of(shape.infinity());
            case 'n' -> notANumber(bytes, start, to, shape);
            default -> hexadecimal(bytes, start + 2, to, shape);
        };
        return magnitude.isEmpty() ? magnitude : OptionalLong.of(sign | magnitude.getAsLong());
    }

    private static OptionalLong notANumber(byte[] bytes, int from, int to, FloatShape shape) {
        if (to - from == 3) {
            return OptionalLong.of(shape.infinity() | shape.quietBit());
        }
        OptionalLong payload = magnitude(bytes, from + "nan:".length(), to);
        if (payload.isEmpty()
                || payload.getAsLong() == 0
                || Long.compareUnsigned(payload.getAsLong(), shape.fractionMask()) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(shape.infinity() | payload.getAsLong());
    }

    private static OptionalLong hexadecimal(byte[] bytes, int from, int to, FloatShape shape) {
        long mantissa = 0;
        long exponent = 0;
        boolean lostBits = false;
        boolean afterPoint = false;
        int at = from;
        while (at < to && (bytes[at] | 0x20) != 'p') {
            byte character = bytes[at++];
            if (character == '_') {
                continue;
            }
            if (character == '.') {
                afterPoint = true;
                continue;
            }
            boolean room = mantissa >>> 60 == 0;
            int digit = Character.digit(character, 16);
            if (room) {
                mantissa = mantissa << 4 | digit;
            } else {
                lostBits |= digit != 0;
            }
            if (room == afterPoint) {
                exponent += afterPoint ? -4 : 4;
            }
        }
        if (at < to) {
            exponent += exponent(bytes, at + 1, to);
        }
        return shape.round(mantissa, lostBits, exponent);
    }

    private static long exponent(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = afterSign(bytes, from); i < to; i++) {
            if (bytes[i] != '_') {
                value = Math.min(value * 10 + Character.digit(bytes[i], 10), EXPONENT_CUT);
            }
        }
        return bytes[from] == '-' ? -value : value;
    }
}
