// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import static gate.engine.wasm.Opcode.*;

/// Reads instructions for their structure alone, to tell malformed from invalid.
final class BodySkimmer {
    private final ModuleDecoder decoder;
    private final ByteReader in;

    BodySkimmer(ModuleDecoder decoder) {
        this.decoder = decoder;
        this.in = decoder.in;
    }

    void body() {
        int groups = in.u32();
        if (groups < 0 || groups > in.end - in.position) {
            throw in.malformed("unexpected end of section or function", in.position);
        }
        long total = 0;
        for (int i = 0; i < groups; i++) {
            total += Integer.toUnsignedLong(in.u32());
            if (total > 0xFFFF_FFFFL) {
                throw in.malformed("too many locals", in.position);
            }
            decoder.valueType();
        }
        expression();
        if (!in.atEnd()) {
            throw in.malformed("section size mismatch: bytes after the end of the function", in.position);
        }
    }

    /// Reads up to and with the `end` that closes the expression.
    void expression() {
        long depth = 0;
        while (true) {
            int at = in.position;
            int opcode = in.u8();
            if (opcode == PREFIX_FC) {
                int number = in.u32();
                opcode = number < 0 || number > 0xFF ? -1 : PREFIX_FC << 8 | number;
            }
            Instructions.Immediate immediate = Instructions.immediate(opcode);
            if (immediate == null) {
                Feature feature = Instructions.unsupported(opcode);
                if (feature != null) {
                    throw decoder.unsupported(feature);
                }
                throw in.malformed("illegal opcode " + Integer.toHexString(in.bytes[at] & 0xFF), at);
            }
            skip(immediate);
            if (opcode == MEMORY_INIT || opcode == DATA_DROP) {
                if (decoder.module.declaredDataCount < 0) {
                    throw in.malformed("data count section required", at);
                }
            }
            if (immediate == Instructions.Immediate.BLOCK_TYPE) {
                depth++;
            } else if (opcode == END && depth-- == 0) {
                return;
            }
        }
    }

    private void skip(Instructions.Immediate immediate) {
        switch (immediate) {
            case NONE -> {}
            case BLOCK_TYPE -> blockType();
            case INDEX -> in.u32();
            case TWO_INDEXES -> {
                in.u32();
                in.u32();
            }
            case MEMORY_ACCESS -> memoryAccess();
            case I32 -> in.s32();
            case I64 -> in.s64();
            case F32 -> in.skip(4);
            case F64 -> in.skip(8);
            case LABELS -> {
                int count = in.u32();
                if (count < 0 || count > in.end - in.position) {
                    throw in.malformed("unexpected end of section or function", in.position);
                }
                for (int i = 0; i <= count; i++) {
                    in.u32();
                }
            }
            case TYPES -> {
                int count = in.u32();
                if (count < 0 || count > in.end - in.position) {
                    throw in.malformed("length out of bounds", in.position);
                }
                for (int i = 0; i < count; i++) {
                    decoder.valueType();
                }
            }
            case HEAP_TYPE ->
                ValueTypeReader.heapType(in, decoder.module, decoder.features, decoder::unsupported, false);
        }
    }

    private void blockType() {
        long code = in.s33();
        if (code < 0 && code != -64) {
            in.position--;
            decoder.valueType();
        }
    }

    private void memoryAccess() {
        int at = in.position;
        int flags = in.u32();
        if ((flags & 0x40) != 0) {
            decoder.require(decoder.features.multiMemory, Feature.MULTI_MEMORY);
            flags &= ~0x40;
            in.u32();
        }
        if (flags < 0 || flags >= 64) {
            throw in.malformed("malformed memop flags", at);
        }
        in.u64();
    }
}
