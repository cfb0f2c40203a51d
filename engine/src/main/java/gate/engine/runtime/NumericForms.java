// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

/// Which register-form operation executes a numeric instruction: by opcode, 0 where it is executed out of line.
final class NumericForms {
    /// Relations in the order of the opcodes.
    static final int EQ = 0;

    static final int NE = 1;
    static final int LT_S = 2;
    static final int LT_U = 3;
    static final int GT_S = 4;
    static final int GT_U = 5;
    static final int LE_S = 6;
    static final int LE_U = 7;
    static final int GE_S = 8;
    static final int GE_U = 9;

    private static final int[] MIRRORED = {EQ, NE, GT_S, GT_U, LT_S, LT_U, GE_S, GE_U, LE_S, LE_U};
    private static final int[] NEGATED = {NE, EQ, GE_S, GE_U, LE_S, LE_U, GT_S, GT_U, LT_S, LT_U};

    /// By relation; relations without a form of their own are mirrored first.
    private static final int[] SET = {Op.EQ, Op.NE, Op.LT_S, Op.LT_U, -1, -1, Op.LE_S, Op.LE_U, -1, -1};

    private static final int[] BRANCH = {
        Op.BR_EQ, Op.BR_NE, Op.BR_LT_S, Op.BR_LT_U, -1, -1, Op.BR_LE_S, Op.BR_LE_U, -1, -1
    };
    private static final int[] SET_CONSTANT = {Op.EQ_C, Op.NE_C, Op.LT_S_C, Op.LT_U_C, Op.GT_S_C, Op.GT_U_C};
    private static final int[] BRANCH_CONSTANT = {
        Op.BR_EQ_C, Op.BR_NE_C, Op.BR_LT_S_C, Op.BR_LT_U_C, Op.BR_GT_S_C, Op.BR_GT_U_C
    };

    private static final short[] UNARY = new short[256];
    private static final short[] BINARY = new short[256];
    private static final short[] BINARY_CONSTANT = new short[256];

    static {
        integers();
        floats();
    }

    private NumericForms() {}

    private static void integers() {
        binary(I32_ADD, Op.I32_ADD, Op.I32_ADD_C);
        binary(I32_SUB, Op.I32_SUB, Op.I32_ADD_C);
        binary(I32_MUL, Op.I32_MUL, Op.I32_MUL_C);
        binary(I32_DIV_S, Op.I32_DIV_S, Op.DIV_S_C);
        binary(I32_DIV_U, Op.I32_DIV_U, Op.I32_DIV_U_C);
        binary(I32_REM_S, Op.REM_S, Op.REM_S_C);
        binary(I32_REM_U, Op.I32_REM_U, Op.I32_REM_U_C);
        binary(I32_AND, Op.AND, Op.AND_C);
        binary(I32_OR, Op.OR, Op.OR_C);
        binary(I32_XOR, Op.XOR, Op.XOR_C);
        binary(I32_SHL, Op.I32_SHL, Op.I32_SHL_C);
        binary(I32_SHR_S, Op.I32_SHR_S, Op.SHR_S_C);
        binary(I32_SHR_U, Op.I32_SHR_U, Op.I32_SHR_U_C);
        binary(I32_ROTL, Op.I32_ROTL, Op.I32_ROTL_C);
        binary(I32_ROTR, Op.I32_ROTR, Op.I32_ROTL_C);
        binary(I64_ADD, Op.I64_ADD, Op.I64_ADD_C);
        binary(I64_SUB, Op.I64_SUB, Op.I64_ADD_C);
        binary(I64_MUL, Op.I64_MUL, Op.I64_MUL_C);
        binary(I64_DIV_S, Op.I64_DIV_S, Op.DIV_S_C);
        binary(I64_DIV_U, Op.I64_DIV_U, 0);
        binary(I64_REM_S, Op.REM_S, Op.REM_S_C);
        binary(I64_REM_U, Op.I64_REM_U, 0);
        binary(I64_AND, Op.AND, Op.AND_C);
        binary(I64_OR, Op.OR, Op.OR_C);
        binary(I64_XOR, Op.XOR, Op.XOR_C);
        binary(I64_SHL, Op.I64_SHL, Op.I64_SHL_C);
        binary(I64_SHR_S, Op.I64_SHR_S, Op.SHR_S_C);
        binary(I64_SHR_U, Op.I64_SHR_U, Op.I64_SHR_U_C);
        binary(I64_ROTL, Op.I64_ROTL, Op.I64_ROTL_C);
        binary(I64_ROTR, Op.I64_ROTR, Op.I64_ROTL_C);
        UNARY[I32_CLZ] = Op.I32_CLZ;
        UNARY[I64_CLZ] = Op.I64_CLZ;
        UNARY[I32_CTZ] = Op.I32_CTZ;
        UNARY[I64_CTZ] = Op.I64_CTZ;
        UNARY[I32_POPCNT] = Op.I32_POPCNT;
        UNARY[I64_POPCNT] = Op.I64_POPCNT;
        UNARY[I32_WRAP_I64] = Op.WRAP;
        UNARY[I64_EXTEND32_S] = Op.WRAP;
        UNARY[I64_EXTEND_I32_U] = Op.EXTEND_U;
        UNARY[I32_EXTEND8_S] = Op.EXTEND8_S;
        UNARY[I64_EXTEND8_S] = Op.EXTEND8_S;
        UNARY[I32_EXTEND16_S] = Op.EXTEND16_S;
        UNARY[I64_EXTEND16_S] = Op.EXTEND16_S;
    }

    private static void floats() {
        binary(F64_ADD, Op.F64_ADD, 0);
        binary(F64_SUB, Op.F64_SUB, 0);
        binary(F64_MUL, Op.F64_MUL, 0);
        binary(F64_DIV, Op.F64_DIV, 0);
        binary(F64_MIN, 0, 0);
        binary(F64_MAX, 0, 0);
        binary(F32_MIN, 0, 0);
        binary(F32_MAX, 0, 0);
        binary(F64_EQ, Op.F64_EQ, 0);
        binary(F64_NE, Op.F64_NE, 0);
        binary(F64_LT, Op.F64_LT, 0);
        binary(F64_GT, Op.F64_LT, 0);
        binary(F64_LE, Op.F64_LE, 0);
        binary(F64_GE, Op.F64_LE, 0);
        binary(F32_ADD, Op.F32_ADD, 0);
        binary(F32_SUB, Op.F32_SUB, 0);
        binary(F32_MUL, Op.F32_MUL, 0);
        binary(F32_DIV, Op.F32_DIV, 0);
        binary(F32_EQ, Op.F32_EQ, 0);
        binary(F32_NE, Op.F32_NE, 0);
        binary(F32_LT, Op.F32_LT, 0);
        binary(F32_GT, Op.F32_LT, 0);
        binary(F32_LE, Op.F32_LE, 0);
        binary(F32_GE, Op.F32_LE, 0);
        UNARY[F64_NEG] = Op.F64_NEG;
        UNARY[F64_ABS] = Op.F64_ABS;
        UNARY[F64_SQRT] = Op.F64_SQRT;
        UNARY[F64_CONVERT_I32_S] = Op.F64_CONVERT_S;
        UNARY[F64_CONVERT_I64_S] = Op.F64_CONVERT_S;
        UNARY[F64_CONVERT_I32_U] = Op.F64_CONVERT_I32_U;
        UNARY[F32_CONVERT_I32_S] = Op.F32_CONVERT_S;
        UNARY[F32_CONVERT_I64_S] = Op.F32_CONVERT_S;
        UNARY[F32_NEG] = Op.F32_NEG;
        UNARY[F32_ABS] = Op.F32_ABS;
        UNARY[F32_CONVERT_I32_U] = Op.F32_CONVERT_I32_U;
        UNARY[F64_PROMOTE_F32] = Op.F64_PROMOTE;
        UNARY[F32_DEMOTE_F64] = Op.F32_DEMOTE;
    }

    private static void binary(int opcode, int registers, int constant) {
        BINARY[opcode] = (short) registers;
        BINARY_CONSTANT[opcode] = (short) constant;
    }

    static int unary(int opcode) {
        return switch (opcode) {
            case I32_TRUNC_SAT_F64_S -> Op.I32_TRUNC_SAT_F64_S;
            case I32_TRUNC_SAT_F32_S -> Op.I32_TRUNC_SAT_F32_S;
            case I64_TRUNC_SAT_F64_S -> Op.I64_TRUNC_SAT_F64_S;
            default -> opcode > 0xFF ? 0 : UNARY[opcode];
        };
    }

    static int binary(int opcode) {
        return BINARY[opcode];
    }

    static boolean isUnary(int opcode) {
        return opcode >= I32_CLZ && opcode <= I32_POPCNT
                || opcode >= I64_CLZ && opcode <= I64_POPCNT
                || opcode >= F32_ABS && opcode <= F32_SQRT
                || opcode >= F64_ABS && opcode <= F64_SQRT
                || opcode >= I32_WRAP_I64;
    }

    /// Instructions that change nothing, given how values are kept in slots.
    static boolean isIdentity(int opcode) {
        return opcode == I64_EXTEND_I32_S || opcode >= I32_REINTERPRET_F32 && opcode <= F64_REINTERPRET_I64;
    }

    static boolean mayTrap(int opcode) {
        return opcode >= I32_DIV_S && opcode <= I32_REM_U
                || opcode >= I64_DIV_S && opcode <= I64_REM_U
                || opcode >= I32_TRUNC_F32_S && opcode <= I32_TRUNC_F64_U
                || opcode >= I64_TRUNC_F32_S && opcode <= I64_TRUNC_F64_U;
    }

    static boolean isCommutative(int opcode) {
        return switch (opcode) {
            case I32_ADD, I32_MUL, I32_AND, I32_OR, I32_XOR, I64_ADD, I64_MUL, I64_AND, I64_OR, I64_XOR -> true;
            default -> false;
        };
    }

    /// A float comparison that is executed with its operands exchanged.
    static boolean isExchanged(int opcode) {
        return opcode == F64_GT || opcode == F64_GE || opcode == F32_GT || opcode == F32_GE;
    }

    /// The operation with a constant second operand, or 0 where there is none for this constant.
    static int withConstant(int opcode, long value) {
        int form = BINARY_CONSTANT[opcode];
        if (form == 0) {
            return 0;
        }
        long stored = storedConstant(opcode, value);
        boolean fits = stored == (int) stored;
        return switch (opcode) {
            case I32_DIV_S, I32_REM_S, I64_DIV_S, I64_REM_S -> value == 0 || value == -1 || !fits ? 0 : form;
            case I32_DIV_U, I32_REM_U -> value == 0 ? 0 : form;
            default -> fits ? form : 0;
        };
    }

    /// The constant as the operation with a constant has it.
    static long storedConstant(int opcode, long value) {
        return switch (opcode) {
            case I32_SUB -> (int) -value;
            case I64_SUB -> -value;
            case I32_SHL, I32_SHR_S, I32_SHR_U, I32_ROTL -> value & 31;
            case I32_ROTR -> -value & 31;
            case I64_SHL, I64_SHR_S, I64_SHR_U, I64_ROTL -> value & 63;
            case I64_ROTR -> -value & 63;
            default -> value;
        };
    }

    // ---- relations ----

    static int mirrored(int relation) {
        return MIRRORED[relation];
    }

    static int negated(int relation) {
        return NEGATED[relation];
    }

    /// Whether the relation of two registers has a form of its own; otherwise its mirror image has.
    static boolean hasRegisterForm(int relation) {
        return SET[relation] >= 0;
    }

    static int set(int relation) {
        return SET[relation];
    }

    static int branch(int relation) {
        return BRANCH[relation];
    }

    static int setConstant(int relation) {
        return SET_CONSTANT[relation];
    }

    static int branchConstant(int relation) {
        return BRANCH_CONSTANT[relation];
    }

    /// The strict relation that, with [#strictConstant], says the same of a constant.
    static int strict(int relation) {
        return switch (relation) {
            case LE_S -> LT_S;
            case LE_U -> LT_U;
            case GE_S -> GT_S;
            case GE_U -> GT_U;
            default -> relation;
        };
    }

    /// The constant that goes with [#strict], or a value that fits no `int` where there is none.
    static long strictConstant(int relation, long value, boolean wide) {
        long next = switch (relation) {
            case LE_S -> value == (wide ? Long.MAX_VALUE : Integer.MAX_VALUE) ? Long.MAX_VALUE : value + 1;
            case LE_U -> value == -1 ? Long.MAX_VALUE : value + 1;
            case GE_S -> value == (wide ? Long.MIN_VALUE : Integer.MIN_VALUE) ? Long.MAX_VALUE : value - 1;
            case GE_U -> value == 0 ? Long.MAX_VALUE : value - 1;
            default -> value;
        };
        boolean exhausted = next == Long.MAX_VALUE;
        return wide || exhausted ? next : (int) next;
    }
}
