// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import static gate.engine.wasm.Opcode.*;

import gate.engine.runtime.CodeCursor;
import gate.engine.runtime.FrameImage;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.wasm.Module;
import gate.engine.wasm.TypesAt;
import java.util.function.Supplier;

/// Makes one frame of a portable stack a frame of ours.
final class FrameReader {
    private final CallSites sites;
    private final Supplier<TableFunctions> table;
    private final StackWords words;
    private final int number;
    private final PortableFrame frame;
    private final TypesAt types;
    private final int ownLocals;
    private final boolean prologue;

    /// @param number of the frame
    /// @param types at the instruction at which it stands
    FrameReader(
            CallSites sites,
            Supplier<TableFunctions> table,
            StackWords words,
            int number,
            PortableFrame frame,
            TypesAt types) {
        this.sites = sites;
        this.table = table;
        this.words = words;
        this.number = number;
        this.frame = frame;
        this.types = types;
        this.prologue = frame.kind() == SiteKind.PROLOGUE;
        this.ownLocals = types.localCount()
                - sites.module().functionType(frame.function()).parameterCount();
    }

    /// @param callee function of the frame above, or -1
    /// @param again whether the frame is about to make its call, and not in it
    FrameImage read(int callee, boolean again) throws CorruptSnapshotException {
        int held = prologue ? 0 : words.size(number) - ownLocals;
        requireSize(held);
        boolean inCall = frame.kind().isCall() && !again;
        int operands = inCall ? held - sites.module().functionType(callee).parameterCount() : types.operandCount();
        long[] locals = locals();
        long[] values = operands(held, operands);
        if (again && frame.kind() == SiteKind.CALL_INDIRECT) {
            values[operands - 1] = elementOf(callee, locals);
        }
        return new FrameImage(frame.function(), frame.standsAt(), inCall, locals, values);
    }

    private void requireSize(int held) throws CorruptSnapshotException {
        if (prologue) {
            words.requireBytes(number, Long.BYTES);
            return;
        }
        int most = types.operandCount() - sites.popped(frame.kind(), frame.offset());
        boolean fits = switch (frame.kind()) {
            case TRAP -> held >= 0 && held <= most;
            case LOOP_BRANCH, LOOP_TABLE -> held >= 0; // what there is at the branch, the decoder looks at
            default -> held == most;
        };
        if (!fits) {
            words.requireBytes(number, (1L + most + ownLocals) * Long.BYTES);
            throw new IllegalStateException("a size that doesn't fit and is right");
        }
    }

    private long[] locals() {
        long[] locals = new long[types.localCount()];
        int parameters = locals.length - ownLocals;
        for (int i = 0; i < parameters; i++) {
            locals[i] = PortableValues.toRaw(types.local(i), words.word(number + 1, parameters - 1 - i));
        }
        int last = words.size(number) - 1;
        for (int i = parameters; i < locals.length && !prologue; i++) {
            locals[i] = PortableValues.toRaw(types.local(i), words.word(number, last - (i - parameters)));
        }
        return locals;
    }

    /// @param held operands that the frame's words have
    /// @param wanted operands that the image has; those above the ones held are zero
    private long[] operands(int held, int wanted) {
        long[] operands = new long[wanted];
        boolean indexed = frame.kind() == SiteKind.LOOP_TABLE;
        for (int i = 0; i < Math.min(indexed ? held - 1 : held, wanted); i++) {
            operands[i] = PortableValues.toRaw(types.operand(i), words.word(number, held - 1 - i));
        }
        if (indexed && held > 0) {
            operands[wanted - 1] = (int) words.word(number, 0);
        }
        return operands;
    }

    /// An element of the table with which the call gets to the function. Where a local is the index, it has to be the
    /// local's value, as the interpreter doesn't copy it.
    private int elementOf(int function, long[] locals) throws CorruptSnapshotException {
        int pushed = (int) pushedBefore(locals);
        int found = table.get().at(pushed) == function ? pushed : table.get().find(function);
        if (found < 0) {
            throw new CorruptSnapshotException("inconsistent call stack: function " + function + " isn't in the table");
        }
        return found;
    }

    /// The constant or local that the instruction before the frame's pushes, else -1.
    private long pushedBefore(long[] locals) {
        Module module = sites.module();
        CodeCursor in = new CodeCursor(module.bytes(), module.bodyStart(frame.function()));
        in.locals();
        long pushed = -1;
        while (in.position() < frame.offset()) {
            int opcode = in.opcode();
            pushed = -1;
            switch (opcode) {
                case LOCAL_GET, LOCAL_TEE -> pushed = locals[in.u32()];
                case I32_CONST -> pushed = in.s64();
                case BR_TABLE -> in.skipTargets();
                default -> in.skipImmediates(opcode);
            }
        }
        return pushed;
    }
}
