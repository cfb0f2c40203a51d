// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// Cuts a text into tokens, one at a time, leaving out white space, comments and annotations.
///
/// Core specification, 6.3 "Lexical Format". An annotation is skipped whatever it says, as its grammar allows any
/// tokens inside.
final class Lexer {
    private final TextSource source;
    private final byte[] bytes;
    private final int limit;

    /// Where scanning goes on: the end of the latest token.
    private int position;

    private int tokenStart;

    Lexer(TextSource source) {
        this.source = source;
        this.bytes = source.bytes();
        this.limit = source.to();
        this.position = source.from();
    }

    int tokenStart() {
        return tokenStart;
    }

    int tokenEnd() {
        return position;
    }

    void seek(int newPosition) {
        position = newPosition;
    }

    TokenKind scan() {
        while (true) {
            skipSpaceAndComments();
            if (!at('(', position) || !at('@', position + 1)) {
                return scanToken();
            }
            skipAnnotation();
        }
    }

    private boolean at(char character, int index) {
        return index < limit && bytes[index] == character;
    }

    private void skipSpaceAndComments() {
        while (position < limit) {
            byte current = bytes[position];
            if (current == ' ' || current == '\n' || current == '\t' || current == '\r') {
                position++;
            } else if (current == ';' && at(';', position + 1)) {
                skipLineComment();
            } else if (current == '(' && at(';', position + 1)) {
                skipBlockComment();
            } else {
                return;
            }
        }
    }

    private void skipLineComment() {
        while (position < limit && bytes[position] != '\n' && bytes[position] != '\r') {
            skipCharacter();
        }
    }

    private void skipBlockComment() {
        int start = position;
        position += 2;
        int depth = 1;
        while (depth > 0) {
            if (position >= limit) {
                throw source.malformed("unclosed comment", start);
            }
            if (at('(', position) && at(';', position + 1)) {
                depth++;
                position += 2;
            } else if (at(';', position) && at(')', position + 1)) {
                depth--;
                position += 2;
            } else {
                skipCharacter();
            }
        }
    }

    private void skipCharacter() {
        int length = Utf8.characterLength(bytes, position, limit);
        if (length == 0) {
            throw source.malformed("malformed UTF-8 encoding", position);
        }
        position += length;
    }

    private void skipAnnotation() {
        int start = position;
        position += 2;
        if (at('"', position)) {
            scanQuotedIdentifier("empty annotation id");
        } else if (position >= limit || !isIdentifierCharacter(bytes[position])) {
            throw source.malformed("empty annotation id", start);
        } else {
            skipWord();
        }
        int depth = 1;
        while (depth > 0) {
            skipSpaceAndComments();
            switch (scanToken()) {
                case LEFT -> depth++;
                case RIGHT -> depth--;
                case END -> throw source.malformed("unclosed annotation", start);
                case KEYWORD, NATURAL, INTEGER, FLOAT, STRING, IDENTIFIER, RESERVED -> {}
            }
        }
    }

    private void skipWord() {
        while (position < limit && isIdentifierCharacter(bytes[position])) {
            position++;
        }
    }

    private TokenKind scanToken() {
        tokenStart = position;
        if (position >= limit) {
            return TokenKind.END;
        }
        byte first = bytes[position];
        switch (first) {
            case '(' -> {
                position++;
                return TokenKind.LEFT;
            }
            case ')' -> {
                position++;
                return TokenKind.RIGHT;
            }
            case ',', ';', '[', ']', '{', '}' -> {
                position++;
                return TokenKind.RESERVED;
            }
            default -> {
                if (first == '"' || isIdentifierCharacter(first)) {
                    return scanWord();
                }
                throw illegalCharacter();
            }
        }
    }

    /// Characters and strings written without space between them are one token, mostly a meaningless one.
    private TokenKind scanWord() {
        boolean quotedIdentifier = at('$', tokenStart) && at('"', tokenStart + 1);
        if (quotedIdentifier) {
            position++;
            scanQuotedIdentifier("empty identifier");
        }
        int quotedEnd = position;
        int strings = 0;
        int stringEnd = position;
        while (position < limit) {
            if (bytes[position] == '"') {
                scanString();
                strings++;
                stringEnd = position;
            } else if (isIdentifierCharacter(bytes[position])) {
                position++;
            } else {
                break;
            }
        }
        if (quotedIdentifier) {
            return position == quotedEnd ? TokenKind.IDENTIFIER : TokenKind.RESERVED;
        }
        if (strings == 1 && bytes[tokenStart] == '"' && position == stringEnd) {
            return TokenKind.STRING;
        }
        return strings > 0 ? TokenKind.RESERVED : classifyWord();
    }

    private TokenKind classifyWord() {
        byte first = bytes[tokenStart];
        if (first == '$') {
            if (position == tokenStart + 1) {
                throw position == limit || canFollowWord(bytes[position])
                        ? source.malformed("empty identifier", tokenStart)
                        : illegalCharacter();
            }
            return TokenKind.IDENTIFIER;
        }
        TokenKind number = NumberSyntax.classify(bytes, tokenStart, position);
        if (number != TokenKind.RESERVED) {
            return number;
        }
        return first >= 'a' && first <= 'z' ? TokenKind.KEYWORD : TokenKind.RESERVED;
    }

    /// The string of `$"name"` or `(@"name"`, which must be a name and not empty.
    private void scanQuotedIdentifier(String emptyReason) {
        int start = position;
        int end = start + 1;
        while (end < limit && bytes[end] != '"') {
            if (bytes[end] >= 0 && bytes[end] < ' ') {
                throw source.malformed(emptyReason, start);
            }
            end += bytes[end] == '\\' ? 2 : 1;
        }
        scanString();
        byte[] name = TextStrings.decode(bytes, start, position);
        if (name.length == 0) {
            throw source.malformed(emptyReason, start);
        }
        if (!Utf8.isValid(name)) {
            throw source.malformed("malformed UTF-8 encoding", start);
        }
    }

    private void scanString() {
        int start = position;
        position++;
        while (true) {
            if (position >= limit || bytes[position] == '\n') {
                throw source.malformed("unclosed string literal", start);
            }
            byte current = bytes[position];
            if (current == '"') {
                position++;
                return;
            }
            if (current == '\\') {
                scanEscape();
            } else if (current >= 0 && current < ' ' || current == 0x7F) {
                throw source.malformed("illegal control character in string literal", position);
            } else {
                skipCharacter();
            }
        }
    }

    private void scanEscape() {
        int length = TextStrings.escapeLength(bytes, position, limit);
        if (length == 0) {
            throw source.malformed("illegal escape", position);
        }
        position += length;
    }

    /// Whether it is white space or one of the characters that stand between words.
    private static boolean canFollowWord(byte character) {
        return character >= ' ' && character < 0x7F || character == '\t' || character == '\n' || character == '\r';
    }

    private RuntimeException illegalCharacter() {
        boolean character = Utf8.characterLength(bytes, position, limit) != 0;
        return source.malformed(character ? "illegal character" : "malformed UTF-8 encoding", position);
    }

    /// Core specification, 6.3.5 "Identifiers".
    private static boolean isIdentifierCharacter(byte character) {
        if (character <= ' ' || character == 0x7F) {
            return false;
        }
        return switch (character) {
            case '"', '(', ')', ',', ';', '[', ']', '{', '}' -> false;
            default -> true;
        };
    }
}
