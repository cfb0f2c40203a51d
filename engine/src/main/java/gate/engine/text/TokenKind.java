// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// What a token of the text format is. Core specification, 6.3.1 "Tokens".
public enum TokenKind {
    /// `(`
    LEFT,
    /// `)`
    RIGHT,
    /// A word that starts with a small letter and isn't a number.
    KEYWORD,
    /// A whole number without a sign.
    NATURAL,
    /// A whole number with a sign.
    INTEGER,
    /// A number with a fraction or exponent, or infinity, or a NaN.
    FLOAT,
    STRING,
    /// `$name` or `$"name"`.
    IDENTIFIER,
    /// Characters that form no token of the language.
    RESERVED,
    /// After the last token.
    END
}
