// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.FunctionType;

/// Operations that the interpreter's own loop leaves: calls that aren't plain, traps, whatever is rare or long.
final class OutOfLine {
    /// The interpreter goes on.
    private static final int CONTINUE = 0;

    private OutOfLine() {}

    /// Executes the word before the execution's `pc`. Where it doesn't complete, `pc` is that word again, unless
    /// that was a breakpoint, which has done its work.
    ///
    /// @return [#CONTINUE] or why the interpreter is to stop
    static int execute(Machine x, long word) {
        int start = x.pc - 1;
        try {
            int status = dispatch(x, word);
            if (status == Interpreter.SUSPENDED || status == Interpreter.OUT_OF_FUEL) {
                x.pc = start;
            }
            return status;
        } catch (Trap | GuestExit end) {
            x.pc = start + 1;
            throw end;
        }
    }

    private static int dispatch(Machine x, long word) {
        int operation = Op.operation(word);
        if (operation >= Op.RARE) {
            return rare(x, word, operation);
        }
        if (operation >= Op.LOAD8_S && operation <= Op.STORE64) {
            throw new Trap(Trap.Code.MEMORY_OUT_OF_BOUNDS);
        }
        long[] st = x.stack;
        int offset = Op.callOffset(word);
        int b = Op.b(word);
        return switch (operation) {
            case Op.FUEL_POLL -> Interpreter.OUT_OF_FUEL;
            case Op.BREAK -> Interpreter.AT_BREAKPOINT;
            case Op.CALL, Op.CALL_OUT_OF_LINE -> again(x.call(x.instance, b, x.base + offset));
            case Op.CALL_IMPORT -> again(x.callReference(x.instance.importedFunctions[b], x.base + offset));
            case Op.CALL_INDIRECT, Op.CALL_INDIRECT_OTHER -> {
                long reference = indirect(x, operation == Op.CALL_INDIRECT_OTHER, st[x.base + b]);
                yield again(x.callReference(reference, x.base + offset));
            }
            case Op.CALL_REF -> again(x.callReference(functionReference(st[x.base + b]), x.base + offset));
            case Op.TAIL_CALL -> again(x.tailCall(x.instance, b, offset));
            case Op.TAIL_CALL_IMPORT -> tailCall(x, x.instance.importedFunctions[b], offset);
            case Op.TAIL_CALL_INDIRECT, Op.TAIL_CALL_INDIRECT_OTHER ->
                tailCall(x, indirect(x, operation == Op.TAIL_CALL_INDIRECT_OTHER, st[x.base + b]), offset);
            case Op.TAIL_CALL_REF -> tailCall(x, functionReference(st[x.base + b]), offset);
            case Op.RETURN0 -> leave(x, 0, 0);
            case Op.RETURN1 -> leave(x, offset, 1);
            case Op.RETURN -> leave(x, offset, b);
            case Op.WIDE_GET -> {
                st[x.base + Op.d(word)] = st[x.base + b];
                yield CONTINUE;
            }
            case Op.WIDE_SET -> {
                st[x.base + b] = st[x.base + Op.a(word)];
                yield CONTINUE;
            }
            case Op.MOVE_RANGE -> {
                System.arraycopy(
                        st, x.base + offset, st, x.base + b, (int) x.current.words()[x.pc++]);
                yield CONTINUE;
            }
            case Op.OTHER_MEMORY -> {
                long extra = x.current.words()[x.pc++];
                MemoryAccess.execute(
                        x.instance.memories[Op.b(extra)], (int) extra, st, x.base + offset, b & 0xFFFF_FFFFL);
                yield CONTINUE;
            }
            default -> {
                divide(st, operation, x.base + Op.d(word), x.base + Op.a(word), x.base + b);
                yield CONTINUE;
            }
        };
    }

    private static int again(boolean done) {
        return done ? CONTINUE : Interpreter.SUSPENDED;
    }

    private static int leave(Machine x, int from, int count) {
        return x.leave(from, count) ? CONTINUE : Interpreter.FINISHED;
    }

    /// Divisions whose divisor is 0 or -1.
    private static void divide(long[] st, int operation, int d, int a, int b) {
        if ((int) st[b] == 0 && (operation <= Op.I32_REM_U && operation >= Op.I32_DIV_S || st[b] == 0)) {
            throw new Trap(Trap.Code.INTEGER_DIVIDE_BY_ZERO);
        }
        if (operation == Op.REM_S) {
            st[d] = 0;
            return;
        }
        long least = operation == Op.I32_DIV_S ? Integer.MIN_VALUE : Long.MIN_VALUE;
        if (st[a] == least) {
            throw new Trap(Trap.Code.INTEGER_OVERFLOW);
        }
        st[d] = -st[a];
    }

    /// Resolves an indirect call, core specification 4.4.8 "call_indirect", and leaves `pc` behind its words.
    private static long indirect(Machine x, boolean otherTable, long index) {
        long[] words = x.current.words();
        int table = otherTable ? (int) words[x.pc] : 0;
        int at = otherTable ? x.pc + 1 : x.pc;
        Table from = x.instance.tables[table];
        int element = (int) index;
        if (Integer.compareUnsigned(element, from.size) >= 0) {
            throw new Trap(Trap.Code.UNDEFINED_ELEMENT);
        }
        long reference = from.at(element);
        if (reference == 0) {
            throw new Trap(
                    Trap.Code.UNINITIALIZED_ELEMENT,
                    Trap.Code.UNINITIALIZED_ELEMENT.text() + " " + Integer.toUnsignedString(element));
        }
        FunctionType wanted = x.instance.module().type(Op.b(words[at]));
        if (!x.store.typeOf(reference).equals(wanted)) {
            throw new Trap(Trap.Code.INDIRECT_CALL_TYPE_MISMATCH);
        }
        x.pc = at + 1;
        return reference;
    }

    private static long functionReference(long reference) {
        if (reference == 0) {
            throw new Trap(Trap.Code.NULL_FUNCTION_REFERENCE);
        }
        return reference;
    }

    private static int tailCall(Machine x, long reference, int from) {
        if (!Store.isHost(reference)) {
            return again(x.tailCall(x.store.instanceOf(reference), Store.functionIndex(reference), from));
        }
        ImportValue.Host host = x.store.host(reference);
        if (!x.hostCall().invoke(host, x.base + from)) {
            return Interpreter.SUSPENDED;
        }
        return leave(x, from, host.type().resultCount());
    }

    private static int rare(Machine x, long word, int operation) {
        int opcode =
                operation >= Op.RARE_PREFIXED ? PREFIX_FC << 8 | operation - Op.RARE_PREFIXED : operation - Op.RARE;
        long[] st = x.stack;
        if (opcode >= MEMORY_INIT && opcode <= TABLE_FILL) {
            return BulkOperations.execute(x, opcode, x.base + Op.callOffset(word), Op.b(word));
        }
        int at = x.base + Op.callOffset(word);
        switch (opcode) {
            case UNREACHABLE -> throw new Trap(Trap.Code.UNREACHABLE);
            case MEMORY_SIZE -> st[at] = x.instance.memories[Op.b(word)].pages();
            case MEMORY_GROW -> {
                st[at] = x.instance.memories[Op.b(word)].grow((int) st[at]);
                x.reloadMemory();
            }
            case TABLE_GET -> st[at] = x.instance.tables[Op.b(word)].get((int) st[at]);
            case TABLE_SET -> x.instance.tables[Op.b(word)].set((int) st[at], st[at + 1]);
            case REF_FUNC -> st[at] = x.instance.reference(Op.b(word));
            case REF_AS_NON_NULL -> {
                if (st[at] == 0) {
                    throw new Trap(Trap.Code.NULL_REFERENCE);
                }
            }
            default -> RareNumbers.execute(opcode, st, x.base + Op.d(word), x.base + Op.a(word), x.base + Op.b(word));
        }
        return CONTINUE;
    }
}
