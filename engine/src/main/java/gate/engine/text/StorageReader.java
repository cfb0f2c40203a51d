// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.text.SegmentReader.ElementList;
import gate.engine.wasm.ExternalKind;

/// Reads tables and memories. Core specification, 6.6.4 "Tables" and 6.6.5 "Memories".
final class StorageReader {
    private static final int PAGE_BYTES = 1 << 16;

    /// In binary, a table that has an initializer starts with these.
    private static final int[] TABLE_WITH_INITIALIZER = {0x40, 0x00};

    private final TokenReader tokens;
    private final ModuleContext context;
    private final ExpressionReader expressions;
    private final SegmentReader segments;
    private final ModuleOutput output;
    private int tableCount;
    private int memoryCount;

    StorageReader(
            TokenReader tokens,
            ModuleContext context,
            ExpressionReader expressions,
            SegmentReader segments,
            ModuleOutput output) {
        this.tokens = tokens;
        this.context = context;
        this.expressions = expressions;
        this.segments = segments;
        this.output = output;
    }

    void readImportedTable(ByteOutput entry) {
        tableCount++;
        readTableType(entry);
    }

    private void readTableType(ByteOutput entry) {
        StorageLimits.readAddressType(tokens);
        StorageLimits limits = StorageLimits.read(tokens);
        writeTableType(context.types.readReferenceType(), limits, entry);
    }

    private static void writeTableType(int type, StorageLimits limits, ByteOutput entry) {
        Types.write(type, entry);
        limits.write(entry);
    }

    void readImportedMemory(ByteOutput entry) {
        memoryCount++;
        readMemoryType(entry);
    }

    private void readMemoryType(ByteOutput entry) {
        StorageLimits.readAddressType(tokens);
        StorageLimits.read(tokens).write(entry);
    }

    void readTable() {
        int index = tableCount++;
        tokens.acceptIdentifier();
        Externals.readExports(tokens, ExternalKind.TABLE, index, output);
        if (tokens.atOpening("import")) {
            readTableType(Externals.readImport(tokens, ExternalKind.TABLE, output));
            return;
        }
        StorageLimits.readAddressType(tokens);
        if (tokens.kind() != TokenKind.NATURAL) {
            readTableWithElements(index);
            return;
        }
        StorageLimits limits = StorageLimits.read(tokens);
        int type = context.types.readReferenceType();
        ByteOutput entry = output.tables.addEntry();
        if (tokens.kind() == TokenKind.RIGHT) {
            writeTableType(type, limits, entry);
            return;
        }
        for (int value : TABLE_WITH_INITIALIZER) {
            entry.writeByte(value);
        }
        writeTableType(type, limits, entry);
        expressions.readConstant(entry);
    }

    private void readTableWithElements(int index) {
        int type = context.types.readReferenceType();
        tokens.expectOpening("elem");
        ElementList list = segments.readTableElements(type);
        tokens.close();
        writeTableType(type, StorageLimits.exactly(list.count()), output.tables.addEntry());
        segments.writeActiveElements(index, SegmentReader.offsetZero(), list);
    }

    void readMemory() {
        int index = memoryCount++;
        tokens.acceptIdentifier();
        Externals.readExports(tokens, ExternalKind.MEMORY, index, output);
        if (tokens.atOpening("import")) {
            readMemoryType(Externals.readImport(tokens, ExternalKind.MEMORY, output));
            return;
        }
        StorageLimits.readAddressType(tokens);
        if (!tokens.acceptOpening("data")) {
            StorageLimits.read(tokens).write(output.memories.addEntry());
            return;
        }
        ByteOutput bytes = segments.readStrings();
        tokens.close();
        long pages = (bytes.size() + PAGE_BYTES - 1L) / PAGE_BYTES;
        StorageLimits.exactly(pages).write(output.memories.addEntry());
        segments.writeActiveData(index, SegmentReader.offsetZero(), bytes);
    }
}
