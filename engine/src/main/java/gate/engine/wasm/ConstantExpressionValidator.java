// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import static gate.engine.wasm.Opcode.*;

import java.util.Arrays;

/// Constant expressions: core specification 3.3.13.
final class ConstantExpressionValidator {
    private final ModuleDecoder decoder;
    private final Module module;
    private final ByteReader in;
    private final BodySkimmer skimmer;
    private int[] stack = new int[8];
    private int height;

    ConstantExpressionValidator(ModuleDecoder decoder) {
        this.decoder = decoder;
        this.module = decoder.module;
        this.in = decoder.in;
        this.skimmer = new BodySkimmer(decoder);
    }

    /// Reads an expression and checks that it gives one value of the type.
    void read(int expected) {
        if (decoder.structureOnly) {
            skimmer.expression();
            return;
        }
        height = 0;
        int start = in.position;
        while (true) {
            int at = in.position;
            int opcode = in.u8();
            if (opcode == END) {
                break;
            }
            instruction(opcode, at);
        }
        if (height != 1 || !module.matches(stack[0], expected)) {
            String found = height == 1 ? ValueType.name(stack[0]) : height + " values";
            decoder.invalid("type mismatch: expected " + ValueType.name(expected) + ", found " + found, start);
        }
    }

    /// Reads over an expression that has been validated.
    static void skip(ByteReader in) {
        while (true) {
            switch (in.u8()) {
                case END -> {
                    return;
                }
                case I32_CONST, I64_CONST -> in.s64();
                case F32_CONST -> in.skip(4);
                case F64_CONST -> in.skip(8);
                case GLOBAL_GET, REF_FUNC -> in.u32();
                case REF_NULL -> in.s33();
                default -> {}
            }
        }
    }

    private void push(int type) {
        if (height == stack.length) {
            stack = Arrays.copyOf(stack, height * 2);
        }
        stack[height++] = type;
    }

    private void instruction(int opcode, int at) {
        switch (opcode) {
            case I32_CONST -> {
                in.s32();
                push(ValueType.I32);
            }
            case I64_CONST -> {
                in.s64();
                push(ValueType.I64);
            }
            case F32_CONST -> {
                in.skip(4);
                push(ValueType.F32);
            }
            case F64_CONST -> {
                in.skip(8);
                push(ValueType.F64);
            }
            case GLOBAL_GET -> global(at);
            case REF_NULL -> {
                decoder.require(decoder.features.referenceTypes, Feature.REFERENCE_TYPES);
                push(ValueType.NULLABLE | ValueTypeReader.heapType(in, module, decoder.features, decoder::unsupported));
            }
            case REF_FUNC -> {
                decoder.require(decoder.features.referenceTypes, Feature.REFERENCE_TYPES);
                function(at);
            }
            case I32_ADD, I32_SUB, I32_MUL -> arithmetic(ValueType.I32, at);
            case I64_ADD, I64_SUB, I64_MUL -> arithmetic(ValueType.I64, at);
            default -> refuse(opcode, at);
        }
    }

    private void refuse(int opcode, int at) {
        if (opcode != PREFIX_FC && Instructions.immediate(opcode) == null) {
            Feature feature = Instructions.unsupported(opcode);
            if (feature != null) {
                throw decoder.unsupported(feature);
            }
            throw in.malformed("illegal opcode " + Integer.toHexString(opcode), at);
        }
        decoder.invalid("constant expression required", at);
    }

    private void global(int at) {
        int index = in.u32();
        if (index < 0 || index >= module.globals.size()) {
            decoder.invalid("unknown global " + Integer.toUnsignedString(index), at);
            return;
        }
        GlobalType type = module.globals.get(index);
        if (type.mutable()) {
            decoder.invalid("constant expression required", at);
        }
        push(type.valueType());
    }

    private void function(int at) {
        int index = in.u32();
        if (index < 0 || index >= module.functionCount) {
            decoder.invalid("unknown function " + Integer.toUnsignedString(index), at);
            return;
        }
        module.declared.set(index);
        push(module.referenceTo(index, decoder.features.functionReferences));
    }

    private void arithmetic(int type, int at) {
        decoder.require(decoder.features.extendedConst, Feature.EXTENDED_CONST);
        if (height < 2 || stack[height - 1] != type || stack[height - 2] != type) {
            decoder.invalid("type mismatch: expected two operands of " + ValueType.name(type), at);
        }
        height--;
    }
}
