// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// The element and data sections: core specification 5.5.12 and 5.5.14.
final class SegmentDecoder {
    private final ModuleDecoder decoder;
    private final Module module;
    private final ByteReader in;
    private final ConstantExpressionValidator expressions;
    private int elementTotal;

    SegmentDecoder(ModuleDecoder decoder) {
        this.decoder = decoder;
        this.module = decoder.module;
        this.in = decoder.in;
        this.expressions = new ConstantExpressionValidator(decoder);
    }

    void elements() {
        int count = decoder.count("elementSegments", 0, decoder.limits.elementSegments());
        for (int i = 0; i < count; i++) {
            element();
        }
    }

    private void element() {
        int at = in.position;
        int flags = in.u32();
        if (flags < 0 || flags > 7) {
            throw in.malformed("malformed elements segment kind", at);
        }
        if (flags != 0) {
            decoder.require(decoder.features.bulkMemory, Feature.BULK_MEMORY);
        }
        boolean active = (flags & 1) == 0;
        boolean explicit = (flags & 2) != 0;
        boolean asExpressions = (flags & 4) != 0;
        SegmentMode mode = active ? SegmentMode.ACTIVE : explicit ? SegmentMode.DECLARATIVE : SegmentMode.PASSIVE;
        int table = 0;
        int offset = -1;
        if (active) {
            int tableAt = in.position;
            table = explicit ? in.u32() : 0;
            if (table < 0 || table >= module.tables.size()) {
                decoder.invalid("unknown table " + Integer.toUnsignedString(table), tableAt);
            }
            offset = in.position;
            expressions.read(ValueType.I32);
        }
        int type = elementType(active && !explicit, asExpressions);
        if (active
                && !decoder.structureOnly
                && !module.matches(type, module.table(table).elementType())) {
            decoder.invalid("type mismatch: the segment's elements don't fit the table", at);
        }
        int count = decoder.count("elements", elementTotal, decoder.limits.elements());
        elementTotal += count;
        int items = in.position;
        for (int i = 0; i < count; i++) {
            item(type, asExpressions);
        }
        module.elementSegments.add(new ElementSegment(mode, table, offset, type, count, items, asExpressions));
    }

    private int elementType(boolean implied, boolean asExpressions) {
        int functions = decoder.features.functionReferences && !asExpressions
                ? ValueType.REFERENCE | ValueType.HEAP_FUNC
                : ValueType.FUNCREF;
        if (implied) {
            return functions;
        }
        if (asExpressions) {
            return decoder.referenceType();
        }
        int at = in.position;
        if (in.u8() != 0) {
            throw in.malformed("malformed element kind", at);
        }
        return functions;
    }

    private void item(int type, boolean asExpression) {
        if (asExpression) {
            expressions.read(type);
            return;
        }
        int at = in.position;
        int function = in.u32();
        if (function < 0 || function >= module.functionCount) {
            decoder.invalid("unknown function " + Integer.toUnsignedString(function), at);
        } else {
            module.declared.set(function);
        }
    }

    void data() {
        int at = in.position;
        int count = decoder.count("dataSegments", 0, decoder.limits.dataSegments());
        if (module.declaredDataCount >= 0 && module.declaredDataCount != count) {
            throw in.malformed("data count and data section have inconsistent lengths", at);
        }
        for (int i = 0; i < count; i++) {
            segment();
        }
    }

    private void segment() {
        int at = in.position;
        int flags = in.u32();
        if (flags < 0 || flags > 2) {
            throw in.malformed("malformed data segment kind", at);
        }
        if (flags != 0) {
            decoder.require(decoder.features.bulkMemory, Feature.BULK_MEMORY);
        }
        int memory = flags == 2 ? in.u32() : 0;
        int offset = -1;
        if (flags != 1) {
            if (memory < 0 || memory >= module.memories.size()) {
                decoder.invalid("unknown memory " + Integer.toUnsignedString(memory), at);
            }
            offset = in.position;
            expressions.read(ValueType.I32);
        }
        int sizeAt = in.position;
        int size = in.u32();
        if (size < 0 || size > in.end - in.position) {
            throw in.malformed("unexpected end of section or function", sizeAt);
        }
        int start = in.position;
        in.position += size;
        SegmentMode mode = flags == 1 ? SegmentMode.PASSIVE : SegmentMode.ACTIVE;
        module.dataSegments.add(new DataSegment(mode, memory, offset, start, size));
    }
}
