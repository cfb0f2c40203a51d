// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.engine.wasm.ValueType;
import java.math.BigInteger;
import java.util.Locale;

/// How values of WebAssembly's types are written on the command line and shown.
///
/// Integers are decimal, or hexadecimal after `0x`; signed or unsigned, as long as they fit. Floating-point numbers are
/// as Java writes them, and `inf` and `nan`. Raw values are those of [gate.engine.runtime.HostCall].
public final class ValueSyntax {
    private static final int CANONICAL_NAN_32 = 0x7fc0_0000;
    private static final long CANONICAL_NAN_64 = 0x7ff8_0000_0000_0000L;

    private ValueSyntax() {}

    /// Reads a value of the given type.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static long parse(String text, int type) {
        try {
            return switch (type) {
                case ValueType.I32 -> integer(text, 32);
                case ValueType.I64 -> integer(text, 64);
                case ValueType.F32 -> Float.floatToRawIntBits(Float.parseFloat(javaFloat(text)));
                case ValueType.F64 -> Double.doubleToRawLongBits(Double.parseDouble(javaFloat(text)));
                default -> reference(text, type);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a value of type " + ValueType.name(type), e);
        }
    }

    private static long integer(String text, int bits) {
        String digits = text;
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        boolean hexadecimal = digits.startsWith("0x");
        digits = hexadecimal ? digits.substring(2) : digits;
        if (digits.startsWith("-") || digits.startsWith("+") || digits.length() > 40) {
            throw new NumberFormatException(text);
        }
        if (!digits.chars().allMatch(c -> c < 0x80)) { // Java would take the digits of any script
            throw new NumberFormatException(text);
        }
        BigInteger magnitude = new BigInteger(digits, hexadecimal ? 16 : 10);
        BigInteger value = negative ? magnitude.negate() : magnitude;
        if (value.bitLength() > (value.signum() < 0 ? bits - 1 : bits)) {
            throw new NumberFormatException(text);
        }
        return bits == 32 ? value.intValue() : value.longValue();
    }

    private static String javaFloat(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "inf", "+inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            case "nan" -> "NaN";
            default -> {
                // Java would pass over spaces.
                if (!text.equals(text.strip()) || !text.equals(text.trim())) {
                    throw new NumberFormatException(text);
                }
                // Java's own suffixes are no part of a number.
                if (!text.isEmpty() && "fFdD".indexOf(text.charAt(text.length() - 1)) >= 0 && !text.startsWith("0x")) {
                    throw new NumberFormatException(text);
                }
                yield text;
            }
        };
    }

    private static long reference(String text, int type) {
        if (text.equals("null") && ValueType.isNullable(type)) {
            return 0;
        }
        throw new NumberFormatException(text);
    }

    /// Shows a value: numbers so that [#parse(String, int)] reads the same one (but for a NaN's payload).
    public static String format(long raw, int type) {
        return switch (type) {
            case ValueType.I32 -> Integer.toString((int) raw);
            case ValueType.I64 -> Long.toString(raw);
            case ValueType.F32 -> f32((int) raw);
            case ValueType.F64 -> f64(raw);
            default -> raw == 0 ? "null" : "reference 0x" + Long.toHexString(raw);
        };
    }

    private static String f32(int bits) {
        float value = Float.intBitsToFloat(bits);
        if (Float.isNaN(value)) {
            String sign = bits < 0 ? "-" : "";
            int payload = bits & 0x7f_ffff;
            return sign + "nan"
                    + (payload == (CANONICAL_NAN_32 & 0x7f_ffff) ? "" : ":0x" + Integer.toHexString(payload));
        }
        return Float.isInfinite(value) ? value < 0 ? "-inf" : "inf" : Float.toString(value);
    }

    private static String f64(long bits) {
        double value = Double.longBitsToDouble(bits);
        if (Double.isNaN(value)) {
            String sign = bits < 0 ? "-" : "";
            long payload = bits & 0xf_ffff_ffff_ffffL;
            boolean canonical = payload == (CANONICAL_NAN_64 & 0xf_ffff_ffff_ffffL);
            return sign + "nan" + (canonical ? "" : ":0x" + Long.toHexString(payload));
        }
        return Double.isInfinite(value) ? value < 0 ? "-inf" : "inf" : Double.toString(value);
    }
}
