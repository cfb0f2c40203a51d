// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import gate.engine.wasm.Feature;
import gate.engine.wasm.MalformedModuleException;
import gate.engine.wasm.UnsupportedFeatureException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused, in which words, and where the message points.
final class TextFormatErrorsTest {
    private static MalformedModuleException malformed(String text) {
        return catchThrowableOfType(
                MalformedModuleException.class, () -> TextFormat.toBinary(text, TextLimits.defaults()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(func (nop)                                  | unexpected token: end of text | 12",
                "(func (nop)))                                | unexpected token ) | 13",
                "(module) (module)                            | unexpected token ( | 10",
                "(module (module))                            | unexpected token module | 10",
                "(func (i32.foo))                             | unknown operator i32.foo | 8",
                "(func (i32.const 0x))                        | unknown operator 0x | 18",
                "(func (i32.const \"0\"))                     | unexpected token \"0\" | 18",
                "(func (i32.const))                           | unexpected token ) | 17",
                "(func (i32.const 4294967296))                | constant out of range | 18",
                "(func (f32.const 1e39))                      | constant out of range | 18",
                "(func (call 4294967296))                     | i32 constant out of range | 13",
                "(func (call $f))                             | unknown func $f | 13",
                "(func (local.get $x))                        | unknown local $x | 18",
                "(func (global.get $x))                       | unknown global $x | 19",
                "(func (br $x))                               | unknown label $x | 11",
                "(func (if $x (br $x) (then)))                | unknown label $x | 18",
                "(func (block $x) (br $x))                    | unknown label $x | 22",
                "(func block $x end $y)                       | mismatching label $y | 20",
                "(func else end)                              | unexpected token else | 7",
                "(func block else end)                        | unexpected token else | 13",
                "(func (i32.const 0) if else else end)        | unexpected token else | 29",
                "(func end)                                   | unexpected token end | 7",
                "(func (end))                                 | unexpected token end | 8",
                "(func block)                                 | unexpected token ) | 12",
                "(func (block end))                           | unexpected token end | 14",
                "(func (i32.add i32.const 0))                 | unexpected token i32.const | 16",
                "(func (if (i32.const 0)))                    | unexpected token ) | 24",
                "(func (if (then) (nop)))                     | unexpected token nop | 19",
                "(func (if (then) (else) (else)))             | unexpected token else | 26",
                "(func (then))                                | unexpected token then | 8",
                "(func (br_table))                            | unexpected token ) | 16",
                "(func (param $x i32) (local $x i32))         | duplicate local $x | 29",
                "(func $f) (func $f)                          | duplicate func $f | 17",
                "(func) (import \"\" \"\" (func))             | import after function | 9",
                "(memory 1) (func (import \"\" \"\"))         | import after memory | 18",
                "(start 0) (func) (start 0)                   | multiple start sections | 19",
            })
    void misplacedAndUnknownWordsAreRefusedWithReasonAndPlace(String text, String reason, int column) {
        requireMalformed(text, reason, column);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(type (func)) (func (type 0) (param i32))    | inline function type differs from the type it names | 21",
                "(func (type 1) (param i32))                  | unknown type 1 | 7",
                "(func (param i32) (type 0))                  | unexpected token type | 20",
                "(func (result i32) (param i32))              | unexpected token param | 21",
                "(func (block (param $x i32)))                | unexpected token $x | 21",
                "(func (local i32) (param i32))               | unexpected token param | 20",
                "(memory 1) (func (i32.load align=3))         | alignment must be a power of two | 28",
                "(memory 1) (func (i32.load offset=-1))       | unknown operator offset=-1 | 28",
                "(data \"\\g\")                               | illegal escape | 8",
                "(data \"\\u{d800}\")                         | illegal escape | 8",
                "(data \"\\u{110000}\")                       | illegal escape | 8",
                "(data \"\\0g\")                              | illegal escape | 8",
                "(data \"x                                    | unclosed string literal | 7",
                "(export \"\\ff\" (func 0))                   | malformed UTF-8 encoding | 9",
                "(func $)                                     | empty identifier | 7",
                "(func $\"\")                                 | empty identifier | 8",
                "(@)                                          | empty annotation id | 1",
                "(@x (                                        | unclosed annotation | 1",
                "(; (; ;)                                     | unclosed comment | 1",
                "é                                            | illegal character | 1",
                "(func $é)                                    | illegal character | 8",
                "(func $\u202E)                              | illegal character | 8",
                "(func $\u0001)                              | illegal character | 8",
                "(func $\t)                                  | empty identifier | 7",
                "(elem declare)                               | unexpected token ) | 14",
                "(elem 0)                                     | unexpected token ) | 8",
                "(table 1)                                    | unexpected token ) | 9",
                "(table funcref)                              | unexpected token ) | 15",
                "(memory)                                     | unexpected token ) | 8",
                "(memory -1)                                  | unexpected token -1 | 9",
            })
    void malformedPartsAreRefusedWithReasonAndPlace(String text, String reason, int column) {
        requireMalformed(text, reason, column);
    }

    private static void requireMalformed(String text, String reason, int column) {
        MalformedModuleException exception = malformed(text);
        assertThat(exception.reason()).isEqualTo(reason);
        assertThat(exception).hasMessage(reason + " (line 1, column " + column + ")");
        assertThat(exception.offset()).isEqualTo(column - 1);
    }

    @Test
    void linesAndColumnsCountCharacters() {
        MalformedModuleException exception = malformed("(module\n  (data \"é😀\" 1))");
        assertThat(exception).hasMessage("unexpected token 1 (line 2, column 14)");
        assertThat(exception.offset()).isEqualTo(21);
    }

    @Test
    void longTokensAreCutInMessages() {
        assertThat(malformed("(" + "x".repeat(1000) + ")").reason())
                .isEqualTo("unknown operator " + "x".repeat(40) + "…");
    }

    @Test
    void malformedUtf8IsRefusedEverywhere() {
        for (String place : new String[] {
            "?", ";; ?", "(; ? ;)", "(@a ?)", "(data \"?\")", "(func $\"?\")", "(func $?)", "(func $x?)"
        }) {
            byte[] text = place.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < text.length; i++) {
                text[i] = text[i] == '?' ? (byte) 0xC0 : text[i];
            }
            assertThatThrownBy(() -> TextFormat.toBinary(text, TextLimits.defaults()))
                    .isInstanceOf(MalformedModuleException.class)
                    .hasMessageStartingWith("malformed UTF-8 encoding");
        }
        assertThat(malformed("(data \"\uD800\")").reason()).isEqualTo("malformed UTF-8 encoding");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(func (param v128)) | SIMD",
                "(func (v128.const i32x4 0 0 0 0)) | SIMD",
                "(func f64x2.promote_low_f32x4) | SIMD",
                "(func (i8x16.relaxed_swizzle)) | RELAXED_SIMD",
                "(tag $e) | EXCEPTIONS",
                "(func (throw 0)) | EXCEPTIONS",
                "(func (try_table)) | EXCEPTIONS",
                "(func (result exnref)) | EXCEPTIONS",
                "(func try end) | LEGACY_EXCEPTIONS",
                "(func (try (do) (catch_all))) | LEGACY_EXCEPTIONS",
                "(func (rethrow 0)) | LEGACY_EXCEPTIONS",
                "(memory i64 1) | MEMORY64",
                "(table i64 1 funcref) | MEMORY64",
                "(import '' '' (memory i64 1)) | MEMORY64",
                "(rec) | GC",
                "(type (sub (func))) | GC",
                "(type (struct)) | GC",
                "(type (array i8)) | GC",
                "(func (param anyref)) | GC",
                "(func (param (ref null any))) | GC",
                "(func (drop (ref.null none))) | GC",
                "(func (ref.eq)) | GC",
                "(func (array.new_fixed 0 1)) | GC",
                "(memory 1 2 shared) | THREADS",
                "(func (i64.atomic.rmw32.cmpxchg_u)) | THREADS",
                "(func atomic.fence) | THREADS",
            })
    void whatIsNotBuiltIsNamedByItsFeature(String text, Feature feature) {
        assertThatThrownBy(() -> TextFormat.toBinary(text.replace("''", "\"\""), TextLimits.defaults()))
                .isInstanceOfSatisfying(
                        UnsupportedFeatureException.class,
                        exception -> assertThat(exception.feature()).isEqualTo(feature))
                .hasMessageContaining("used at line 1, column ");
    }
}
