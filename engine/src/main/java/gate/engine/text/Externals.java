// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.ExternalKind;
import org.jspecify.annotations.Nullable;

/// What can be imported and exported, also inside its own definition.
///
/// Core specification, 6.6 "Modules", the abbreviations.
final class Externals {
    private Externals() {}

    /// Reads the keyword of a kind if one comes next.
    static @Nullable ExternalKind acceptKind(TokenReader tokens) {
        for (ExternalKind kind : ExternalKind.values()) {
            if (tokens.acceptKeyword(kind.label())) {
                return kind;
            }
        }
        return null;
    }

    static ExternalKind readKind(TokenReader tokens) {
        ExternalKind kind = acceptKind(tokens);
        if (kind == null) {
            throw tokens.unexpected();
        }
        return kind;
    }

    static IndexSpace space(ExternalKind kind, ModuleContext context) {
        return switch (kind) {
            case FUNCTION -> context.functions;
            case TABLE -> context.tables;
            case MEMORY -> context.memories;
            case GLOBAL -> context.globals;
        };
    }

    /// Reads `(export "name")` as often as it comes.
    static void readExports(TokenReader tokens, ExternalKind kind, int index, ModuleOutput output) {
        while (tokens.acceptOpening("export")) {
            ByteOutput entry = output.exports.addEntry();
            entry.writeName(tokens.name());
            entry.writeByte(kind.number());
            entry.writeUnsigned(index);
            tokens.close();
        }
    }

    /// Reads `(import "module" "name")`; the type goes into the result.
    static ByteOutput readImport(TokenReader tokens, ExternalKind kind, ModuleOutput output) {
        tokens.expectOpening("import");
        ByteOutput entry = output.imports.addEntry();
        entry.writeName(tokens.name());
        entry.writeName(tokens.name());
        tokens.close();
        entry.writeByte(kind.number());
        return entry;
    }
}
