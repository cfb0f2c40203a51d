// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.Feature;
import gate.engine.wasm.ModuleException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Walks over the tokens of a text: one current token, and one of lookahead behind a `(`.
///
/// Every failure is a [ModuleException] that names the line and column of the current token, in the words that the
/// official test suite expects.
public final class TokenReader {
    private static final int QUOTED_CHARACTERS_MAX = 40;

    private final TextSource source;
    private final byte[] bytes;
    private final Lexer lexer;

    private TokenKind kind = TokenKind.END;
    private int start;
    private int end;

    private @Nullable TokenKind nextKind;
    private int nextStart;
    private int nextEnd;

    public TokenReader(TextSource source) {
        this.source = source;
        this.bytes = source.bytes();
        this.lexer = new Lexer(source);
        advance();
    }

    public TextSource source() {
        return source;
    }

    public TokenKind kind() {
        return kind;
    }

    /// Byte offset of the current token.
    public int offset() {
        return start;
    }

    public void advance() {
        TokenKind ahead = nextKind;
        if (ahead != null) {
            kind = ahead;
            start = nextStart;
            end = nextEnd;
            nextKind = null;
        } else {
            kind = lexer.scan();
            start = lexer.tokenStart();
            end = lexer.tokenEnd();
        }
    }

    /// Goes to the token at a byte offset that [#offset()] gave earlier.
    void seek(int offset) {
        lexer.seek(offset);
        nextKind = null;
        advance();
    }

    public boolean atKeyword(String word) {
        return kind == TokenKind.KEYWORD && matches(start, end, word);
    }

    /// Whether `(` and this keyword come next.
    public boolean atOpening(String word) {
        return kind == TokenKind.LEFT && lookAhead() == TokenKind.KEYWORD && matches(nextStart, nextEnd, word);
    }

    private TokenKind lookAhead() {
        TokenKind ahead = nextKind;
        if (ahead == null) {
            ahead = lexer.scan();
            nextKind = ahead;
            nextStart = lexer.tokenStart();
            nextEnd = lexer.tokenEnd();
        }
        return ahead;
    }

    private boolean matches(int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// The characters of the current token, as they stand in the text.
    public String text() {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    /// Reads `(` and the keyword if they come next.
    public boolean acceptOpening(String word) {
        if (!atOpening(word)) {
            return false;
        }
        advance();
        advance();
        return true;
    }

    public boolean acceptKeyword(String word) {
        if (!atKeyword(word)) {
            return false;
        }
        advance();
        return true;
    }

    /// Reads a `(`.
    public void open() {
        expect(TokenKind.LEFT);
    }

    /// Reads a `)`.
    public void close() {
        expect(TokenKind.RIGHT);
    }

    public void expectOpening(String word) {
        if (!acceptOpening(word)) {
            if (kind == TokenKind.LEFT) {
                advance();
            }
            throw unexpected();
        }
    }

    private void expect(TokenKind wanted) {
        if (kind != wanted) {
            throw unexpected();
        }
        advance();
    }

    /// Reads everything up to and with the `)` that closes what is open now, and gives that one's byte offset.
    public int skipToClosing() {
        int depth = 1;
        int closing = start;
        while (depth > 0) {
            closing = start;
            switch (kind) {
                case LEFT -> depth++;
                case RIGHT -> depth--;
                case END -> throw unexpected();
                case KEYWORD, NATURAL, INTEGER, FLOAT, STRING, IDENTIFIER, RESERVED -> {}
            }
            advance();
        }
        return closing;
    }

    /// Reads an identifier if one comes next: the name without `$` and quotes.
    public @Nullable String acceptIdentifier() {
        if (kind != TokenKind.IDENTIFIER) {
            return null;
        }
        String name = bytes[start + 1] == '"'
                ? new String(TextStrings.decode(bytes, start + 1, end), StandardCharsets.UTF_8)
                : new String(bytes, start + 1, end - start - 1, StandardCharsets.ISO_8859_1);
        advance();
        return name;
    }

    /// Reads a string: the bytes it stands for.
    public byte[] string() {
        ByteOutput output = new ByteOutput();
        string(output);
        return output.toByteArray();
    }

    void string(ByteOutput output) {
        if (kind != TokenKind.STRING) {
            throw unexpected();
        }
        TextStrings.decode(bytes, start, end, output);
        advance();
    }

    /// Reads a string that must be a name.
    public String name() {
        int at = start;
        byte[] utf8 = string();
        if (!Utf8.isValid(utf8)) {
            throw source.malformed("malformed UTF-8 encoding", at);
        }
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /// Reads an index, a count or an alignment.
    public int unsigned32() {
        if (kind != TokenKind.NATURAL) {
            throw unexpected();
        }
        return (int) integerToken(start, 32, "i32 constant out of range");
    }

    /// Reads a size in the units of a memory or table.
    public long unsigned64() {
        if (kind != TokenKind.NATURAL) {
            throw unexpected();
        }
        return integerToken(start, 64, "i64 constant out of range");
    }

    /// Reads an i32 constant, written as signed or as unsigned.
    public int i32() {
        return (int) integer(32);
    }

    /// Reads an i64 constant, written as signed or as unsigned.
    public long i64() {
        return integer(64);
    }

    /// Reads an integer constant of `bits` bits, 8 to 64: signed, or unsigned, as it was written.
    public long integer(int bits) {
        if (kind != TokenKind.NATURAL && kind != TokenKind.INTEGER) {
            throw unexpected();
        }
        return integerToken(start, bits, "constant out of range");
    }

    /// Reads a floating-point constant: the bits of the f32.
    public int f32() {
        requireNumber();
        OptionalInt bits = Literals.f32(bytes, start, end);
        if (bits.isEmpty()) {
            throw malformed("constant out of range");
        }
        advance();
        return bits.getAsInt();
    }

    /// Reads a floating-point constant: the bits of the f64.
    public long f64() {
        requireNumber();
        OptionalLong bits = Literals.f64(bytes, start, end);
        if (bits.isEmpty()) {
            throw malformed("constant out of range");
        }
        advance();
        return bits.getAsLong();
    }

    private void requireNumber() {
        if (kind != TokenKind.NATURAL && kind != TokenKind.INTEGER && kind != TokenKind.FLOAT) {
            throw unexpected();
        }
    }

    /// Whether a keyword that starts with `prefix` (`offset=`) comes next.
    boolean atPrefixed(String prefix) {
        return kind == TokenKind.KEYWORD
                && end - start > prefix.length()
                && matches(start, start + prefix.length(), prefix);
    }

    /// Reads `prefix` and the number written behind it.
    long prefixedNumber(String prefix, int bits) {
        int from = start + prefix.length();
        if (NumberSyntax.classify(bytes, from, end) != TokenKind.NATURAL) {
            throw malformed("unknown operator " + quotedText());
        }
        return integerToken(from, bits, "i" + bits + " constant out of range");
    }

    private long integerToken(int from, int bits, String reason) {
        OptionalLong value = Literals.integer(bytes, from, end, bits);
        if (value.isEmpty()) {
            throw malformed(reason);
        }
        advance();
        return value.getAsLong();
    }

    /// A failure at the current token.
    public ModuleException malformed(String reason) {
        return source.malformed(reason, start);
    }

    ModuleException malformed(String reason, int offset) {
        return source.malformed(reason, offset);
    }

    ModuleException unsupported(Feature feature) {
        return source.unsupported(feature, start);
    }

    /// The failure for a current token that can't stand where it does: a word of a feature that isn't built yet, a
    /// word that doesn't exist, or one that is out of place.
    public ModuleException unexpected() {
        if (kind == TokenKind.RESERVED) {
            return malformed("unknown operator " + quotedText());
        }
        if (kind == TokenKind.KEYWORD) {
            String word = text();
            Feature feature = Keywords.unsupportedFeature(word);
            if (feature != null) {
                return unsupported(feature);
            }
            if (!Keywords.isKnown(word)) {
                return malformed("unknown operator " + quotedText());
            }
        }
        return malformed(kind == TokenKind.END ? "unexpected token: end of text" : "unexpected token " + quotedText());
    }

    private String quotedText() {
        String text = text();
        int length = text.offsetByCodePoints(0, Math.min(QUOTED_CHARACTERS_MAX, text.codePointCount(0, text.length())));
        return length == text.length() ? text : text.substring(0, length) + "…";
    }
}
