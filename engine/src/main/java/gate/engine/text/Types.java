// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.ValueType;

/// Types in binary. Core specification, 5.3 "Types".
final class Types {
    static final int NON_NULL_REFERENCE = 0x64;
    static final int NULLABLE_REFERENCE = 0x63;
    static final int FUNCTION = 0x60;
    static final int EMPTY_BLOCK = 0x40;

    private Types() {}

    static void write(int type, ByteOutput output) {
        boolean shorthand = ValueType.isNullable(type) && !ValueType.isConcrete(type);
        if (!ValueType.isReference(type)) {
            output.writeByte(type);
        } else if (shorthand) {
            output.writeByte(ValueType.heap(type));
        } else {
            output.writeByte(ValueType.isNullable(type) ? NULLABLE_REFERENCE : NON_NULL_REFERENCE);
            writeHeap(type, output);
        }
    }

    /// The heap type of a reference type: one byte, or a type index as a signed number.
    static void writeHeap(int type, ByteOutput output) {
        if (ValueType.isConcrete(type)) {
            output.writeSigned64(ValueType.typeIndex(type));
        } else {
            output.writeByte(ValueType.heap(type));
        }
    }
}
