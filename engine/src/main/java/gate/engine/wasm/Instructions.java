// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import static gate.engine.wasm.Opcode.*;

import org.jspecify.annotations.Nullable;

/// Facts about instructions that don't depend on the module: immediates, signatures, features.
public final class Instructions {
    /// What follows an opcode in the binary format.
    enum Immediate {
        NONE,
        BLOCK_TYPE,
        INDEX,
        TWO_INDEXES,
        MEMORY_ACCESS,
        I32,
        I64,
        F32,
        F64,
        LABELS,
        TYPES,
        HEAP_TYPE
    }

    private static final int FIRST_NUMERIC = I32_EQZ;
    private static final byte[] SIGNATURES = signatures();

    private Instructions() {}

    /// The signature of a numeric instruction `I32_EQZ..I64_EXTEND32_S`: bits 0 and 1 the operand type, bits 2 and 3
    /// the result type (0 for `i32`, 1 `i64`, 2 `f32`, 3 `f64`), bit 4 set for two operands.
    static int signature(int opcode) {
        return SIGNATURES[opcode - FIRST_NUMERIC];
    }

    /// Logarithm of the natural alignment, which is the width, of a load or store.
    public static int widthLog2(int opcode) {
        return switch (opcode) {
            case I32_LOAD8_S, I32_LOAD8_U, I64_LOAD8_S, I64_LOAD8_U, I32_STORE8, I64_STORE8 -> 0;
            case I32_LOAD16_S, I32_LOAD16_U, I64_LOAD16_S, I64_LOAD16_U, I32_STORE16, I64_STORE16 -> 1;
            case I32_LOAD, F32_LOAD, I64_LOAD32_S, I64_LOAD32_U, I32_STORE, F32_STORE, I64_STORE32 -> 2;
            default -> 3;
        };
    }

    /// The type that a load pushes or a store pops.
    static int accessType(int opcode) {
        return switch (opcode) {
            case F32_LOAD, F32_STORE -> ValueType.F32;
            case F64_LOAD, F64_STORE -> ValueType.F64;
            case I32_LOAD, I32_LOAD8_S, I32_LOAD8_U, I32_LOAD16_S, I32_LOAD16_U, I32_STORE, I32_STORE8, I32_STORE16 ->
                ValueType.I32;
            default -> ValueType.I64;
        };
    }

    /// The feature that an opcode belongs to where we know the opcode but can't run it, or null.
    static @Nullable Feature unsupported(int opcode) {
        return switch (opcode) {
            case TRY, CATCH, RETHROW, DELEGATE, CATCH_ALL -> Feature.LEGACY_EXCEPTIONS;
            case THROW, THROW_REF, TRY_TABLE -> Feature.EXCEPTIONS;
            case REF_EQ, PREFIX_GC -> Feature.GC;
            case PREFIX_SIMD -> Feature.SIMD;
            case PREFIX_THREADS -> Feature.THREADS;
            default -> null;
        };
    }

    /// What follows the opcode, or null for an opcode that doesn't exist.
    static @Nullable Immediate immediate(int opcode) {
        if (opcode >= I32_LOAD && opcode <= I64_STORE32) {
            return Immediate.MEMORY_ACCESS;
        }
        if (opcode >= I32_EQZ && opcode <= I64_EXTEND32_S
                || opcode >= I32_TRUNC_SAT_F32_S && opcode <= I64_TRUNC_SAT_F64_U) {
            return Immediate.NONE;
        }
        return switch (opcode) {
            case UNREACHABLE, NOP, ELSE, END, RETURN, DROP, SELECT, REF_IS_NULL, REF_AS_NON_NULL -> Immediate.NONE;
            case BLOCK, LOOP, IF -> Immediate.BLOCK_TYPE;
            case BR,
                    BR_IF,
                    BR_ON_NULL,
                    BR_ON_NON_NULL,
                    CALL,
                    RETURN_CALL,
                    CALL_REF,
                    RETURN_CALL_REF,
                    LOCAL_GET,
                    LOCAL_SET,
                    LOCAL_TEE,
                    GLOBAL_GET,
                    GLOBAL_SET,
                    TABLE_GET,
                    TABLE_SET,
                    REF_FUNC,
                    MEMORY_SIZE,
                    MEMORY_GROW,
                    DATA_DROP,
                    ELEM_DROP,
                    MEMORY_FILL,
                    TABLE_GROW,
                    TABLE_SIZE,
                    TABLE_FILL -> Immediate.INDEX;
            case CALL_INDIRECT, RETURN_CALL_INDIRECT, MEMORY_INIT, MEMORY_COPY, TABLE_INIT, TABLE_COPY ->
                Immediate.TWO_INDEXES;
            case BR_TABLE -> Immediate.LABELS;
            case SELECT_TYPED -> Immediate.TYPES;
            case REF_NULL -> Immediate.HEAP_TYPE;
            case I32_CONST -> Immediate.I32;
            case I64_CONST -> Immediate.I64;
            case F32_CONST -> Immediate.F32;
            case F64_CONST -> Immediate.F64;
            default -> null;
        };
    }

    private static byte[] signatures() {
        byte[] table = new byte[I64_EXTEND32_S - FIRST_NUMERIC + 1];
        fill(table, I32_EQZ, I32_EQZ, 0, 0, 1);
        fill(table, I32_EQ, I32_GE_U, 0, 0, 2);
        fill(table, I64_EQZ, I64_EQZ, 1, 0, 1);
        fill(table, I64_EQ, I64_GE_U, 1, 0, 2);
        fill(table, F32_EQ, F32_GE, 2, 0, 2);
        fill(table, F64_EQ, F64_GE, 3, 0, 2);
        fill(table, I32_CLZ, I32_POPCNT, 0, 0, 1);
        fill(table, I32_ADD, I32_ROTR, 0, 0, 2);
        fill(table, I64_CLZ, I64_POPCNT, 1, 1, 1);
        fill(table, I64_ADD, I64_ROTR, 1, 1, 2);
        fill(table, F32_ABS, F32_SQRT, 2, 2, 1);
        fill(table, F32_ADD, F32_COPYSIGN, 2, 2, 2);
        fill(table, F64_ABS, F64_SQRT, 3, 3, 1);
        fill(table, F64_ADD, F64_COPYSIGN, 3, 3, 2);
        fill(table, I32_WRAP_I64, I32_WRAP_I64, 1, 0, 1);
        fill(table, I32_TRUNC_F32_S, I32_TRUNC_F32_U, 2, 0, 1);
        fill(table, I32_TRUNC_F64_S, I32_TRUNC_F64_U, 3, 0, 1);
        fill(table, I64_EXTEND_I32_S, I64_EXTEND_I32_U, 0, 1, 1);
        fill(table, I64_TRUNC_F32_S, I64_TRUNC_F32_U, 2, 1, 1);
        fill(table, I64_TRUNC_F64_S, I64_TRUNC_F64_U, 3, 1, 1);
        fill(table, F32_CONVERT_I32_S, F32_CONVERT_I32_U, 0, 2, 1);
        fill(table, F32_CONVERT_I64_S, F32_CONVERT_I64_U, 1, 2, 1);
        fill(table, F32_DEMOTE_F64, F32_DEMOTE_F64, 3, 2, 1);
        fill(table, F64_CONVERT_I32_S, F64_CONVERT_I32_U, 0, 3, 1);
        fill(table, F64_CONVERT_I64_S, F64_CONVERT_I64_U, 1, 3, 1);
        fill(table, F64_PROMOTE_F32, F64_PROMOTE_F32, 2, 3, 1);
        fill(table, I32_REINTERPRET_F32, I32_REINTERPRET_F32, 2, 0, 1);
        fill(table, I64_REINTERPRET_F64, I64_REINTERPRET_F64, 3, 1, 1);
        fill(table, F32_REINTERPRET_I32, F32_REINTERPRET_I32, 0, 2, 1);
        fill(table, F64_REINTERPRET_I64, F64_REINTERPRET_I64, 1, 3, 1);
        fill(table, I32_EXTEND8_S, I32_EXTEND16_S, 0, 0, 1);
        fill(table, I64_EXTEND8_S, I64_EXTEND32_S, 1, 1, 1);
        return table;
    }

    private static void fill(byte[] table, int first, int last, int operand, int result, int arity) {
        for (int opcode = first; opcode <= last; opcode++) {
            table[opcode - FIRST_NUMERIC] = (byte) (operand | result << 2 | (arity - 1) << 4);
        }
    }
}
