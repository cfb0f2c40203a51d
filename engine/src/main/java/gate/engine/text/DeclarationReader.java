// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.ExternalKind;
import org.jspecify.annotations.Nullable;

/// The first round over a module's fields: gives every identifier its index, as any field may refer to any later one,
/// and notes where the types are.
///
/// Core specification, 6.6 "Modules", and its rules that imports come first and that there is one start function.
final class DeclarationReader {
    private final TokenReader tokens;
    private final ModuleContext context;

    /// Offsets of what follows `(type $id?`.
    private final IntList typeDefinitions = new IntList();

    private @Nullable ExternalKind defined;
    private boolean startSeen;

    DeclarationReader(TokenReader tokens, ModuleContext context) {
        this.tokens = tokens;
        this.context = context;
    }

    IntList typeDefinitions() {
        return typeDefinitions;
    }

    /// Reads all fields, up to the `)` or the end of text behind them.
    void readFields() {
        while (tokens.kind() == TokenKind.LEFT) {
            tokens.advance();
            readField();
            tokens.skipToClosing();
        }
    }

    private void readField() {
        ExternalKind kind = Externals.acceptKind(tokens);
        if (kind != null) {
            declare(kind);
        } else if (tokens.acceptKeyword("type")) {
            context.typeNames.declare(tokens);
            typeDefinitions.add(tokens.offset());
        } else if (tokens.atKeyword("import")) {
            requireNoDefinitionBefore();
            tokens.advance();
            declareImport();
        } else if (tokens.acceptKeyword("elem")) {
            context.elements.declare(tokens);
        } else if (tokens.acceptKeyword("data")) {
            context.data.declare(tokens);
        } else if (tokens.atKeyword("start")) {
            if (startSeen) {
                throw tokens.malformed("multiple start sections");
            }
            startSeen = true;
        } else if (!tokens.atKeyword("export")) {
            throw tokens.unexpected();
        }
    }

    private void declareImport() {
        tokens.name();
        tokens.name();
        tokens.open();
        Externals.space(Externals.readKind(tokens), context).declare(tokens);
        tokens.skipToClosing();
    }

    private void requireNoDefinitionBefore() {
        ExternalKind before = defined;
        if (before != null) {
            String word = before == ExternalKind.FUNCTION ? "function" : before.label();
            throw tokens.malformed("import after " + word);
        }
    }

    private void declare(ExternalKind kind) {
        Externals.space(kind, context).declare(tokens);
        while (tokens.acceptOpening("export")) {
            tokens.skipToClosing();
        }
        if (tokens.atOpening("import")) {
            requireNoDefinitionBefore();
            return;
        }
        if (defined == null) {
            defined = kind;
        }
        if (kind == ExternalKind.TABLE && isTableWithElements()) {
            context.elements.declareAnonymous(1);
        }
        if (kind == ExternalKind.MEMORY && isMemoryWithData()) {
            context.data.declareAnonymous(1);
        }
    }

    /// A table that lists its elements is written without a size.
    private boolean isTableWithElements() {
        skipAddressType();
        return tokens.kind() != TokenKind.NATURAL;
    }

    private boolean isMemoryWithData() {
        skipAddressType();
        return tokens.atOpening("data");
    }

    private void skipAddressType() {
        if (tokens.atKeyword("i32") || tokens.atKeyword("i64")) {
            tokens.advance();
        }
    }
}
