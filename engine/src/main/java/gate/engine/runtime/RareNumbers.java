// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

/// Numeric instructions that the interpreter's loop has no form for: core specification 4.3 "Numerics".
///
/// NaNs that an operation produces are the canonical one, on every machine and in every tier.
final class RareNumbers {
    private static final double TWO_63 = 0x1p63;
    private static final double TWO_64 = 0x1p64;

    private RareNumbers() {}

    /// @param d target slot
    /// @param a first operand's slot
    /// @param b second operand's slot
    static void execute(int opcode, long[] st, int d, int a, int b) {
        if (opcode >= F32_ABS && opcode <= F32_COPYSIGN) {
            st[d] = f32(opcode, st, a, b);
        } else if (opcode >= F64_ABS && opcode <= F64_COPYSIGN) {
            st[d] = f64(opcode, st, a, b);
        } else if (opcode >= I32_TRUNC_SAT_F32_S) {
            st[d] = saturate(opcode, st[a]);
        } else if (opcode >= I32_WRAP_I64) {
            st[d] = convert(opcode, st[a]);
        } else {
            st[d] = integer(opcode, st, a, b);
        }
    }

    private static long integer(int opcode, long[] st, int a, int b) {
        return switch (opcode) {
            case I32_CLZ -> Integer.numberOfLeadingZeros((int) st[a]);
            case I32_CTZ -> Integer.numberOfTrailingZeros((int) st[a]);
            case I32_POPCNT -> Integer.bitCount((int) st[a]);
            case I32_ROTR -> Integer.rotateRight((int) st[a], (int) st[b]);
            case I64_CLZ -> Long.numberOfLeadingZeros(st[a]);
            case I64_CTZ -> Long.numberOfTrailingZeros(st[a]);
            case I64_POPCNT -> Long.bitCount(st[a]);
            case I64_ROTR -> Long.rotateRight(st[a], (int) st[b]);
            default -> throw unknown(opcode);
        };
    }

    private static IllegalStateException unknown(int opcode) {
        return new IllegalStateException("no operation for opcode 0x" + Integer.toHexString(opcode));
    }

    private static float asFloat(long raw) {
        return Float.intBitsToFloat((int) raw);
    }

    private static long f32(int opcode, long[] st, int a, int b) {
        float x = asFloat(st[a]);
        return switch (opcode) {
            case F32_ABS -> (int) st[a] & Integer.MAX_VALUE;
            case F32_NEG -> (int) st[a] ^ Integer.MIN_VALUE;
            case F32_CEIL -> Float.floatToIntBits((float) Math.ceil(x));
            case F32_FLOOR -> Float.floatToIntBits((float) Math.floor(x));
            case F32_TRUNC -> Float.floatToIntBits((float) truncate(x));
            case F32_NEAREST -> Float.floatToIntBits((float) Math.rint(x));
            case F32_SQRT -> Float.floatToIntBits((float) Math.sqrt(x));
            case F32_MIN -> Float.floatToIntBits(Math.min(x, asFloat(st[b])));
            case F32_MAX -> Float.floatToIntBits(Math.max(x, asFloat(st[b])));
            case F32_COPYSIGN -> (int) st[a] & Integer.MAX_VALUE | (int) st[b] & Integer.MIN_VALUE;
            default -> throw unknown(opcode);
        };
    }

    private static long f64(int opcode, long[] st, int a, int b) {
        double x = Double.longBitsToDouble(st[a]);
        return switch (opcode) {
            case F64_CEIL -> Double.doubleToLongBits(Math.ceil(x));
            case F64_FLOOR -> Double.doubleToLongBits(Math.floor(x));
            case F64_TRUNC -> Double.doubleToLongBits(truncate(x));
            case F64_NEAREST -> Double.doubleToLongBits(Math.rint(x));
            case F64_MIN -> Double.doubleToLongBits(Math.min(x, Double.longBitsToDouble(st[b])));
            case F64_MAX -> Double.doubleToLongBits(Math.max(x, Double.longBitsToDouble(st[b])));
            case F64_COPYSIGN -> st[a] & Long.MAX_VALUE | st[b] & Long.MIN_VALUE;
            default -> throw unknown(opcode);
        };
    }

    private static double truncate(double x) {
        return x < 0 ? Math.ceil(x) : Math.floor(x);
    }

    private static long convert(int opcode, long raw) {
        return switch (opcode) {
            case I32_TRUNC_F32_S -> truncateS32(asFloat(raw));
            case I32_TRUNC_F32_U -> truncateU32(asFloat(raw));
            case I32_TRUNC_F64_S -> truncateS32(Double.longBitsToDouble(raw));
            case I32_TRUNC_F64_U -> truncateU32(Double.longBitsToDouble(raw));
            case I64_TRUNC_F32_S -> truncateS64(asFloat(raw));
            case I64_TRUNC_F32_U -> truncateU64(asFloat(raw));
            case I64_TRUNC_F64_S -> truncateS64(Double.longBitsToDouble(raw));
            case I64_TRUNC_F64_U -> truncateU64(Double.longBitsToDouble(raw));
            case F32_CONVERT_I32_U -> Float.floatToRawIntBits((float) (raw & 0xFFFF_FFFFL));
            case F32_CONVERT_I64_U -> Float.floatToRawIntBits(unsignedToFloat(raw));
            case F64_CONVERT_I64_U -> Double.doubleToRawLongBits(unsignedToDouble(raw));
            default -> throw unknown(opcode);
        };
    }

    /// Halving with the lowest bit kept sticky rounds once, as the whole would.
    private static float unsignedToFloat(long raw) {
        return raw >= 0 ? (float) raw : (float) (raw >>> 1 | raw & 1) * 2;
    }

    private static double unsignedToDouble(long raw) {
        return raw >= 0 ? (double) raw : (double) (raw >>> 1 | raw & 1) * 2;
    }

    private static void requireNumber(double x) {
        if (Double.isNaN(x)) {
            throw new Trap(Trap.Code.INVALID_CONVERSION_TO_INTEGER);
        }
    }

    private static Trap overflow() {
        return new Trap(Trap.Code.INTEGER_OVERFLOW);
    }

    private static long truncateS32(double x) {
        requireNumber(x);
        if (x <= -2147483649.0 || x >= 2147483648.0) {
            throw overflow();
        }
        return (int) x;
    }

    private static long truncateU32(double x) {
        requireNumber(x);
        if (x <= -1.0 || x >= 4294967296.0) {
            throw overflow();
        }
        return (int) (long) x;
    }

    private static long truncateS64(double x) {
        requireNumber(x);
        if (x < -TWO_63 || x >= TWO_63) {
            throw overflow();
        }
        return (long) x;
    }

    private static long truncateU64(double x) {
        requireNumber(x);
        if (x <= -1.0 || x >= TWO_64) {
            throw overflow();
        }
        return toUnsigned(x);
    }

    private static long toUnsigned(double x) {
        return x < TWO_63 ? (long) x : (long) (x - TWO_63) ^ Long.MIN_VALUE;
    }

    private static long saturate(int opcode, long raw) {
        double x = (opcode & 2) == 0 ? asFloat(raw) : Double.longBitsToDouble(raw);
        return switch (opcode) {
            case I32_TRUNC_SAT_F32_S, I32_TRUNC_SAT_F64_S -> (int) x;
            case I32_TRUNC_SAT_F32_U, I32_TRUNC_SAT_F64_U -> (int) Math.clamp((long) x, 0L, 0xFFFF_FFFFL);
            case I64_TRUNC_SAT_F32_S, I64_TRUNC_SAT_F64_S -> (long) x;
            default -> !(x > 0) ? 0 : x >= TWO_64 ? -1 : toUnsigned(x);
        };
    }
}
