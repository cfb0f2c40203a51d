// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.text.TypeReader.ParameterNames;
import gate.engine.wasm.ExternalKind;

/// Reads a module in three rounds over its text: names and numbers everything, then the types, then every field in
/// order, which goes into its section at once. No tree of the module is ever built.
///
/// Core specification, 6.6 "Modules".
final class ModuleReader {
    private final TokenReader tokens;
    private final ModuleContext context;
    private final ModuleOutput output = new ModuleOutput();
    private final ExpressionReader expressions;
    private final NameSection names;
    private final SegmentReader segments;
    private final StorageReader storage;
    private final ByteOutput body = new ByteOutput();
    private int functionCount;
    private int globalCount;

    ModuleReader(TokenReader tokens) {
        this.tokens = tokens;
        this.context = new ModuleContext(tokens);
        this.expressions = new ExpressionReader(tokens, context);
        this.names = new NameSection(context);
        this.segments = new SegmentReader(tokens, context, expressions, output);
        this.storage = new StorageReader(tokens, context, expressions, segments, output);
    }

    byte[] read() {
        boolean bracketed = tokens.acceptOpening("module");
        if (bracketed) {
            names.nameModule(tokens.acceptIdentifier());
        }
        int fields = tokens.offset();
        DeclarationReader declarations = new DeclarationReader(tokens, context);
        declarations.readFields();
        if (bracketed) {
            tokens.close();
        }
        if (tokens.kind() != TokenKind.END) {
            throw tokens.unexpected();
        }
        for (int i = 0; i < declarations.typeDefinitions().size(); i++) {
            tokens.seek(declarations.typeDefinitions().at(i));
            context.types.readDefinition();
            tokens.close();
        }
        tokens.seek(fields);
        while (tokens.kind() == TokenKind.LEFT) {
            tokens.advance();
            readField();
        }
        return output.toBinary(context.types.signatures(), context.dataUsedByCode, names);
    }

    /// Reads a field from its keyword to its `)`. The first round has refused other keywords.
    private void readField() {
        if (tokens.acceptKeyword("type")) {
            tokens.skipToClosing();
            return;
        }
        if (tokens.acceptKeyword("func")) {
            readFunction();
        } else if (tokens.acceptKeyword("global")) {
            readGlobal();
        } else if (tokens.acceptKeyword("table")) {
            storage.readTable();
        } else if (tokens.acceptKeyword("memory")) {
            storage.readMemory();
        } else if (tokens.acceptKeyword("import")) {
            readImport();
        } else if (tokens.acceptKeyword("export")) {
            readExport();
        } else if (tokens.acceptKeyword("start")) {
            output.start.writeUnsigned(context.functions.read(tokens));
        } else if (tokens.acceptKeyword("elem")) {
            segments.readElements();
        } else if (tokens.acceptKeyword("data")) {
            segments.readData();
        } else {
            throw tokens.unexpected();
        }
        tokens.close();
    }

    private void readImport() {
        ByteOutput entry = output.imports.addEntry();
        entry.writeName(tokens.name());
        entry.writeName(tokens.name());
        tokens.open();
        ExternalKind kind = Externals.readKind(tokens);
        tokens.acceptIdentifier();
        entry.writeByte(kind.number());
        switch (kind) {
            case FUNCTION -> {
                functionCount++;
                entry.writeUnsigned(context.types.readTypeUse(ParameterNames.IGNORE, null));
            }
            case GLOBAL -> {
                globalCount++;
                readGlobalType(entry);
            }
            case TABLE -> storage.readImportedTable(entry);
            case MEMORY -> storage.readImportedMemory(entry);
        }
        tokens.close();
    }

    private void readExport() {
        ByteOutput entry = output.exports.addEntry();
        entry.writeName(tokens.name());
        tokens.open();
        ExternalKind kind = Externals.readKind(tokens);
        entry.writeByte(kind.number());
        entry.writeUnsigned(Externals.space(kind, context).read(tokens));
        tokens.close();
    }

    private void readFunction() {
        int index = functionCount++;
        tokens.acceptIdentifier();
        Externals.readExports(tokens, ExternalKind.FUNCTION, index, output);
        if (tokens.atOpening("import")) {
            ByteOutput entry = Externals.readImport(tokens, ExternalKind.FUNCTION, output);
            entry.writeUnsigned(context.types.readTypeUse(ParameterNames.IGNORE, null));
            return;
        }
        IndexSpace locals = new IndexSpace("local");
        output.functions.addEntry().writeUnsigned(context.types.readTypeUse(ParameterNames.BIND, locals));
        readLocals(locals);
        expressions.readBody(locals, body);
        output.code.addEntry().moveSized(body);
        names.addLocals(index, locals);
    }

    /// Reads the locals and writes them as the binary format does: a number and a type for each run of equal types.
    private void readLocals(IndexSpace locals) {
        IntList types = new IntList();
        while (tokens.acceptOpening("local")) {
            if (tokens.kind() == TokenKind.IDENTIFIER) {
                locals.declare(tokens);
                types.add(context.types.readValueType());
                tokens.close();
            } else {
                int before = types.size();
                context.types.readValueTypes(types);
                locals.declareAnonymous(types.size() - before);
            }
        }
        int runs = 0;
        ByteOutput declarations = new ByteOutput();
        int start = 0;
        while (start < types.size()) {
            int end = start + 1;
            while (end < types.size() && types.at(end) == types.at(start)) {
                end++;
            }
            declarations.writeUnsigned(end - start);
            Types.write(types.at(start), declarations);
            runs++;
            start = end;
        }
        body.writeUnsigned(runs);
        body.moveTail(declarations, 0);
    }

    private void readGlobal() {
        int index = globalCount++;
        tokens.acceptIdentifier();
        Externals.readExports(tokens, ExternalKind.GLOBAL, index, output);
        if (tokens.atOpening("import")) {
            readGlobalType(Externals.readImport(tokens, ExternalKind.GLOBAL, output));
            return;
        }
        ByteOutput entry = output.globals.addEntry();
        readGlobalType(entry);
        expressions.readConstant(entry);
    }

    private void readGlobalType(ByteOutput entry) {
        boolean mutable = tokens.acceptOpening("mut");
        Types.write(context.types.readValueType(), entry);
        if (mutable) {
            tokens.close();
        }
        entry.writeByte(mutable ? 1 : 0);
    }
}
