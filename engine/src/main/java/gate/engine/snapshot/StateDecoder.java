// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.FramePlaces;
import gate.engine.runtime.Instance;
import gate.engine.runtime.InstanceState;
import gate.engine.runtime.Memory;
import gate.engine.runtime.StoreOptions;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.TypesAt;
import gate.engine.wasm.ValueType;
import java.util.ArrayList;
import java.util.List;
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

    ExecutionImage execution() throws CorruptSnapshotException {
        int initialised = (int) bounded(in.signed(), -1, Integer.MAX_VALUE, "the progress of initialisation");
        int initialisedPart = in.count(Integer.MAX_VALUE, "the progress of initialisation");
        boolean counting = flag("whether fuel is counted");
        long used = counting ? in.unsigned(Long.MAX_VALUE, "the fuel used") : 0;
        long left = counting ? in.signed() : 0;
        int entry = (int) bounded(in.signed(), -1, module.functionCount() - 1, "the function in progress");
        List<FrameImage> frames = frames();
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

    private long bounded(long value, long least, long most, String what) throws CorruptSnapshotException {
        if (value < least || value > most) {
            throw in.corrupt(what + " is out of range: " + value);
        }
        return value;
    }

    /// What the file says of a frame before its values.
    ///
    /// @param start where its values begin
    /// @param end where they end
    private record Head(int function, int offset, boolean inCall, int operands, long start, long end) {}

    private List<FrameImage> frames() throws CorruptSnapshotException {
        int count = in.count(Math.min(FRAMES_MAX, (in.end - in.position) / HEAD_BYTES_MIN), "the number of frames");
        long[] sizes = new long[count];
        List<Head> heads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            heads.add(head(i, sizes));
        }
        FramePlaces places = new FramePlaces();
        long at = in.position;
        for (int i = 0; i < count; i++) {
            Head head = heads.get(i);
            heads.set(i, new Head(head.function, head.offset, head.inCall, head.operands, at, at + sizes[i]));
            at += sizes[i];
            if (at > in.end) {
                throw in.corrupt("the values of frame " + i + " are truncated");
            }
            places.add(i, head.function, head.offset);
        }
        @Nullable FrameImage[] frames = new FrameImage[count];
        for (int function : places.functions()) {
            TypesAt.Visitor<CorruptSnapshotException> read = (offset, types) -> {
                for (int number : places.at(function, offset)) {
                    frames[number] = frame(number, heads.get(number), types);
                }
            };
            module.visitTypes(function, places.offsets(function), read);
        }
        in.position = at;
        List<FrameImage> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FrameImage frame = frames[i];
            if (frame == null) {
                throw in.corrupt("frame " + i + " stands where execution can't stand");
            }
            list.add(frame);
        }
        return list;
    }

    private Head head(int number, long[] sizes) throws CorruptSnapshotException {
        int function = in.count(module.functionCount() - 1L, "the function of frame " + number);
        if (function < module.importedFunctionCount()) {
            throw in.corrupt("frame " + number + " is of an imported function");
        }
        int start = module.bodyStart(function);
        int offset = start + in.count(module.bodyEnd(function) - (long) start, "the position of frame " + number);
        boolean inCall = flag("whether frame " + number + " is in a call");
        int operands = in.count(Integer.MAX_VALUE, "the operands of frame " + number);
        sizes[number] = in.unsigned(in.end - in.position, "the size of frame " + number);
        return new Head(function, offset, inCall, operands, 0, 0);
    }

    /// Every value takes a byte at least, so that what is allocated is no more than the file holds.
    private FrameImage frame(int number, Head head, TypesAt types) throws CorruptSnapshotException {
        long after = in.position;
        long fileEnd = in.end;
        in.position = head.start;
        in.end = head.end;
        if (types.localCount() + (long) head.operands > head.end - head.start || head.operands > types.operandCount()) {
            throw in.corrupt("frame " + number + " has other counts of locals or operands than its instruction");
        }
        long[] locals = new long[types.localCount()];
        for (int i = 0; i < locals.length; i++) {
            locals[i] = value(types.local(i));
        }
        long[] operands = new long[head.operands];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = value(types.operand(i));
        }
        if (!in.atEnd()) {
            throw in.corrupt("frame " + number + " has more values than its instruction");
        }
        in.position = after;
        in.end = fileEnd;
        return new FrameImage(head.function, head.offset, head.inCall, locals, operands);
    }

    private long value(int type) throws CorruptSnapshotException {
        return switch (type) {
            case ValueType.I32 -> bounded(in.signed(), Integer.MIN_VALUE, Integer.MAX_VALUE, "an i32");
            case ValueType.I64 -> in.signed();
            case ValueType.F32 -> in.fixed32();
            case ValueType.F64 -> in.fixed64();
            default -> reference();
        };
    }

    private long reference() throws CorruptSnapshotException {
        int kind = in.u8();
        return switch (kind) {
            case StateEncoder.NULL -> 0;
            case StateEncoder.FUNCTION -> {
                int function = in.count(module.functionCount() - 1L, "a function reference");
                yield instance == null ? function + 1L : instance.functionReference(function);
            }
            case StateEncoder.EXTERNAL -> in.signed();
            default -> throw in.corrupt("a reference of unknown kind " + kind);
        };
    }
}
