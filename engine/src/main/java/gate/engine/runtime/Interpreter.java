// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The interpreter's loops: see [Op] for the instructions.
///
/// Nested loops, shaped by what C2 compiles well: decision 0013 has the measurements. The inner loop has the simple
/// instructions and makes no calls; a taken branch leaves it for the outer one, where the suspend flag is looked
/// at; calls and returns go through the middle one; everything that can trap, grow or take long is done by
/// [OutOfLine], after which all state is loaded anew. Fields are taken apart once, before the `switch`, and checks
/// are written out, because the method must stay below the 8,000 bytes of bytecode beyond which HotSpot never
/// compiles it: `InterpreterSizeTest` watches over that.
@SuppressWarnings("NarrowCalculation") // i32 arithmetic wraps
final class Interpreter {
    /// Why [#run] returned.
    static final int FINISHED = 1;

    static final int SUSPENDED = 2;
    static final int OUT_OF_FUEL = 3;
    static final int AT_BREAKPOINT = 4;

    private static final long MASK = 0xFFFF_FFFFL;

    /// All of memory, if the JVM lets us: a constant, of which C2 drops the checks of its kind, scope and bounds. It
    /// needs to know for that that the base isn't negative.
    static final @Nullable MemorySegment EVERYWHERE =
            Interpreter.class.getModule().isNativeAccessEnabled() ? NativeMemory.ALL : null;

    private static final long ADDRESS_MASK = 0x7FFF_FFFF_FFFFL;

    private Interpreter() {}

    /// Runs from where the execution stands until its outermost frame returns or it is to stop. On return, and when
    /// a [Trap] is thrown, the execution holds the state.
    static int run(Machine x) {
        while (true) {
            long[] st = x.stack;
            long[] frames = x.frames;
            FunctionCode current = x.current;
            long[] code = current.words();
            int pc = x.pc;
            int fp = x.base;
            int depth = x.depth;
            @Nullable FunctionCode[] codes = x.codes;
            Global[] globals = x.globals;
            MemorySegment memory = EVERYWHERE == null ? x.memorySegment : EVERYWHERE;
            long memoryBase = x.memoryBase & ADDRESS_MASK;
            long memoryLimit = x.memoryLimit;
            boolean atLabel = x.atLabel;
            long w;
            outer:
            while (true) {
                if (x.isSuspendRequested() && atLabel) {
                    x.save(current, pc, fp, depth);
                    x.atLabel = true;
                    return SUSPENDED;
                }
                atLabel = true;
                while (true) {
                    int d;
                    int a;
                    int b;
                    inner:
                    while (true) {
                        w = code[pc++];
                        d = fp + ((int) w >>> 9 & Op.D_MAX);
                        a = fp + ((int) w >>> 20);
                        b = (int) (w >> 32);
                        switch ((int) w & 0x1FF) {
                            case Op.MOVE:
                                st[d] = st[a];
                                continue;
                            case Op.CONST:
                                st[d] = b;
                                continue;
                            case Op.CONST64:
                                st[d] = code[b];
                                pc = b + 1;
                                continue;
                            case Op.I32_ADD:
                                st[d] = (int) st[a] + (int) st[fp + b];
                                continue;
                            case Op.I32_SUB:
                                st[d] = (int) st[a] - (int) st[fp + b];
                                continue;
                            case Op.I32_MUL:
                                st[d] = (int) st[a] * (int) st[fp + b];
                                continue;
                            case Op.I64_ADD:
                                st[d] = st[a] + st[fp + b];
                                continue;
                            case Op.I64_SUB:
                                st[d] = st[a] - st[fp + b];
                                continue;
                            case Op.I64_MUL:
                                st[d] = st[a] * st[fp + b];
                                continue;
                            case Op.AND:
                                st[d] = st[a] & st[fp + b];
                                continue;
                            case Op.OR:
                                st[d] = st[a] | st[fp + b];
                                continue;
                            case Op.XOR:
                                st[d] = st[a] ^ st[fp + b];
                                continue;
                            case Op.I32_SHL:
                                st[d] = (int) st[a] << (int) st[fp + b];
                                continue;
                            case Op.I32_SHR_S:
                                st[d] = (int) st[a] >> (int) st[fp + b];
                                continue;
                            case Op.I32_SHR_U:
                                st[d] = (int) st[a] >>> (int) st[fp + b];
                                continue;
                            case Op.I64_SHL:
                                st[d] = st[a] << st[fp + b];
                                continue;
                            case Op.I64_SHR_S:
                                st[d] = st[a] >> st[fp + b];
                                continue;
                            case Op.I64_SHR_U:
                                st[d] = st[a] >>> st[fp + b];
                                continue;
                            case Op.I32_ROTL:
                                st[d] = (int) st[a] << (int) st[fp + b] | (int) st[a] >>> -(int) st[fp + b];
                                continue;
                            case Op.I64_ROTL:
                                st[d] = st[a] << st[fp + b] | st[a] >>> -st[fp + b];
                                continue;
                            case Op.I32_DIV_S: {
                                int y = (int) st[fp + b];
                                if (y == 0 || y == -1) {
                                    break inner;
                                }
                                st[d] = (int) st[a] / y;
                                continue;
                            }
                            case Op.I32_DIV_U: {
                                int y = (int) st[fp + b];
                                if (y == 0) {
                                    break inner;
                                }
                                st[d] = Integer.divideUnsigned((int) st[a], y);
                                continue;
                            }
                            case Op.I32_REM_U: {
                                int y = (int) st[fp + b];
                                if (y == 0) {
                                    break inner;
                                }
                                st[d] = Integer.remainderUnsigned((int) st[a], y);
                                continue;
                            }
                            case Op.I64_DIV_S: {
                                long y = st[fp + b];
                                if (y == 0 || y == -1) {
                                    break inner;
                                }
                                st[d] = st[a] / y;
                                continue;
                            }
                            case Op.I64_DIV_U: {
                                long y = st[fp + b];
                                if (y == 0) {
                                    break inner;
                                }
                                st[d] = Long.divideUnsigned(st[a], y);
                                continue;
                            }
                            case Op.I64_REM_U: {
                                long y = st[fp + b];
                                if (y == 0) {
                                    break inner;
                                }
                                st[d] = Long.remainderUnsigned(st[a], y);
                                continue;
                            }
                            case Op.REM_S: {
                                long y = st[fp + b];
                                if (y == 0 || y == -1) {
                                    break inner;
                                }
                                st[d] = st[a] % y;
                                continue;
                            }
                            case Op.EQ:
                                st[d] = st[a] == st[fp + b] ? 1 : 0;
                                continue;
                            case Op.NE:
                                st[d] = st[a] != st[fp + b] ? 1 : 0;
                                continue;
                            case Op.LT_S:
                                st[d] = st[a] < st[fp + b] ? 1 : 0;
                                continue;
                            case Op.LT_U:
                                st[d] = Long.compareUnsigned(st[a], st[fp + b]) < 0 ? 1 : 0;
                                continue;
                            case Op.LE_S:
                                st[d] = st[a] <= st[fp + b] ? 1 : 0;
                                continue;
                            case Op.LE_U:
                                st[d] = Long.compareUnsigned(st[a], st[fp + b]) <= 0 ? 1 : 0;
                                continue;
                            case Op.I32_ADD_C:
                                st[d] = (int) st[a] + b;
                                continue;
                            case Op.I32_MUL_C:
                                st[d] = (int) st[a] * b;
                                continue;
                            case Op.I64_ADD_C:
                                st[d] = st[a] + b;
                                continue;
                            case Op.I64_MUL_C:
                                st[d] = st[a] * b;
                                continue;
                            case Op.AND_C:
                                st[d] = st[a] & b;
                                continue;
                            case Op.OR_C:
                                st[d] = st[a] | b;
                                continue;
                            case Op.XOR_C:
                                st[d] = st[a] ^ b;
                                continue;
                            case Op.I32_SHL_C:
                                st[d] = (int) st[a] << b;
                                continue;
                            case Op.SHR_S_C:
                                st[d] = st[a] >> b;
                                continue;
                            case Op.I32_SHR_U_C:
                                st[d] = (int) st[a] >>> b;
                                continue;
                            case Op.I64_SHL_C:
                                st[d] = st[a] << b;
                                continue;
                            case Op.I64_SHR_U_C:
                                st[d] = st[a] >>> b;
                                continue;
                            case Op.I32_ROTL_C:
                                st[d] = (int) st[a] << b | (int) st[a] >>> 32 - b;
                                continue;
                            case Op.I64_ROTL_C:
                                st[d] = st[a] << b | st[a] >>> 64 - b;
                                continue;
                            case Op.DIV_S_C:
                                st[d] = st[a] / b;
                                continue;
                            case Op.REM_S_C:
                                st[d] = st[a] % b;
                                continue;
                            case Op.I32_DIV_U_C:
                                st[d] = (int) ((st[a] & MASK) / (b & MASK));
                                continue;
                            case Op.I32_REM_U_C:
                                st[d] = Integer.remainderUnsigned((int) st[a], b);
                                continue;
                            case Op.EQ_C:
                                st[d] = st[a] == b ? 1 : 0;
                                continue;
                            case Op.NE_C:
                                st[d] = st[a] != b ? 1 : 0;
                                continue;
                            case Op.LT_S_C:
                                st[d] = st[a] < b ? 1 : 0;
                                continue;
                            case Op.LT_U_C:
                                st[d] = Long.compareUnsigned(st[a], b) < 0 ? 1 : 0;
                                continue;
                            case Op.GT_S_C:
                                st[d] = st[a] > b ? 1 : 0;
                                continue;
                            case Op.GT_U_C:
                                st[d] = Long.compareUnsigned(st[a], b) > 0 ? 1 : 0;
                                continue;
                            case Op.WRAP:
                                st[d] = (int) st[a];
                                continue;
                            case Op.EXTEND_U:
                                st[d] = st[a] & MASK;
                                continue;
                            case Op.EXTEND8_S:
                                st[d] = (byte) st[a];
                                continue;
                            case Op.EXTEND16_S:
                                st[d] = (short) st[a];
                                continue;
                            case Op.BR:
                                pc = b;
                                continue outer;
                            case Op.BR_EQ:
                                if (st[d] == st[a]) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_NE:
                                if (st[d] != st[a]) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_LT_S:
                                if (st[d] < st[a]) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_LT_U:
                                if (Long.compareUnsigned(st[d], st[a]) < 0) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_LE_S:
                                if (st[d] <= st[a]) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_LE_U:
                                if (Long.compareUnsigned(st[d], st[a]) <= 0) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_EQ_C:
                            case Op.BR_NE_C:
                            case Op.BR_LT_S_C:
                            case Op.BR_LT_U_C:
                            case Op.BR_GT_S_C:
                            case Op.BR_GT_U_C: {
                                // In one case, because what several cases compute, C2 computes before the switch.
                                long value = st[a];
                                long constant = (int) w << 12 >> 21;
                                int operation = (int) w & 0x1FF;
                                if (operation <= Op.BR_NE_C
                                        ? (value == constant) == (operation == Op.BR_EQ_C)
                                        : operation == Op.BR_LT_S_C
                                                ? value < constant
                                                : operation == Op.BR_GT_S_C
                                                        ? value > constant
                                                        : operation == Op.BR_LT_U_C
                                                                ? Long.compareUnsigned(value, constant) < 0
                                                                : Long.compareUnsigned(value, constant) > 0) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            }
                            case Op.BR_F64_LT:
                                if (Double.longBitsToDouble(st[d]) < Double.longBitsToDouble(st[a])) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_F64_LE:
                                if (Double.longBitsToDouble(st[d]) <= Double.longBitsToDouble(st[a])) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_F64_NOT_LT:
                                if (!(Double.longBitsToDouble(st[d]) < Double.longBitsToDouble(st[a]))) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_F64_NOT_LE:
                                if (!(Double.longBitsToDouble(st[d]) <= Double.longBitsToDouble(st[a]))) {
                                    pc = b;
                                    continue outer;
                                }
                                continue;
                            case Op.BR_TABLE: {
                                int index = (int) st[a];
                                long entry = code[pc + (Integer.compareUnsigned(index, b) < 0 ? index : b)];
                                pc = (int) (entry >> 32);
                                if (((int) entry & 1) != 0) {
                                    continue outer;
                                }
                                continue;
                            }
                            case Op.LOAD8_S: {
                                long address = (st[a] & MASK) + b;
                                if (address + 1 > memoryLimit) {
                                    break inner;
                                }
                                st[d] = memory.get(Memory.BYTE, memoryBase + address);
                                continue;
                            }
                            case Op.LOAD8_U: {
                                long address = (st[a] & MASK) + b;
                                if (address + 1 > memoryLimit) {
                                    break inner;
                                }
                                st[d] = memory.get(Memory.BYTE, memoryBase + address) & 0xFF;
                                continue;
                            }
                            case Op.LOAD16_S: {
                                long address = (st[a] & MASK) + b;
                                if (address + 2 > memoryLimit) {
                                    break inner;
                                }
                                st[d] = memory.get(Memory.SHORT, memoryBase + address);
                                continue;
                            }
                            case Op.LOAD16_U: {
                                long address = (st[a] & MASK) + b;
                                if (address + 2 > memoryLimit) {
                                    break inner;
                                }
                                st[d] = memory.get(Memory.SHORT, memoryBase + address) & 0xFFFF;
                                continue;
                            }
                            case Op.LOAD32: {
                                long address = (st[a] & MASK) + b;
                                if (address + 4 > memoryLimit) {
                                    break inner;
                                }
                                st[d] = memory.get(Memory.INT, memoryBase + address);
                                continue;
                            }
                            case Op.LOAD32_U: {
                                long address = (st[a] & MASK) + b;
                                if (address + 4 > memoryLimit) {
                                    break inner;
                                }
                                st[d] = memory.get(Memory.INT, memoryBase + address) & MASK;
                                continue;
                            }
                            case Op.LOAD64: {
                                long address = (st[a] & MASK) + b;
                                if (address + 8 > memoryLimit) {
                                    break inner;
                                }
                                st[d] = memory.get(Memory.LONG, memoryBase + address);
                                continue;
                            }
                            case Op.STORE8: {
                                long address = (st[a] & MASK) + b;
                                if (address + 1 > memoryLimit) {
                                    break inner;
                                }
                                memory.set(Memory.BYTE, memoryBase + address, (byte) st[d]);
                                continue;
                            }
                            case Op.STORE16: {
                                long address = (st[a] & MASK) + b;
                                if (address + 2 > memoryLimit) {
                                    break inner;
                                }
                                memory.set(Memory.SHORT, memoryBase + address, (short) st[d]);
                                continue;
                            }
                            case Op.STORE32: {
                                long address = (st[a] & MASK) + b;
                                if (address + 4 > memoryLimit) {
                                    break inner;
                                }
                                memory.set(Memory.INT, memoryBase + address, (int) st[d]);
                                continue;
                            }
                            case Op.STORE64: {
                                long address = (st[a] & MASK) + b;
                                if (address + 8 > memoryLimit) {
                                    break inner;
                                }
                                memory.set(Memory.LONG, memoryBase + address, st[d]);
                                continue;
                            }
                            case Op.SELECT:
                                st[d] = st[fp + ((int) st[a] != 0 ? b & 0xFFFF : b >>> 16)];
                                continue;
                            case Op.GLOBAL_GET:
                                st[d] = globals[b].value;
                                continue;
                            case Op.GLOBAL_SET:
                                globals[b].value = st[a];
                                continue;
                            case Op.F64_ADD:
                                st[d] = Double.doubleToLongBits(
                                        Double.longBitsToDouble(st[a]) + Double.longBitsToDouble(st[fp + b]));
                                continue;
                            case Op.F64_SUB:
                                st[d] = Double.doubleToLongBits(
                                        Double.longBitsToDouble(st[a]) - Double.longBitsToDouble(st[fp + b]));
                                continue;
                            case Op.F64_MUL:
                                st[d] = Double.doubleToLongBits(
                                        Double.longBitsToDouble(st[a]) * Double.longBitsToDouble(st[fp + b]));
                                continue;
                            case Op.F64_DIV:
                                st[d] = Double.doubleToLongBits(
                                        Double.longBitsToDouble(st[a]) / Double.longBitsToDouble(st[fp + b]));
                                continue;
                            case Op.F64_NEG:
                                st[d] = st[a] ^ Long.MIN_VALUE;
                                continue;
                            case Op.F64_ABS:
                                st[d] = st[a] & Long.MAX_VALUE;
                                continue;
                            case Op.F64_SQRT:
                                st[d] = Double.doubleToLongBits(Math.sqrt(Double.longBitsToDouble(st[a])));
                                continue;
                            case Op.F64_EQ:
                                st[d] = Double.longBitsToDouble(st[a]) == Double.longBitsToDouble(st[fp + b]) ? 1 : 0;
                                continue;
                            case Op.F64_NE:
                                st[d] = Double.longBitsToDouble(st[a]) != Double.longBitsToDouble(st[fp + b]) ? 1 : 0;
                                continue;
                            case Op.F64_LT:
                                st[d] = Double.longBitsToDouble(st[a]) < Double.longBitsToDouble(st[fp + b]) ? 1 : 0;
                                continue;
                            case Op.F64_LE:
                                st[d] = Double.longBitsToDouble(st[a]) <= Double.longBitsToDouble(st[fp + b]) ? 1 : 0;
                                continue;
                            case Op.F32_ADD:
                                st[d] = Float.floatToIntBits(
                                        Float.intBitsToFloat((int) st[a]) + Float.intBitsToFloat((int) st[fp + b]));
                                continue;
                            case Op.F32_SUB:
                                st[d] = Float.floatToIntBits(
                                        Float.intBitsToFloat((int) st[a]) - Float.intBitsToFloat((int) st[fp + b]));
                                continue;
                            case Op.F32_MUL:
                                st[d] = Float.floatToIntBits(
                                        Float.intBitsToFloat((int) st[a]) * Float.intBitsToFloat((int) st[fp + b]));
                                continue;
                            case Op.F32_DIV:
                                st[d] = Float.floatToIntBits(
                                        Float.intBitsToFloat((int) st[a]) / Float.intBitsToFloat((int) st[fp + b]));
                                continue;
                            case Op.F32_EQ:
                                st[d] = Float.intBitsToFloat((int) st[a]) == Float.intBitsToFloat((int) st[fp + b])
                                        ? 1
                                        : 0;
                                continue;
                            case Op.F32_NE:
                                st[d] = Float.intBitsToFloat((int) st[a]) != Float.intBitsToFloat((int) st[fp + b])
                                        ? 1
                                        : 0;
                                continue;
                            case Op.F32_LT:
                                st[d] = Float.intBitsToFloat((int) st[a]) < Float.intBitsToFloat((int) st[fp + b])
                                        ? 1
                                        : 0;
                                continue;
                            case Op.F32_LE:
                                st[d] = Float.intBitsToFloat((int) st[a]) <= Float.intBitsToFloat((int) st[fp + b])
                                        ? 1
                                        : 0;
                                continue;
                            case Op.F64_CONVERT_S:
                                st[d] = Double.doubleToRawLongBits((double) st[a]);
                                continue;
                            case Op.F64_CONVERT_I32_U:
                                st[d] = Double.doubleToRawLongBits((double) (st[a] & MASK));
                                continue;
                            case Op.F32_CONVERT_S:
                                st[d] = Float.floatToRawIntBits((float) st[a]);
                                continue;
                            case Op.F64_PROMOTE:
                                st[d] = Double.doubleToLongBits((double) Float.intBitsToFloat((int) st[a]));
                                continue;
                            case Op.F32_DEMOTE:
                                st[d] = Float.floatToIntBits((float) Double.longBitsToDouble(st[a]));
                                continue;
                            case Op.I32_CLZ:
                                st[d] = Integer.numberOfLeadingZeros((int) st[a]);
                                continue;
                            case Op.I64_CLZ:
                                st[d] = Long.numberOfLeadingZeros(st[a]);
                                continue;
                            case Op.I32_CTZ:
                                st[d] = Integer.numberOfTrailingZeros((int) st[a]);
                                continue;
                            case Op.I64_CTZ:
                                st[d] = Long.numberOfTrailingZeros(st[a]);
                                continue;
                            case Op.I32_POPCNT:
                                st[d] = Integer.bitCount((int) st[a]);
                                continue;
                            case Op.I64_POPCNT:
                                st[d] = Long.bitCount(st[a]);
                                continue;
                            case Op.I32_ROTR:
                                st[d] = (int) st[a] >>> (int) st[fp + b] | (int) st[a] << -(int) st[fp + b];
                                continue;
                            case Op.I64_ROTR:
                                st[d] = st[a] >>> st[fp + b] | st[a] << -st[fp + b];
                                continue;
                            case Op.F32_NEG:
                                st[d] = (int) st[a] ^ Integer.MIN_VALUE;
                                continue;
                            case Op.F32_ABS:
                                st[d] = (int) st[a] & Integer.MAX_VALUE;
                                continue;
                            case Op.F32_CONVERT_I32_U:
                                st[d] = Float.floatToRawIntBits((float) (st[a] & MASK));
                                continue;
                            case Op.I32_TRUNC_SAT_F64_S:
                                st[d] = (int) Double.longBitsToDouble(st[a]);
                                continue;
                            case Op.I32_TRUNC_SAT_F32_S:
                                st[d] = (int) Float.intBitsToFloat((int) st[a]);
                                continue;
                            case Op.I64_TRUNC_SAT_F64_S:
                                st[d] = (long) Double.longBitsToDouble(st[a]);
                                continue;
                            case Op.FUEL:
                            case Op.FUEL_POLL:
                                if (x.fuel <= 0 && ((int) w & 0x1FF) == Op.FUEL_POLL) {
                                    break inner;
                                }
                                x.fuel -= b;
                                continue;
                            default:
                                break inner;
                        }
                    }
                    FunctionCode callee;
                    int base = fp + ((int) w >>> 9);
                    switch ((int) w & 0x1FF) {
                        case Op.CALL:
                            callee = codes[b];
                            break;
                        case Op.CALL_INDIRECT:
                            callee = x.indirectCallee((int) st[fp + b], (int) (code[pc] >> 32));
                            if (callee == null) {
                                break outer;
                            }
                            pc++;
                            break;
                        case Op.RETURN1:
                            if (depth == x.specialDepth) {
                                break outer;
                            }
                            st[fp] = st[base];
                            depth--;
                            pc = (int) frames[depth];
                            current = codes[(int) (frames[depth] >> 32)];
                            code = current.words();
                            fp -= (int) code[pc - 1] >>> 9;
                            continue;
                        case Op.RETURN0:
                            if (depth == x.specialDepth) {
                                break outer;
                            }
                            depth--;
                            pc = (int) frames[depth];
                            current = codes[(int) (frames[depth] >> 32)];
                            code = current.words();
                            fp -= (int) code[pc - 1] >>> 9;
                            continue;
                        default:
                            break outer;
                    }
                    if (callee == null
                            || base + callee.budget() + depth >= x.budget
                            || base + callee.slots() > st.length
                            || depth == frames.length) {
                        if (((int) w & 0x1FF) == Op.CALL_INDIRECT) {
                            pc--;
                        }
                        break outer;
                    }
                    frames[depth++] = (long) current.function() << 32 | pc;
                    for (int slot = base + callee.parameters(), to = base + callee.zeroTo(); slot < to; slot++) {
                        st[slot] = 0;
                    }
                    fp = base;
                    current = callee;
                    code = callee.words();
                    pc = 0;
                    continue outer;
                }
            }
            x.save(current, pc, fp, depth);
            int status = OutOfLine.execute(x, w);
            if (status != 0) {
                return status;
            }
        }
    }
}
