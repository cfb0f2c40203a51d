// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.Instance;
import gate.engine.runtime.InstanceState;
import gate.engine.runtime.Memory;
import gate.engine.runtime.StoreOptions;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.TypesAt;
import gate.engine.wasm.ValueType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the state section's content: see [StateEncoder]. References become real ones where there is an instance to
/// belong to; without one, to look at a file, they stay function indexes.
final class StateDecoder {
    /// Each takes a word of the stack budget.
    private static final int FRAMES_MAX = StoreOptions.STACK_WORDS_MAX;

    /// Bytes of a frame's head at least.
    private static final int HEAD_BYTES_MIN = 5;

    private final Module module;
    private final @Nullable Instance instance;
    private final FileCursor in;

    StateDecoder(Module module, @Nullable Instance instance, FileCursor in) {
        this.module = module;
        this.instance = instance;
        this.in = in;
    }

    /// The part before the execution, applied to an instance's state or only read.
    void instanceState(@Nullable InstanceState target) throws CorruptSnapshotException {
        memories(target);
        tables(target);
        for (int i = 0; i < module.globalCount(); i++) {
            if (StateEncoder.inState(module, i)) {
                long value = value(module.global(i).valueType());
                if (target != null && !target.setGlobal(i, value)) {
                    throw in.corrupt("global " + i + " has a value of another type");
                }
            }
        }
        for (int i = 0; i < module.elementSegmentCount(); i++) {
            if (flag("a segment's state") && target != null) {
                target.dropElements(i);
            }
        }
        for (int i = 0; i < module.dataSegmentCount(); i++) {
            if (flag("a segment's state") && target != null) {
                target.dropData(i);
            }
        }
    }

    private boolean flag(String what) throws CorruptSnapshotException {
        return in.unsigned(1, what) == 1;
    }

    private void memories(@Nullable InstanceState target) throws CorruptSnapshotException {
        int count = in.count(module.memoryCount(), "the number of memories");
        if (count != module.memoryCount()) {
            throw in.corrupt("the state has " + count + " memories, the program " + module.memoryCount());
        }
        for (int i = 0; i < count; i++) {
            int pages = in.count(Memory.PAGES_MAX, "the size of a memory");
            boolean imported = i < module.importedMemoryCount();
            if (!imported && pages != module.memory(i).minimum()) {
                throw in.corrupt("memory " + i + " has " + pages + " pages, its section says "
                        + module.memory(i).minimum());
            }
            if (imported && target != null && !target.resetMemory(i, pages)) {
                throw in.corrupt("imported memory " + i + " can't be made " + pages + " pages large");
            }
        }
    }

    private void tables(@Nullable InstanceState target) throws CorruptSnapshotException {
        int count = in.count(module.tableCount(), "the number of tables");
        if (count != module.tableCount()) {
            throw in.corrupt("the state has " + count + " tables, the program " + module.tableCount());
        }
        for (int i = 0; i < count; i++) {
            int size = in.count(Integer.MAX_VALUE, "the size of a table");
            if (target != null && !target.resetTable(i, size)) {
                throw in.corrupt("table " + i + " can't be made " + size + " elements large");
            }
            int type = module.table(i).elementType();
            for (int at = 0; at < size; ) {
                int run = in.count(size - at, "a run of elements");
                if (run == 0) {
                    throw in.corrupt("a run of no elements");
                }
                long reference = value(type);
                if (target != null && !target.setElements(i, at, run, reference)) {
                    throw in.corrupt("table " + i + " has an element of another type");
                }
                at += run;
            }
        }
    }

    /// What is still to be done.
    ExecutionImage execution() throws CorruptSnapshotException {
        return execution(true);
    }

    /// The same without frames, which are only checked.
    ExecutionImage outline() throws CorruptSnapshotException {
        return execution(false);
    }

    private ExecutionImage execution(boolean withFrames) throws CorruptSnapshotException {
        int initialised = (int) bounded(in, -1, Integer.MAX_VALUE, "the progress of initialisation");
        int initialisedPart = in.count(Integer.MAX_VALUE, "the progress of initialisation");
        boolean counting = flag("whether fuel is counted");
        long used = counting ? in.unsigned(Long.MAX_VALUE, "the fuel used") : 0;
        long left = counting ? in.signed() : 0;
        int entry = (int) bounded(in, -1, module.functionCount() - 1, "the function in progress");
        List<FrameImage> frames = frames(withFrames);
        // One more than may wait has had its turn, and stopped before its function began.
        int calls = in.count(Execution.PENDING_CALLS_MAX + 1, "the number of pending calls");
        List<ExecutionImage.PendingCall> pending = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            int function = in.count(module.functionCount() - 1L, "the function of a pending call");
            FunctionType type = module.functionType(function);
            long[] arguments = new long[type.parameterCount()];
            for (int j = 0; j < arguments.length; j++) {
                arguments[j] = value(type.parameter(j));
            }
            pending.add(new ExecutionImage.PendingCall(function, arguments));
        }
        if (!in.atEnd()) {
            throw in.corrupt("bytes remain after the state");
        }
        return new ExecutionImage(initialised, initialisedPart, entry, frames, pending, counting, used, left);
    }

    private static long bounded(FileCursor from, long least, long most, String what) throws CorruptSnapshotException {
        long value = from.signed();
        if (value < least || value > most) {
            throw from.corrupt(what + " is out of range: " + value);
        }
        return value;
    }

    /// Every value takes a byte at least, so that what is allocated for frames is no more than a multiple of what the
    /// file holds; a frame without values takes a few bytes and a word of the stack budget.
    ///
    /// @param kept whether they are wanted, or only whether they are right
    private List<FrameImage> frames(boolean kept) throws CorruptSnapshotException {
        int count = in.count(Math.min(FRAMES_MAX, (in.end - in.position) / HEAD_BYTES_MIN), "the number of frames");
        if (instance != null && count > instance.store().options().stackWords()) {
            throw in.corrupt("there are " + count + " frames on the call stack, which may have "
                    + instance.store().options().stackWords() + " words");
        }
        FrameHeads heads = new FrameHeads(module, in, count);
        @Nullable FrameImage[] frames = new FrameImage[kept ? count : 0];
        BitSet seen = new BitSet();
        for (int function : heads.places().functions()) {
            TypesAt.Visitor<CorruptSnapshotException> read =
                    (offset, types) -> heads.places().visit(offset, number -> {
                        heads.seek(number);
                        FrameImage frame = frame(number, heads, types, kept);
                        if (frame != null) {
                            frames[number] = frame;
                        }
                        seen.set(number);
                    });
            module.visitTypes(function, heads.places().offsets(function), read);
        }
        int missing = seen.nextClearBit(0);
        if (missing < count) {
            throw in.corrupt("frame " + missing + " stands where execution can't stand");
        }
        List<FrameImage> list = new ArrayList<>(frames.length);
        for (FrameImage frame : frames) {
            list.add(Objects.requireNonNull(frame));
        }
        return list;
    }

    private @Nullable FrameImage frame(int number, FrameHeads heads, TypesAt types, boolean kept)
            throws CorruptSnapshotException {
        FileCursor from = heads.values();
        if (types.localCount() + (long) heads.operands() > from.end - from.position
                || heads.operands() > types.operandCount()) {
            throw from.corrupt("frame " + number + " has other counts of locals or operands than its instruction");
        }
        long[] locals = new long[kept ? types.localCount() : 0];
        for (int i = 0; i < types.localCount(); i++) {
            long value = value(from, types.local(i));
            if (kept) {
                locals[i] = value;
            }
        }
        long[] operands = new long[kept ? heads.operands() : 0];
        for (int i = 0; i < heads.operands(); i++) {
            long value = value(from, types.operand(i));
            if (kept) {
                operands[i] = value;
            }
        }
        if (!from.atEnd()) {
            throw from.corrupt("frame " + number + " has more values than its instruction");
        }
        return kept ? new FrameImage(heads.function(), heads.offset(), heads.inCall(), locals, operands) : null;
    }

    private long value(int type) throws CorruptSnapshotException {
        return value(in, type);
    }

    private long value(FileCursor from, int type) throws CorruptSnapshotException {
        return switch (type) {
            case ValueType.I32 -> bounded(from, Integer.MIN_VALUE, Integer.MAX_VALUE, "an i32");
            case ValueType.I64 -> from.signed();
            case ValueType.F32 -> from.fixed32();
            case ValueType.F64 -> from.fixed64();
            default -> reference(from);
        };
    }

    private long reference(FileCursor from) throws CorruptSnapshotException {
        int kind = from.u8();
        return switch (kind) {
            case StateEncoder.NULL -> 0;
            case StateEncoder.FUNCTION -> {
                int function = from.count(module.functionCount() - 1L, "a function reference");
                yield instance == null ? function + 1L : instance.functionReference(function);
            }
            case StateEncoder.EXTERNAL -> from.signed();
            default -> throw from.corrupt("a reference of unknown kind " + kind);
        };
    }
}
