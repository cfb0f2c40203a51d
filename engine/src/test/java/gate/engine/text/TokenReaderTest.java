// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import static gate.engine.text.TokenKind.FLOAT;
import static gate.engine.text.TokenKind.IDENTIFIER;
import static gate.engine.text.TokenKind.INTEGER;
import static gate.engine.text.TokenKind.KEYWORD;
import static gate.engine.text.TokenKind.LEFT;
import static gate.engine.text.TokenKind.NATURAL;
import static gate.engine.text.TokenKind.RESERVED;
import static gate.engine.text.TokenKind.RIGHT;
import static gate.engine.text.TokenKind.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenReaderTest {
    private static TokenReader reader(String text) {
        return new TokenReader(new TextSource(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<TokenKind> kinds(String text) {
        TokenReader tokens = reader(text);
        List<TokenKind> kinds = new ArrayList<>();
        while (tokens.kind() != TokenKind.END) {
            kinds.add(tokens.kind());
            tokens.advance();
        }
        return kinds;
    }

    @Test
    void tokensAreCutApartAtBracketsSpaceAndComments() {
        assertThat(kinds("(a(b)c);;d\ne(;(;;);)f\tg\r\nh"))
                .containsExactly(
                        LEFT, KEYWORD, LEFT, KEYWORD, RIGHT, KEYWORD, RIGHT, KEYWORD, KEYWORD, KEYWORD, KEYWORD);
    }

    @Test
    void wordsWithoutSpaceBetweenAreOneMeaninglessToken() {
        assertThat(kinds("a\"b\" 0$x \"a\"\"b\" $\"x\"y \"a\"1 0\"a\" , [ ] { } a,b"))
                .containsExactly(
                        RESERVED, RESERVED, RESERVED, RESERVED, RESERVED, RESERVED, RESERVED, RESERVED, RESERVED,
                        RESERVED, RESERVED, KEYWORD, RESERVED, KEYWORD);
    }

    @Test
    void annotationsAreSkippedWhateverTheyHold() {
        assertThat(kinds("a (@x y \")\" (z (@) 0x $q) ;; )\n (; ) ;) , ] }) b(@\"quoted id\")c"))
                .containsExactly(KEYWORD, KEYWORD, KEYWORD);
        assertThat(kinds("( @a")).containsExactly(LEFT, RESERVED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1_0", "0x0", "0xaB_c", "00", "999999999999999999999"})
    void naturalNumbers(String word) {
        assertThat(kinds(word)).containsExactly(NATURAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+0", "-1_0", "-0x0", "+0xaB_c"})
    void signedNumbers(String word) {
        assertThat(kinds(word)).containsExactly(INTEGER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.",
                "1.5",
                "-1.5e+1",
                "1E9",
                "0x1.p2",
                "0x1p-2",
                "0x1.8",
                "inf",
                "-inf",
                "nan",
                "+nan",
                "nan:0x1",
                "-nan:0xf_f",
                "0x0.0P0"
            })
    void floatingPointNumbers(String word) {
        assertThat(kinds(word)).containsExactly(FLOAT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_1", "1_", "1__0", "0x", "0x_1", "0x1_", "0xg", "1x", ".5", "1._5", "1_.5", "1.5_", "1e", "1e+",
                "1e_1", "0x1p", "0x1pa", "-", "+", "--1", "+_1", "0x.8", "1.5.", "1e1.5", "A", "-a", "0X1"
            })
    void whatLooksLikeANumberButIsNone(String word) {
        assertThat(kinds(word)).containsExactly(RESERVED);
    }

    @Test
    void identifiersMayBeQuoted() {
        TokenReader tokens = reader("$a!#$%&'*+-./:<=>?@\\^_`|~9 $\"b c\\n\\u{e9}\" $\"a\"");
        assertThat(tokens.kind()).isEqualTo(IDENTIFIER);
        assertThat(tokens.acceptIdentifier()).isEqualTo("a!#$%&'*+-./:<=>?@\\^_`|~9");
        assertThat(tokens.acceptIdentifier()).isEqualTo("b c\né");
        assertThat(tokens.acceptIdentifier()).isEqualTo("a");
        assertThat(tokens.acceptIdentifier()).isNull();
    }

    @Test
    void stringsStandForBytes() {
        TokenReader tokens = reader("\"\\00\\ff\\t\\u{1_0000}é\"");
        assertThat(tokens.kind()).isEqualTo(STRING);
        assertThat(tokens.string()).isEqualTo(new byte[] {
            0, (byte) 0xFF, '\t', (byte) 0xF0, (byte) 0x90, (byte) 0x80, (byte) 0x80, (byte) 0xC3, (byte) 0xA9
        });
    }

    @Test
    void lookingAheadMovesNothing() {
        TokenReader tokens = reader("(param i32) x");
        assertThat(tokens.atOpening("result")).isFalse();
        assertThat(tokens.atOpening("param")).isTrue();
        assertThat(tokens.kind()).isEqualTo(LEFT);
        assertThat(tokens.acceptOpening("param")).isTrue();
        assertThat(tokens.atKeyword("i32")).isTrue();
        assertThat(tokens.skipToClosing()).isEqualTo(10);
        assertThat(tokens.atKeyword("x")).isTrue();
    }

    @Test
    void aRangeOfATextKeepsItsLines() {
        TextSource text = new TextSource("x\ny\n(z".getBytes(StandardCharsets.UTF_8)).range(2, 5);
        TokenReader tokens = new TokenReader(text);
        assertThat(tokens.text()).isEqualTo("y");
        tokens.advance();
        assertThat(tokens.kind()).isEqualTo(LEFT);
        assertThat(tokens.unexpected()).hasMessageContaining("line 3, column 1");
        tokens.advance();
        assertThat(tokens.kind()).isEqualTo(TokenKind.END);
    }
}
