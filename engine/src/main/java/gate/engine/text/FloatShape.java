// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.util.OptionalLong;

/// How many bits a floating-point format has, and rounding to it. Core specification, 4.3.3 "Floating-Point
/// Operations".
enum FloatShape {
    F32(8, 23),
    F64(11, 52);

    private final int exponentBits;
    private final int fractionBits;

    FloatShape(int exponentBits, int fractionBits) {
        this.exponentBits = exponentBits;
        this.fractionBits = fractionBits;
    }

    long signBit() {
        return 1L << (exponentBits + fractionBits);
    }

    long infinity() {
        return ((1L << exponentBits) - 1) << fractionBits;
    }

    long quietBit() {
        return 1L << (fractionBits - 1);
    }

    long fractionMask() {
        return (1L << fractionBits) - 1;
    }

    /// The bits of the value nearest to `mantissa × 2^exponent`, ties to even; empty if that is infinite.
    ///
    /// @param mantissa unsigned
    /// @param lostBits whether the exact number is greater than that by less than one of the mantissa's last place,
    ///     in which case the mantissa has at least 61 significant bits
    OptionalLong round(long mantissa, boolean lostBits, long exponent) {
        if (mantissa == 0) {
            return OptionalLong.of(0);
        }
        int bias = (1 << (exponentBits - 1)) - 1;
        int shift = Long.numberOfLeadingZeros(mantissa);
        long significand = mantissa << shift;
        long leading = exponent - shift + Long.SIZE - 1;
        if (leading > bias) {
            return OptionalLong.empty();
        }
        boolean normal = leading >= 1 - bias;
        long kept = normal ? fractionBits + 1 : fractionBits + leading + bias;
        if (kept < 0) {
            return OptionalLong.of(0);
        }
        long bits = roundToBits(significand, lostBits, (int) kept);
        if (normal) {
            // The leading one adds one to the exponent field, and a carry out of the fraction another.
            bits += (leading + bias - 1) << fractionBits;
        }
        return bits == infinity() ? OptionalLong.empty() : OptionalLong.of(bits);
    }

    /// The first `kept` bits, of 0 to 53, rounded by the rest.
    private static long roundToBits(long significand, boolean lostBits, int kept) {
        int dropped = Long.SIZE - kept;
        long quotient = kept == 0 ? 0 : significand >>> dropped;
        long rest = kept == 0 ? significand : significand & ((1L << dropped) - 1);
        int comparison = Long.compareUnsigned(rest, 1L << (dropped - 1));
        boolean up = comparison > 0 || comparison == 0 && (lostBits || (quotient & 1) != 0);
        return up ? quotient + 1 : quotient;
    }
}
