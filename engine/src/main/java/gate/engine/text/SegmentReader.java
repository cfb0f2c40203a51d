// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.Opcode;
import gate.engine.wasm.ValueType;
import java.util.OptionalInt;

/// Reads element and data segments. Core specification, 6.6.8 "Element Segments", 6.6.9 "Data Segments"; in binary
/// 5.5.12 and 5.5.14.
final class SegmentReader {
    private static final int PASSIVE = 1;
    private static final int EXPLICIT_INDEX = 2;
    private static final int DECLARATIVE = 3;
    private static final int EXPRESSIONS = 4;

    /// Functions, the only kind of elements that can be given by index.
    private static final int ELEMENT_KIND_FUNCTION = 0;

    /// The elements of a segment in binary.
    ///
    /// @param expressions whether each is an expression; otherwise each is a function's index
    /// @param type what the expressions give
    record ElementList(boolean expressions, int type, int count, ByteOutput content) {}

    private final TokenReader tokens;
    private final ModuleContext context;
    private final ExpressionReader expressions;
    private final ModuleOutput output;

    SegmentReader(TokenReader tokens, ModuleContext context, ExpressionReader expressions, ModuleOutput output) {
        this.tokens = tokens;
        this.context = context;
        this.expressions = expressions;
        this.output = output;
    }

    /// The expression `i32.const 0`.
    static ByteOutput offsetZero() {
        ByteOutput offset = new ByteOutput();
        offset.writeByte(Opcode.I32_CONST);
        offset.writeSigned64(0);
        offset.writeByte(Opcode.END);
        return offset;
    }

    void readElements() {
        tokens.acceptIdentifier();
        if (tokens.acceptKeyword("declare")) {
            writeInactive(DECLARATIVE, readElementList(false));
            return;
        }
        OptionalInt table = readTarget("table", context.tables);
        boolean active = table.isPresent() || tokens.kind() == TokenKind.LEFT && !tokens.atOpening("ref");
        if (!active) {
            writeInactive(PASSIVE, readElementList(false));
            return;
        }
        ByteOutput offset = readOffset();
        writeActiveElements(table.orElse(0), offset, readElementList(true));
    }

    /// Reads the table or memory that a segment is for, if it is written: `(table $t)`, or as WebAssembly 1.0 had it
    /// the index alone.
    private OptionalInt readTarget(String keyword, IndexSpace space) {
        if (IndexSpace.isIndexNext(tokens)) {
            return OptionalInt.of(space.read(tokens));
        }
        if (!tokens.acceptOpening(keyword)) {
            return OptionalInt.empty();
        }
        int index = space.read(tokens);
        tokens.close();
        return OptionalInt.of(index);
    }

    private void writeInactive(int mode, ElementList list) {
        ByteOutput entry = output.elements.addEntry();
        entry.writeByte(list.expressions() ? mode | EXPRESSIONS : mode);
        writeTypeAndElements(list, entry);
    }

    void writeActiveElements(int table, ByteOutput offset, ElementList list) {
        ByteOutput entry = output.elements.addEntry();
        boolean short0 = table == 0 && (!list.expressions() || list.type() == ValueType.FUNCREF);
        int flags = (short0 ? 0 : EXPLICIT_INDEX) | (list.expressions() ? EXPRESSIONS : 0);
        entry.writeByte(flags);
        if (!short0) {
            entry.writeUnsigned(table);
        }
        entry.moveTail(offset, 0);
        if (short0) {
            writeElements(list, entry);
        } else {
            writeTypeAndElements(list, entry);
        }
    }

    private static void writeTypeAndElements(ElementList list, ByteOutput entry) {
        if (list.expressions()) {
            Types.write(list.type(), entry);
        } else {
            entry.writeByte(ELEMENT_KIND_FUNCTION);
        }
        writeElements(list, entry);
    }

    private static void writeElements(ElementList list, ByteOutput entry) {
        entry.writeUnsigned(list.count());
        entry.moveTail(list.content(), 0);
    }

    /// @param bareIndices whether `func` may be left out before indices
    private ElementList readElementList(boolean bareIndices) {
        boolean bare = bareIndices && (IndexSpace.isIndexNext(tokens) || tokens.kind() == TokenKind.RIGHT);
        if (bare || tokens.acceptKeyword("func")) {
            return readIndices();
        }
        return readExpressions(context.types.readReferenceType());
    }

    /// Reads the elements that stand in the definition of a table of this type.
    ElementList readTableElements(int type) {
        if (!IndexSpace.isIndexNext(tokens)) {
            return readExpressions(type);
        }
        if (type == ValueType.FUNCREF || type == ValueType.asNonNull(ValueType.FUNCREF)) {
            return readIndices();
        }
        ByteOutput content = new ByteOutput();
        int count = 0;
        while (tokens.kind() != TokenKind.RIGHT) {
            content.writeByte(Opcode.REF_FUNC);
            content.writeUnsigned(context.functions.read(tokens));
            content.writeByte(Opcode.END);
            count++;
        }
        return new ElementList(true, type, count, content);
    }

    private ElementList readIndices() {
        ByteOutput content = new ByteOutput();
        int count = 0;
        while (tokens.kind() != TokenKind.RIGHT) {
            content.writeUnsigned(context.functions.read(tokens));
            count++;
        }
        return new ElementList(false, ValueType.FUNCREF, count, content);
    }

    private ElementList readExpressions(int type) {
        ByteOutput content = new ByteOutput();
        int count = 0;
        while (tokens.kind() != TokenKind.RIGHT) {
            readItem("item", content);
            count++;
        }
        return new ElementList(true, type, count, content);
    }

    private ByteOutput readOffset() {
        ByteOutput offset = new ByteOutput();
        readItem("offset", offset);
        return offset;
    }

    /// Reads an expression in brackets with this keyword, or one folded instruction without it.
    private void readItem(String keyword, ByteOutput target) {
        if (tokens.acceptOpening(keyword)) {
            expressions.readConstant(target);
            tokens.close();
        } else {
            expressions.readSingleFolded(target);
        }
    }

    void readData() {
        tokens.acceptIdentifier();
        OptionalInt memory = readTarget("memory", context.memories);
        if (memory.isPresent() || tokens.kind() == TokenKind.LEFT) {
            ByteOutput offset = readOffset();
            writeActiveData(memory.orElse(0), offset, readStrings());
            return;
        }
        ByteOutput bytes = readStrings();
        ByteOutput entry = output.data.addEntry();
        entry.writeByte(PASSIVE);
        entry.moveSized(bytes);
    }

    void writeActiveData(int memory, ByteOutput offset, ByteOutput bytes) {
        ByteOutput entry = output.data.addEntry();
        if (memory == 0) {
            entry.writeByte(0);
        } else {
            entry.writeByte(EXPLICIT_INDEX);
            entry.writeUnsigned(memory);
        }
        entry.moveTail(offset, 0);
        entry.moveSized(bytes);
    }

    /// Reads strings up to a `)`: the bytes they stand for, one after the other.
    ByteOutput readStrings() {
        ByteOutput bytes = new ByteOutput();
        while (tokens.kind() != TokenKind.RIGHT) {
            tokens.string(bytes);
        }
        return bytes;
    }
}
