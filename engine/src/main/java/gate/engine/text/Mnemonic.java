// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// One instruction of the text format.
///
/// @param prefix the byte before the opcode, or [#NO_PREFIX]
/// @param opcode core specification, 5.4 "Instructions"
/// @param alignment for a load or store, the base-2 logarithm of its width; otherwise 0
record Mnemonic(String name, int prefix, int opcode, Immediate immediate, int alignment) {
    static final int NO_PREFIX = -1;

    void writeOpcode(ByteOutput output) {
        if (prefix == NO_PREFIX) {
            output.writeByte(opcode);
        } else {
            output.writeByte(prefix);
            output.writeUnsigned(opcode);
        }
    }
}
