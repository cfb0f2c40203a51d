// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// Operations of the interpreter's register form.
///
/// An instruction is one `long`: operation in bits 0 to 8, slot `d` in bits 9 to 19, slot `a` in bits 20 to 31, and
/// `b` in the upper half: a slot, a constant, an index or a target. Slots count from the frame's base. Values are
/// raw: an `i32` or `f32` is sign-extended from its 32 bits, so that most integer operations serve both widths.
///
/// From [#RARE] on, an operation is a WebAssembly instruction that the interpreter executes out of line: its number
/// is [#RARE] plus the opcode, or [#RARE_PREFIXED] plus the number after the prefix byte 0xFC.
final class Op {
    /// Moves and constants. `CONST64` is followed by a word with the value, and `b` is that word's place.
    static final int MOVE = 0;
    static final int CONST = 1;
    static final int CONST64 = 2;

    /// Integers, register and register. Bitwise operations, comparisons and signed remainders serve both widths.
    static final int I32_ADD = 3;
    static final int I32_SUB = 4;
    static final int I32_MUL = 5;
    static final int I64_ADD = 6;
    static final int I64_SUB = 7;
    static final int I64_MUL = 8;
    static final int AND = 9;
    static final int OR = 10;
    static final int XOR = 11;
    static final int I32_SHL = 12;
    static final int I32_SHR_S = 13;
    static final int I32_SHR_U = 14;
    static final int I64_SHL = 15;
    static final int I64_SHR_S = 16;
    static final int I64_SHR_U = 17;
    static final int I32_ROTL = 18;
    static final int I64_ROTL = 19;
    static final int I32_DIV_S = 20;
    static final int I32_DIV_U = 21;
    static final int I32_REM_U = 22;
    static final int I64_DIV_S = 23;
    static final int I64_DIV_U = 24;
    static final int I64_REM_U = 25;
    static final int REM_S = 26;
    static final int EQ = 27;
    static final int NE = 28;
    static final int LT_S = 29;
    static final int LT_U = 30;
    static final int LE_S = 31;
    static final int LE_U = 32;

    /// Integers, register and constant.
    static final int I32_ADD_C = 33;
    static final int I32_MUL_C = 34;
    static final int I64_ADD_C = 35;
    static final int I64_MUL_C = 36;
    static final int AND_C = 37;
    static final int OR_C = 38;
    static final int XOR_C = 39;
    static final int I32_SHL_C = 40;
    static final int SHR_S_C = 41;
    static final int I32_SHR_U_C = 42;
    static final int I64_SHL_C = 43;
    static final int I64_SHR_U_C = 44;
    static final int I32_ROTL_C = 45;
    static final int I64_ROTL_C = 46;
    static final int DIV_S_C = 47;
    static final int REM_S_C = 48;
    static final int I32_DIV_U_C = 49;
    static final int I32_REM_U_C = 50;
    static final int EQ_C = 51;
    static final int NE_C = 52;
    static final int LT_S_C = 53;
    static final int LT_U_C = 54;
    static final int GT_S_C = 55;
    static final int GT_U_C = 56;

    /// Integers, one operand.
    static final int WRAP = 57;
    static final int EXTEND_U = 58;
    static final int EXTEND8_S = 59;
    static final int EXTEND16_S = 60;

    /// Branches; `b` is the target. The register form compares `d` with `a`, the constant form `a` with the signed
    /// `d`.
    static final int BR = 61;
    static final int BR_EQ = 62;
    static final int BR_NE = 63;
    static final int BR_LT_S = 64;
    static final int BR_LT_U = 65;
    static final int BR_LE_S = 66;
    static final int BR_LE_U = 67;
    static final int BR_EQ_C = 68;
    static final int BR_NE_C = 69;
    static final int BR_LT_S_C = 70;
    static final int BR_LT_U_C = 71;
    static final int BR_GT_S_C = 72;
    static final int BR_GT_U_C = 73;
    static final int BR_F64_LT = 74;
    static final int BR_F64_LE = 75;
    static final int BR_F64_NOT_LT = 76;
    static final int BR_F64_NOT_LE = 77;
    static final int BR_TABLE = 78;

    /// Memory 0: address `a`, offset `b`; `d` is the target or the value.
    static final int LOAD8_S = 79;
    static final int LOAD8_U = 80;
    static final int LOAD16_S = 81;
    static final int LOAD16_U = 82;
    static final int LOAD32 = 83;
    static final int LOAD32_U = 84;
    static final int LOAD64 = 85;
    static final int STORE8 = 86;
    static final int STORE16 = 87;
    static final int STORE32 = 88;
    static final int STORE64 = 89;

    /// Others that are frequent. `SELECT` chooses between the registers in the low and high half of `b`.
    static final int SELECT = 90;
    static final int GLOBAL_GET = 91;
    static final int GLOBAL_SET = 92;

    /// Floating point.
    static final int F64_ADD = 93;
    static final int F64_SUB = 94;
    static final int F64_MUL = 95;
    static final int F64_DIV = 96;
    static final int F64_NEG = 97;
    static final int F64_ABS = 98;
    static final int F64_SQRT = 99;
    static final int F64_EQ = 100;
    static final int F64_NE = 101;
    static final int F64_LT = 102;
    static final int F64_LE = 103;
    static final int F32_ADD = 104;
    static final int F32_SUB = 105;
    static final int F32_MUL = 106;
    static final int F32_DIV = 107;
    static final int F32_EQ = 108;
    static final int F32_NE = 109;
    static final int F32_LT = 110;
    static final int F32_LE = 111;
    static final int F64_CONVERT_S = 112;
    static final int F64_CONVERT_I32_U = 113;
    static final int F32_CONVERT_S = 114;
    static final int F64_PROMOTE = 115;
    static final int F32_DEMOTE = 116;

    /// Fuel: `b` instructions follow; `FUEL_POLL` stops first where none is left.
    static final int FUEL = 117;
    static final int FUEL_POLL = 118;

    /// Numbers that are less frequent.
    static final int I32_CLZ = 119;
    static final int I64_CLZ = 120;
    static final int I32_CTZ = 121;
    static final int I64_CTZ = 122;
    static final int I32_POPCNT = 123;
    static final int I64_POPCNT = 124;
    static final int I32_ROTR = 125;
    static final int I64_ROTR = 126;
    static final int F32_NEG = 127;
    static final int F32_ABS = 128;
    static final int F32_CONVERT_I32_U = 129;
    static final int I32_TRUNC_SAT_F64_S = 130;
    static final int I32_TRUNC_SAT_F32_S = 131;
    static final int I64_TRUNC_SAT_F64_S = 132;

    /// Calls: bits 9 to 31 are the callee's frame offset, `b` the function, or the register that holds the index or
    /// reference. `CALL_INDIRECT` is followed by a call word whose `b` is the type; with a table other than 0 there
    /// is a word with the table before it. So the last word of every call has the frame offset.
    static final int CALL = 160;
    static final int CALL_IMPORT = 161;
    static final int CALL_INDIRECT = 162;
    static final int CALL_REF = 163;
    static final int TAIL_CALL = 164;
    static final int TAIL_CALL_IMPORT = 165;
    static final int TAIL_CALL_INDIRECT = 166;
    static final int TAIL_CALL_REF = 167;
    static final int RETURN0 = 168;
    static final int RETURN1 = 169;
    static final int RETURN = 170;
    static final int CALL_INDIRECT_OTHER = 171;
    static final int TAIL_CALL_INDIRECT_OTHER = 172;

    /// A call from a frame to which returning is special: from a large frame, or from code that isn't shared.
    static final int CALL_OUT_OF_LINE = 173;

    /// The first operation outside the inner loop.
    static final int FIRST_OUTER = 160;

    // ---- out of line ----

    /// Reads or writes slots beyond the reach of `d` and `a`: the slot is `b`.
    static final int WIDE_GET = 174;

    static final int WIDE_SET = 175;
    /// A load or store in a memory other than 0: followed by a word of opcode and memory.
    static final int OTHER_MEMORY = 176;

    /// Stops before the next instruction: the code is that of an instance being debugged.
    static final int BREAK = 177;

    /// Copies slots downwards, or to where they are: from the slot in bits 9 to 31 to slot `b`; a word with their
    /// number follows.
    static final int MOVE_RANGE = 136;

    static final int RARE = 192;
    static final int RARE_PREFIXED = 448;

    /// The greatest slot that fits `d`, and `a`.
    static final int D_MAX = 0x7FF;

    static final int A_MAX = 0xFFF;
    static final int CALL_OFFSET_MAX = 0x7F_FFFF;

    private Op() {}

    static long word(int operation, int d, int a, int b) {
        return (long) b << 32 | (long) a << 20 | (long) d << 9 | operation;
    }

    static long callWord(int operation, int frameOffset, int b) {
        return (long) b << 32 | (long) frameOffset << 9 | operation;
    }

    static int operation(long word) {
        return (int) word & 0x1FF;
    }

    static int d(long word) {
        return (int) (word >>> 9) & D_MAX;
    }

    static int a(long word) {
        return (int) (word >>> 20) & A_MAX;
    }

    static int b(long word) {
        return (int) (word >> 32);
    }

    static int callOffset(long word) {
        return (int) (word >>> 9) & CALL_OFFSET_MAX;
    }
}
