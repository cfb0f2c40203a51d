// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// Imports and exports written inside the definition of what they import or export.
///
/// Core specification, 6.6 "Modules", the abbreviations.
final class InlineExternals {
    private InlineExternals() {}

    /// Reads `(export "name")` as often as it comes.
    static void readExports(TokenReader tokens, ExternalKind kind, int index, ModuleOutput output) {
        while (tokens.acceptOpening("export")) {
            ByteOutput entry = output.exports.addEntry();
            entry.writeName(tokens.name());
            entry.writeByte(kind.code());
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
        entry.writeByte(kind.code());
        return entry;
    }
}
