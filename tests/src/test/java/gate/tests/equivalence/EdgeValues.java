// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

/// Constants at which instructions behave differently.
final class EdgeValues {
    private static final int[] INTS = {
        0,
        1,
        2,
        -1,
        3,
        7,
        8,
        10,
        31,
        32,
        33,
        63,
        64,
        127,
        128,
        255,
        256,
        1023,
        1024,
        -1024,
        -1025,
        2047,
        2048,
        32767,
        32768,
        65535,
        65536,
        0x7FFFFFFF,
        0x80000000,
        0x80000001,
        0xFFFF0000,
        0x55555555
    };

    private static final long[] LONGS = {
        0x1_0000_0000L,
        0x7FFF_FFFF_FFFF_FFFFL,
        0x8000_0000_0000_0000L,
        0x8000_0000L,
        -0x8000_0001L,
        0x8000_0000_0000_0001L,
        0x0123_4567_89AB_CDEFL,
        0xFFFF_FFFF_0000_0000L
    };

    private static final float[] FLOATS = {
        0,
        1,
        -1,
        0.5f,
        -0.0f,
        1.5f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        0x1p31f,
        -0x1p31f,
        0x1p32f,
        0x1p63f,
        0x1p64f
    };

    private static final double[] DOUBLES = {
        0,
        1,
        -1,
        0.5,
        -0.0,
        2.5,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        2147483647.5,
        -2147483648.5,
        4294967295.5,
        0x1p63,
        -0x1p63,
        0x1p64,
        1e-310
    };

    private EdgeValues() {}

    static int i32(Choices choices) {
        return choices.rarely(4) ? choices.bits() : INTS[choices.below(INTS.length)];
    }

    static long i64(Choices choices) {
        return switch (choices.below(4)) {
            case 1 -> LONGS[choices.below(LONGS.length)];
            case 2 -> (long) choices.bits() << 32 | choices.bits() & 0xFFFF_FFFFL;
            default -> INTS[choices.below(INTS.length)];
        };
    }

    static int f32(Choices choices) {
        return choices.rarely(6) ? choices.bits() : Float.floatToRawIntBits(FLOATS[choices.below(FLOATS.length)]);
    }

    static long f64(Choices choices) {
        return choices.rarely(6)
                ? (long) choices.bits() << 32 | choices.bits() & 0xFFFF_FFFFL
                : Double.doubleToRawLongBits(DOUBLES[choices.below(DOUBLES.length)]);
    }
}
