// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import gate.engine.wasm.Feature;

/// The size of a memory or table. Core specification, 2.3.11 "Limits"; whether they are allowed is for the validator.
///
/// @param maximum unsigned, if `bounded`
record StorageLimits(long minimum, boolean bounded, long maximum) {
    static StorageLimits exactly(long size) {
        return new StorageLimits(size, true, size);
    }

    static StorageLimits read(TokenReader tokens) {
        long minimum = tokens.unsigned64();
        boolean bounded = tokens.kind() == TokenKind.NATURAL;
        return new StorageLimits(minimum, bounded, bounded ? tokens.unsigned64() : 0);
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
