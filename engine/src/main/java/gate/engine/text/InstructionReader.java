// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.text.TypeReader.ParameterNames;
import gate.engine.wasm.Opcode;

/// Reads what follows a mnemonic and writes the instruction in binary.
///
/// Core specification, 6.5 "Instructions" and 5.4 "Instructions".
final class InstructionReader {
    /// In the byte that gives a load's or store's alignment: an index of a memory follows.
    private static final int MEMORY_INDEX_FOLLOWS = 0x40;

    private static final String OFFSET = "offset=";
    private static final String ALIGN = "align=";

    private final TokenReader tokens;
    private final ModuleContext context;

    InstructionReader(TokenReader tokens, ModuleContext context) {
        this.tokens = tokens;
        this.context = context;
    }

    /// Writes one instruction whose mnemonic has been read, except the label of a block.
    void read(Mnemonic mnemonic, IndexSpace locals, LabelScope labels, ByteOutput output) {
        if (mnemonic.immediate() == Immediate.SELECT) {
            readSelect(mnemonic, output);
            return;
        }
        mnemonic.writeOpcode(output);
        switch (mnemonic.immediate()) {
            case NONE, ELSE, END, SELECT -> {}
            case BLOCK, IF -> context.types.readBlockType(output);
            case LABEL -> output.writeUnsigned(labels.read(tokens));
            case LABELS -> readLabels(labels, output);
            case FUNCTION -> output.writeUnsigned(context.functions.read(tokens));
            case TYPE -> output.writeUnsigned(context.typeNames.read(tokens));
            case CALL_INDIRECT -> readCallIndirect(output);
            case LOCAL -> output.writeUnsigned(locals.read(tokens));
            case GLOBAL -> output.writeUnsigned(context.globals.read(tokens));
            case TABLE -> output.writeUnsigned(context.tables.readOrZero(tokens));
            case TABLE_PAIR -> readPair(context.tables, output);
            case TABLE_AND_ELEMENT -> readSegmentAndTarget(context.elements, context.tables, output);
            case ELEMENT -> output.writeUnsigned(context.elements.read(tokens));
            case MEMORY_ACCESS -> readMemoryAccess(mnemonic, output);
            case MEMORY -> output.writeUnsigned(context.memories.readOrZero(tokens));
            case MEMORY_PAIR -> readPair(context.memories, output);
            case MEMORY_AND_DATA -> {
                context.dataUsedByCode = true;
                readSegmentAndTarget(context.data, context.memories, output);
            }
            case DATA -> {
                context.dataUsedByCode = true;
                output.writeUnsigned(context.data.read(tokens));
            }
            case I32 -> output.writeSigned64(tokens.i32());
            case I64 -> output.writeSigned64(tokens.i64());
            case F32 -> output.writeFixed32(tokens.f32());
            case F64 -> output.writeFixed64(tokens.f64());
            case HEAP_TYPE -> Types.writeHeap(context.types.readHeapType(true), output);
        }
    }

    private void readSelect(Mnemonic mnemonic, ByteOutput output) {
        boolean typed = tokens.atOpening("result");
        IntList types = context.types.readResults();
        if (!typed) {
            mnemonic.writeOpcode(output);
            return;
        }
        output.writeByte(Opcode.SELECT_TYPED);
        output.writeUnsigned(types.size());
        for (int i = 0; i < types.size(); i++) {
            Types.write(types.at(i), output);
        }
    }

    private void readLabels(LabelScope labels, ByteOutput output) {
        IntList targets = new IntList();
        do {
            targets.add(labels.read(tokens));
        } while (IndexSpace.isIndexNext(tokens));
        output.writeUnsigned(targets.size() - 1);
        for (int i = 0; i < targets.size(); i++) {
            output.writeUnsigned(targets.at(i));
        }
    }

    private void readCallIndirect(ByteOutput output) {
        int table = context.tables.readOrZero(tokens);
        output.writeUnsigned(context.types.readTypeUse(ParameterNames.REFUSE, null));
        output.writeUnsigned(table);
    }

    private void readPair(IndexSpace space, ByteOutput output) {
        boolean written = IndexSpace.isIndexNext(tokens);
        output.writeUnsigned(written ? space.read(tokens) : 0);
        output.writeUnsigned(written ? space.read(tokens) : 0);
    }

    /// A single index is the segment's; of two the first is the target's. In binary the segment comes first.
    private void readSegmentAndTarget(IndexSpace segments, IndexSpace targets, ByteOutput output) {
        int first = tokens.offset();
        tokens.advance();
        boolean two = IndexSpace.isIndexNext(tokens);
        tokens.seek(first);
        int target = two ? targets.read(tokens) : 0;
        output.writeUnsigned(segments.read(tokens));
        output.writeUnsigned(target);
    }

    private void readMemoryAccess(Mnemonic mnemonic, ByteOutput output) {
        int memory = context.memories.readOrZero(tokens);
        long offset = tokens.atPrefixed(OFFSET) ? tokens.prefixedNumber(OFFSET, 64) : 0;
        int alignment = tokens.atPrefixed(ALIGN) ? readAlignment() : mnemonic.alignment();
        output.writeUnsigned(alignment | (memory == 0 ? 0 : MEMORY_INDEX_FOLLOWS));
        if (memory != 0) {
            output.writeUnsigned(memory);
        }
        output.writeUnsigned64(offset);
    }

    private int readAlignment() {
        int at = tokens.offset();
        long alignment = tokens.prefixedNumber(ALIGN, 64);
        if (Long.bitCount(alignment) != 1) {
            throw tokens.malformed("alignment must be a power of two", at);
        }
        return Long.numberOfTrailingZeros(alignment);
    }
}
