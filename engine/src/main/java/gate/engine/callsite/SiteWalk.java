// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import static gate.engine.wasm.Opcode.*;

import gate.engine.runtime.CodeCursor;
import gate.engine.wasm.Module;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks a function's code in order, dead code included, and tells of each call site in the order
/// of their numbers: reference 7.7. One walk serves all functions, one after the other.
final class SiteWalk {
    /// Sees the sites of a function.
    @FunctionalInterface
    interface Visitor {
        /// @param offset of the instruction
        /// @param walk that has read the instruction, for what else there is to know
        void at(SiteKind kind, int number, int offset, SiteWalk walk);
    }

    private static final byte IS_LOOP = 1;
    /// The block has had a suspension point. Both arms of an `if` are one block.
    private static final byte SUSPENDS = 2;
    /// The code around the block is dead.
    private static final byte OUTER_DEAD = 4;

    private final Module module;
    private final BreakpointOffsets breakpoints;

    // Of each open block: its flags, and the offset of its first instruction.
    private byte[] flags = new byte[32];
    private int[] starts = new int[32];
    private int depth;

    private CodeCursor in;
    private @Nullable Visitor visitor;
    private int number;
    private int offset;
    private boolean dead;
    private int targetStart;
    private int defaultTarget;
    private int nextBreakpoint;
    private int tableAt;

    SiteWalk(Module module, BreakpointOffsets breakpoints) {
        this.module = module;
        this.breakpoints = breakpoints;
        this.in = new CodeCursor(module.bytes(), 0);
    }

    /// Walks a function.
    ///
    /// @param first number of its first site
    /// @return number of the first site behind it
    int function(int function, int first, @Nullable Visitor sees) {
        visitor = sees;
        number = first;
        in = new CodeCursor(module.bytes(), module.bodyStart(function));
        int end = module.bodyEnd(function);
        in.locals();
        depth = 0;
        dead = false;
        offset = in.position();
        nextBreakpoint = breakpoints.firstFrom(offset);
        push(false);
        site(SiteKind.PROLOGUE);
        while (in.position() < end) {
            instruction();
        }
        return number;
    }

    // ---- what a visitor may ask ----

    /// Whether execution can't come here.
    boolean dead() {
        return dead;
    }

    /// Offset of the first instruction of the block to which the branch goes, or the branch table
    /// by default.
    int targetStart() {
        return targetStart;
    }

    /// The first index with which the branch table goes to the loop that begins at an offset, or
    /// -1.
    int indexOf(int loopStart) {
        CodeCursor targets = new CodeCursor(module.bytes(), tableAt);
        int count = targets.u32();
        for (int i = 0; i <= count; i++) {
            int at = depth - 1 - targets.u32();
            if (starts[at] == loopStart && (flags[at] & IS_LOOP) != 0) {
                return i;
            }
        }
        return -1;
    }

    // ---- walking ----

    private void instruction() {
        offset = in.position();
        while (nextBreakpoint < breakpoints.count() && breakpoints.offset(nextBreakpoint) <= offset) {
            if (breakpoints.offset(nextBreakpoint) == offset) {
                site(SiteKind.BREAKPOINT);
            }
            nextBreakpoint++;
        }
        int opcode = in.opcode();
        switch (opcode) {
            case BLOCK, LOOP, IF -> {
                in.skipImmediates(opcode);
                push(opcode == LOOP);
            }
            case ELSE -> dead = (flags[depth - 1] & OUTER_DEAD) != 0;
            case END -> {
                depth--;
                dead = (flags[depth] & OUTER_DEAD) != 0;
            }
            case BR, BR_IF -> branch(opcode == BR);
            case BR_TABLE -> branchTable();
            case RETURN -> dead = true;
            case UNREACHABLE -> {
                site(SiteKind.TRAP);
                dead = true;
            }
            case CALL -> call(opcode, SiteKind.CALL);
            case CALL_INDIRECT -> {
                site(SiteKind.TRAP);
                site(SiteKind.TRAP);
                call(opcode, SiteKind.CALL_INDIRECT);
            }
            default -> {
                in.skipImmediates(opcode);
                for (int i = traps(opcode); i > 0; i--) {
                    site(SiteKind.TRAP);
                }
            }
        }
    }

    private static int traps(int opcode) {
        return switch (opcode) {
            case I32_DIV_S, I64_DIV_S -> 2;
            case I32_DIV_U,
                    I32_REM_S,
                    I32_REM_U,
                    I64_DIV_U,
                    I64_REM_S,
                    I64_REM_U,
                    I32_TRUNC_F32_S,
                    I32_TRUNC_F32_U,
                    I32_TRUNC_F64_S,
                    I32_TRUNC_F64_U,
                    I64_TRUNC_F32_S,
                    I64_TRUNC_F32_U,
                    I64_TRUNC_F64_S,
                    I64_TRUNC_F64_U,
                    MEMORY_SIZE,
                    MEMORY_GROW,
                    MEMORY_COPY,
                    MEMORY_FILL -> 1;
            default -> opcode >= I32_LOAD && opcode <= I64_STORE32 ? 1 : 0;
        };
    }

    private void push(boolean loop) {
        if (depth == flags.length) {
            flags = Arrays.copyOf(flags, depth * 2);
            starts = Arrays.copyOf(starts, depth * 2);
        }
        flags[depth] = (byte) ((loop ? IS_LOOP : 0) | (dead ? OUTER_DEAD : 0));
        starts[depth++] = in.position();
    }

    private void site(SiteKind kind) {
        if (visitor != null) {
            visitor.at(kind, number, offset, this);
        }
        number++;
    }

    private void call(int opcode, SiteKind kind) {
        in.skipImmediates(opcode);
        site(kind);
        flags[depth - 1] |= SUSPENDS;
    }

    private void branch(boolean always) {
        int target = depth - 1 - in.u32();
        targetStart = starts[target];
        if ((flags[target] & IS_LOOP) != 0) {
            loopSite(SiteKind.LOOP_BRANCH);
        }
        dead |= always;
    }

    private void branchTable() {
        tableAt = in.position();
        boolean loop = false;
        for (int count = in.u32(); count >= 0; count--) {
            defaultTarget = depth - 1 - in.u32();
            loop |= (flags[defaultTarget] & IS_LOOP) != 0;
        }
        targetStart = starts[defaultTarget];
        if (loop) {
            loopSite(SiteKind.LOOP_TABLE);
        }
        dead = true;
    }

    private void loopSite(SiteKind kind) {
        if ((flags[depth - 1] & SUSPENDS) == 0) {
            site(kind);
            flags[depth - 1] |= SUSPENDS;
        }
    }
}
