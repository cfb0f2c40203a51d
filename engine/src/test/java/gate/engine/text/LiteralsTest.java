// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LiteralsTest {
    private static byte[] bytes(String literal) {
        return literal.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static OptionalLong integer(String literal, int bits) {
        return Literals.integer(bytes(literal), 0, literal.length(), bits);
    }

    private static OptionalInt f32(String literal) {
        return Literals.f32(bytes(literal), 0, literal.length());
    }

    private static OptionalLong f64(String literal) {
        return Literals.f64(bytes(literal), 0, literal.length());
    }

    @ParameterizedTest
    @CsvSource({
        "0,32,0",
        "-0,32,0",
        "+7,32,7",
        "1_000,32,1000",
        "0xFf,32,255",
        "4294967295,32,4294967295",
        "-2147483648,32,-2147483648",
        "-0x8000_0000,32,-2147483648",
        "255,8,255",
        "-128,8,-128",
        "65535,16,65535",
        "9223372036854775808,64,-9223372036854775808",
        "18446744073709551615,64,-1",
        "-9223372036854775808,64,-9223372036854775808",
        "0xffff_ffff_ffff_ffff,64,-1",
        "000000000000000000000000000001,32,1",
    })
    void integersHaveTheirSignedAndUnsignedRange(String literal, int bits, long value) {
        assertThat(integer(literal, bits)).hasValue(value);
    }

    @ParameterizedTest
    @CsvSource({
        "4294967296,32",
        "-2147483649,32",
        "0x1_0000_0000,32",
        "256,8",
        "-129,8",
        "18446744073709551616,64",
        "-9223372036854775809,64",
        "0x1_0000_0000_0000_0000,64",
        "99999999999999999999999999,64",
    })
    void integersOutOfRangeHaveNoValue(String literal, int bits) {
        assertThat(integer(literal, bits)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0,80000000",
        "inf,7f800000",
        "-inf,ff800000",
        "nan,7fc00000",
        "-nan,ffc00000",
        "nan:0x1,7f800001",
        "-nan:0x7f_ffff,ffffffff",
        "1,3f800000",
        "0x1p-149,1",
        "0x1p-150,0",
        "0x1.000002p-150,1",
        "0x1.8p-149,2",
        "0x0.000001p-126,0",
        "0x0.0000011p-126,1",
        "0x0.fffffep-126,007fffff",
        "0x0.ffffffp-126,00800000",
        "0x1.fffffep127,7f7fffff",
        "0x1.fffffefffffffffffffffp127,7f7fffff",
        "0x1.000001p0,3f800000",
        "0x1.00000100000000000000000001p0,3f800001",
        "0x1.000003p0,3f800002",
        "0x1000000000000000000000p-84,3f800000",
        "0x.8p1,3f800000",
        "16777217,4b800000",
        "16777219,4b800002",
        "1e-46,0",
        "1_0e0_1,42c80000",
        "0x1p-99999999999999999999,0",
        "0x0p99999999999999999999,0",
        "340282356779733642999999999999999999999,7f7fffff",
    })
    void singlesAreRoundedOnceToTheNearest(String literal, String bits) {
        assertThat(f32(literal)).hasValue(Integer.parseUnsignedInt(bits, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "nan,7ff8000000000000",
        "nan:0x8_0000_0000_0001,7ff8000000000001",
        "0x1p-1074,1",
        "0x1p-1075,0",
        "0x1.0000000000001p-1075,1",
        "0x1.fffffffffffff7fffffffffp1023,7fefffffffffffff",
        "0x1.00000000000008p0,3ff0000000000000",
        "0x1.000000000000080000000000000001p0,3ff0000000000001",
        "0x1.00000000000018p0,3ff0000000000002",
        "4.9406564584124654e-324,1",
        "2.4703282292062327e-324,0",
        "1.7976931348623158e308,7fefffffffffffff",
    })
    void doublesAreRoundedOnceToTheNearest(String literal, String bits) {
        assertThat(f64(literal)).hasValue(Long.parseUnsignedLong(bits, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "0x1p128",
        "-0x1.ffffffp127",
        "1e39",
        "340282356779733661637539395458142568448",
        "nan:0x0",
        "nan:0x800000",
        "nan:0x1_0000_0000_0000_0000",
        "0x1p99999999999999999999",
    })
    void singlesOutOfRangeHaveNoValue(String literal) {
        assertThat(f32(literal)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0x1p1024", "0x1.fffffffffffff8p1023", "-1e309", "nan:0x0", "nan:0x10_0000_0000_0000"})
    void doublesOutOfRangeHaveNoValue(String literal) {
        assertThat(f64(literal)).isEmpty();
    }

    /// The JDK's exact decimal arithmetic is the other opinion.
    @Test
    void randomHexadecimalNumbersAreThoseNearest() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            long mantissa = random.nextLong() >>> random.nextInt(64);
            int exponent = random.nextInt(2300) - 1200;
            String literal = "0x" + Long.toHexString(mantissa) + "p" + exponent;
            BigDecimal exact = new BigDecimal(Long.toUnsignedString(mantissa));
            exact = exponent >= 0
                    ? exact.multiply(BigDecimal.TWO.pow(exponent))
                    : exact.divide(BigDecimal.TWO.pow(-exponent));
            double nearest = exact.doubleValue();
            float nearestSingle = exact.floatValue();
            assertThat(f64(literal))
                    .as(literal)
                    .isEqualTo(
                            Double.isInfinite(nearest)
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(Double.doubleToRawLongBits(nearest)));
            assertThat(f32(literal))
                    .as(literal)
                    .isEqualTo(
                            Float.isInfinite(nearestSingle)
                                    ? OptionalInt.empty()
                                    : OptionalInt.of(Float.floatToRawIntBits(nearestSingle)));
        }
    }

    @Test
    void digitsBeyondSixtyFourBitsStillCount() {
        assertThat(f64("0x1" + "0".repeat(1000) + "p-4000")).hasValue(Double.doubleToRawLongBits(1));
        assertThat(f64("0x1." + "0".repeat(1000) + "1p0")).hasValue(Double.doubleToRawLongBits(1));
        assertThat(f64("0x1.00000000000008" + "0".repeat(1000) + "1p0"))
                .hasValue(Double.doubleToRawLongBits(Math.nextUp(1.0)));
        assertThat(f64("1." + "0".repeat(2000) + "1")).hasValue(Double.doubleToRawLongBits(1));
    }
}
