// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static gate.engine.wasm.Opcode.*;
import static gate.engine.wasm.ValueType.F32;
import static gate.engine.wasm.ValueType.F64;
import static gate.engine.wasm.ValueType.I32;
import static gate.engine.wasm.ValueType.I64;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All numeric instructions, loads and stores, by the type of their result.
final class NumericOps {
    /// @param traps whether it traps for some operands: a division or conversion
    record NumericOp(int opcode, int operandType, int operands, boolean traps) {}

    /// @param widthLog2 greatest alignment
    record Access(int opcode, int widthLog2) {}

    private static final Map<Integer, List<NumericOp>> BY_RESULT = new HashMap<>();
    private static final Map<Integer, List<Access>> LOADS = new HashMap<>();
    private static final Map<Integer, List<Access>> STORES = new HashMap<>();

    static {
        range(I32, I32_EQZ, I32_EQZ, I32, 1);
        range(I32, I32_EQ, I32_GE_U, I32, 2);
        range(I32, I64_EQZ, I64_EQZ, I64, 1);
        range(I32, I64_EQ, I64_GE_U, I64, 2);
        range(I32, F32_EQ, F32_GE, F32, 2);
        range(I32, F64_EQ, F64_GE, F64, 2);
        range(I32, I32_CLZ, I32_POPCNT, I32, 1);
        range(I32, I32_ADD, I32_ROTR, I32, 2);
        range(I64, I64_CLZ, I64_POPCNT, I64, 1);
        range(I64, I64_ADD, I64_ROTR, I64, 2);
        range(F32, F32_ABS, F32_SQRT, F32, 1);
        range(F32, F32_ADD, F32_COPYSIGN, F32, 2);
        range(F64, F64_ABS, F64_SQRT, F64, 1);
        range(F64, F64_ADD, F64_COPYSIGN, F64, 2);
        range(I32, I32_WRAP_I64, I32_WRAP_I64, I64, 1);
        range(I32, I32_TRUNC_F32_S, I32_TRUNC_F32_U, F32, 1);
        range(I32, I32_TRUNC_F64_S, I32_TRUNC_F64_U, F64, 1);
        range(I64, I64_EXTEND_I32_S, I64_EXTEND_I32_U, I32, 1);
        range(I64, I64_TRUNC_F32_S, I64_TRUNC_F32_U, F32, 1);
        range(I64, I64_TRUNC_F64_S, I64_TRUNC_F64_U, F64, 1);
        range(F32, F32_CONVERT_I32_S, F32_CONVERT_I32_U, I32, 1);
        range(F32, F32_CONVERT_I64_S, F32_CONVERT_I64_U, I64, 1);
        range(F32, F32_DEMOTE_F64, F32_DEMOTE_F64, F64, 1);
        range(F64, F64_CONVERT_I32_S, F64_CONVERT_I32_U, I32, 1);
        range(F64, F64_CONVERT_I64_S, F64_CONVERT_I64_U, I64, 1);
        range(F64, F64_PROMOTE_F32, F64_PROMOTE_F32, F32, 1);
        range(I32, I32_REINTERPRET_F32, I32_REINTERPRET_F32, F32, 1);
        range(I64, I64_REINTERPRET_F64, I64_REINTERPRET_F64, F64, 1);
        range(F32, F32_REINTERPRET_I32, F32_REINTERPRET_I32, I32, 1);
        range(F64, F64_REINTERPRET_I64, F64_REINTERPRET_I64, I64, 1);
        range(I32, I32_EXTEND8_S, I32_EXTEND16_S, I32, 1);
        range(I64, I64_EXTEND8_S, I64_EXTEND32_S, I64, 1);
        range(I32, I32_TRUNC_SAT_F32_S, I32_TRUNC_SAT_F32_U, F32, 1);
        range(I32, I32_TRUNC_SAT_F64_S, I32_TRUNC_SAT_F64_U, F64, 1);
        range(I64, I64_TRUNC_SAT_F32_S, I64_TRUNC_SAT_F32_U, F32, 1);
        range(I64, I64_TRUNC_SAT_F64_S, I64_TRUNC_SAT_F64_U, F64, 1);
        loadsAndStores();
    }

    private NumericOps() {}

    private static void range(int result, int first, int last, int operandType, int operands) {
        for (int opcode = first; opcode <= last; opcode++) {
            boolean traps = opcode >= I32_DIV_S && opcode <= I32_REM_U
                    || opcode >= I64_DIV_S && opcode <= I64_REM_U
                    || opcode >= I32_TRUNC_F32_S && opcode <= I32_TRUNC_F64_U
                    || opcode >= I64_TRUNC_F32_S && opcode <= I64_TRUNC_F64_U;
            BY_RESULT
                    .computeIfAbsent(result, type -> new ArrayList<>())
                    .add(new NumericOp(opcode, operandType, operands, traps));
        }
    }

    private static void loadsAndStores() {
        LOADS.put(I32, accesses(new int[][] {
            {I32_LOAD, 2}, {I32_LOAD8_S, 0}, {I32_LOAD8_U, 0}, {I32_LOAD16_S, 1}, {I32_LOAD16_U, 1}
        }));
        LOADS.put(I64, accesses(new int[][] {
            {I64_LOAD, 3},
            {I64_LOAD8_S, 0},
            {I64_LOAD8_U, 0},
            {I64_LOAD16_S, 1},
            {I64_LOAD16_U, 1},
            {I64_LOAD32_S, 2},
            {I64_LOAD32_U, 2}
        }));
        LOADS.put(F32, accesses(new int[][] {{F32_LOAD, 2}}));
        LOADS.put(F64, accesses(new int[][] {{F64_LOAD, 3}}));
        STORES.put(I32, accesses(new int[][] {{I32_STORE, 2}, {I32_STORE8, 0}, {I32_STORE16, 1}}));
        STORES.put(I64, accesses(new int[][] {{I64_STORE, 3}, {I64_STORE8, 0}, {I64_STORE16, 1}, {I64_STORE32, 2}}));
        STORES.put(F32, accesses(new int[][] {{F32_STORE, 2}}));
        STORES.put(F64, accesses(new int[][] {{F64_STORE, 3}}));
    }

    private static List<Access> accesses(int[][] rows) {
        List<Access> list = new ArrayList<>();
        for (int[] row : rows) {
            list.add(new Access(row[0], row[1]));
        }
        return list;
    }

    private static <T> T pick(Map<Integer, List<T>> map, int type, Choices choices) {
        List<T> list = map.getOrDefault(type, List.of());
        return list.get(choices.below(list.size()));
    }

    static NumericOp of(int result, Choices choices) {
        return pick(BY_RESULT, result, choices);
    }

    static Access load(int type, Choices choices) {
        return pick(LOADS, type, choices);
    }

    static Access store(int type, Choices choices) {
        return pick(STORES, type, choices);
    }
}
