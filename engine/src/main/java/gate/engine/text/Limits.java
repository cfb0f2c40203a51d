// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.Feature;

/// The size of a memory or table. Core specification, 2.3.11 "Limits"; whether they are allowed is for the validator.
///
/// @param maximum unsigned, if `bounded`
record Limits(long minimum, boolean bounded, long maximum) {
    static Limits exactly(long size) {
        return new Limits(size, true, size);
    }

    static Limits read(TokenReader tokens) {
        long minimum = tokens.unsigned64();
        boolean bounded = tokens.kind() == TokenKind.NATURAL;
        return new Limits(minimum, bounded, bounded ? tokens.unsigned64() : 0);
    }

    /// Reads the type of addresses, which may be left out.
    static void readAddressType(TokenReader tokens) {
        if (tokens.atKeyword("i64")) {
            throw tokens.unsupported(Feature.MEMORY64);
        }
        tokens.acceptKeyword("i32");
    }

    void write(ByteOutput output) {
        output.writeByte(bounded ? 1 : 0);
        output.writeUnsigned64(minimum);
        if (bounded) {
            output.writeUnsigned64(maximum);
        }
    }
}
