// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Module;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state that the interpreter works on: the stack of core specification 4.2.12, and what depends on which instance
/// is the current one.
///
/// What the interpreter keeps in Java locals while it runs is here whenever it doesn't. One for each [Execution]; for
/// one thread at a time, except for suspension requests.
@SuppressWarnings("ReferenceEquality") // code and instances are compared by identity: there is one of each
final class Machine {
    static final FunctionCode NO_CODE = new FunctionCode(-1, -1, false, Breakpoints.NONE, new long[0], 0, 0, 0, 0, 0);
    private static final VarHandle SUSPEND;
    private static final MemorySegment NO_MEMORY = MemorySegment.ofArray(new byte[0]);
    private static final int FIRST_STACK_WORDS = 64;
    private static final int FIRST_FRAMES = 8;

    static {
        try {
            SUSPEND = MethodHandles.lookup().findVarHandle(Machine.class, "suspendRequests", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// A return that needs more than the interpreter's loop does: into another instance, or into code that isn't the
    /// shared code of its function.
    ///
    /// @param depth the callee's
    record SpecialReturn(int depth, FunctionCode caller, Instance instance, int budget) {}

    final Store store;
    final boolean counting;

    @SuppressWarnings("unused") // through SUSPEND
    private volatile int suspendRequests;

    private volatile @Nullable Runnable wake;

    long[] stack = new long[FIRST_STACK_WORDS];
    long[] frames = new long[FIRST_FRAMES];
    int depth;
    FunctionCode current = NO_CODE;
    int pc;
    int base;
    boolean atLabel;
    /// A return at this depth is special.
    int specialDepth;

    int budget;
    Instance instance;

    @Nullable
    FunctionCode[] codes;

    Global[] globals;
    MemorySegment memorySegment = NO_MEMORY;
    long memoryBase;
    long memoryLimit;
    long fuel;

    private final Deque<SpecialReturn> specials = new ArrayDeque<>(1);
    private final HostCallFrame hostCall = new HostCallFrame(this);
    private @Nullable Translator translator;

    Machine(Instance home, boolean counting) {
        this.store = home.store();
        this.counting = counting;
        this.instance = home;
        this.codes = home.functions(counting);
        this.globals = home.globals;
        this.fuel = Long.MAX_VALUE;
    }

    // ---- suspension ----

    boolean isSuspendRequested() {
        return (int) SUSPEND.getOpaque(this) != 0;
    }

    /// As [#isSuspendRequested()], ordered with what was written before it: for host calls that set a wake-up and
    /// look.
    boolean isSuspendRequestedNow() {
        return (int) SUSPEND.getVolatile(this) != 0;
    }

    /// Asks the guest to stop; any thread may, at any time.
    void suspend() {
        SUSPEND.setVolatile(this, 1);
        Runnable current = wake;
        if (current != null) {
            current.run();
        }
    }

    void resetSuspend() {
        SUSPEND.setVolatile(this, 0);
    }

    void setWake(@Nullable Runnable runnable) {
        wake = runnable;
    }

    // ---- calls ----

    /// Whether there is no frame: before the first, or after the last.
    boolean isEmpty() {
        return current == NO_CODE;
    }

    void empty() {
        current = NO_CODE;
    }

    /// Empties the stack, with the arguments of a call that is to be made on it.
    void begin(Instance home, long[] arguments, int resultCount) {
        depth = 0;
        base = 0;
        specials.clear();
        specialDepth = 0;
        budget = store.options().stackWords() - 1;
        current = NO_CODE;
        ensureStack(Math.max(arguments.length, resultCount));
        System.arraycopy(arguments, 0, stack, 0, arguments.length);
        switchTo(home);
    }

    /// Enters the outermost function; a host function is called at once.
    ///
    /// @return why the interpreter isn't to begin, or 0
    int enter(Instance home, int function) {
        long reference = home.reference(function);
        if (Store.isHost(reference)) {
            return hostCall.invoke(store.host(reference), 0) ? Interpreter.FINISHED : Interpreter.SUSPENDED;
        }
        switchTo(store.instanceOf(reference));
        FunctionCode code = translated(Store.functionIndex(reference));
        if (code == null) {
            switchTo(home);
            return Interpreter.SUSPENDED;
        }
        if (code.budget() > budget) {
            throw new Trap(Trap.Code.CALL_STACK_EXHAUSTED);
        }
        push(code, 0);
        return 0;
    }

    void save(FunctionCode newCurrent, int newPc, int newBase, int newDepth) {
        current = newCurrent;
        pc = newPc;
        base = newBase;
        depth = newDepth;
        atLabel = false;
    }

    void switchTo(Instance target) {
        instance = target;
        codes = target.functions(counting);
        globals = target.globals;
        reloadMemory();
    }

    /// After anything that may have grown memory 0.
    void reloadMemory() {
        if (instance.memories.length == 0) {
            memorySegment = NO_MEMORY;
            memoryBase = 0;
            memoryLimit = 0;
        } else {
            Memory memory = instance.memories[0];
            memorySegment = memory.segment;
            memoryBase = Interpreter.EVERYWHERE == null ? memory.base : memory.segment.address() + memory.base;
            memoryLimit = memory.limit;
        }
    }

    /// The code of a function of the current instance, translated now if need be.
    ///
    /// @return null where a suspension came first; what has been done is kept
    @Nullable
    FunctionCode translated(int function) {
        FunctionCode code = codes[function];
        if (code != null) {
            return code;
        }
        Translator pausing = translator;
        if (pausing == null || pausing.function() != function || pausing.module() != instance.module()) {
            pausing = new Translator(instance.module(), function, counting, -1, instance.breakpoints(), null);
        }
        translator = pausing;
        if (!pausing.run(this::isSuspendRequested)) {
            return null;
        }
        translator = null;
        code = pausing.toCode();
        codes[function] = code;
        return code;
    }

    /// Makes a frame the current one. Its arguments are in place; the budget has been checked.
    private void push(FunctionCode code, int newBase) {
        ensureStack(newBase + code.slots());
        Arrays.fill(stack, newBase + code.parameters(), newBase + code.zeroTo(), 0);
        current = code;
        base = newBase;
        pc = 0;
        atLabel = true;
    }

    /// Calls a WebAssembly function, from the word before `pc`. Everything that the interpreter's own loop leaves
    /// out.
    ///
    /// @return false where a suspension came first, with nothing changed
    boolean call(Instance target, int function, int newBase) {
        Instance caller = instance;
        boolean elsewhere = target != caller;
        if (elsewhere) {
            switchTo(target);
        }
        FunctionCode callee = translated(function);
        int slack = current.slack();
        if (callee == null || newBase + callee.budget() + depth >= budget + slack) {
            if (elsewhere) {
                switchTo(caller);
            }
            if (callee == null) {
                return false;
            }
            throw new Trap(Trap.Code.CALL_STACK_EXHAUSTED);
        }
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, depth * 2);
        }
        frames[depth++] = (long) current.function() << 32 | pc;
        if (elsewhere || slack != 0 || caller.functions(counting)[current.function()] != current) {
            specials.push(new SpecialReturn(depth, current, caller, budget));
            specialDepth = depth;
            budget += slack;
        }
        push(callee, newBase);
        return true;
    }

    /// Replaces the current frame by a call whose arguments begin at slot `from`.
    ///
    /// @return false where a suspension came first, with nothing changed
    boolean tailCall(Instance target, int function, int from) {
        Instance caller = instance;
        boolean elsewhere = target != caller;
        if (elsewhere) {
            switchTo(target);
        }
        FunctionCode callee = translated(function);
        if (callee == null || base + callee.budget() + depth - 1 >= budget) {
            if (elsewhere) {
                switchTo(caller);
            }
            if (callee == null) {
                return false;
            }
            throw new Trap(Trap.Code.CALL_STACK_EXHAUSTED);
        }
        if (elsewhere && depth > 0 && specialDepth != depth) {
            FunctionCode below = callerCode(caller);
            specials.push(new SpecialReturn(depth, below, caller, budget));
            specialDepth = depth;
        }
        System.arraycopy(stack, base + from, stack, base, callee.parameters());
        push(callee, base);
        return true;
    }

    private FunctionCode callerCode(Instance caller) {
        FunctionCode below = caller.functions(counting)[(int) (frames[depth - 1] >> 32)];
        if (below == null) {
            throw new IllegalStateException("a caller has no code");
        }
        return below;
    }

    /// Returns from the current frame; results are at slot `from`.
    ///
    /// @return false where it was the outermost frame
    boolean leave(int from, int count) {
        System.arraycopy(stack, base + from, stack, base, count);
        if (depth == 0) {
            return false;
        }
        if (depth == specialDepth) {
            SpecialReturn special = specials.pop();
            specialDepth = specials.isEmpty() ? 0 : specials.peek().depth();
            budget = special.budget();
            current = special.caller();
            if (special.instance() != instance) {
                switchTo(special.instance());
            }
        } else {
            current = callerCode(instance);
        }
        depth--;
        pc = (int) frames[depth];
        base -= Op.callOffset(current.words()[pc - 1]);
        return true;
    }

    /// Calls a function by reference from the call word before `pc`.
    ///
    /// @param callBase base of the callee's frame
    /// @return false where it has to be called again, with nothing changed
    boolean callReference(long reference, int callBase) {
        if (Store.isHost(reference)) {
            return hostCall.invoke(store.host(reference), callBase);
        }
        return call(store.instanceOf(reference), Store.functionIndex(reference), callBase);
    }

    /// The callee of a `call_indirect` through table 0 where it is in the current instance and has been translated.
    @Nullable
    FunctionCode indirectCallee(int index, int type) {
        Table table = instance.tables[0];
        if (Integer.compareUnsigned(index, table.size) >= 0) {
            return null;
        }
        long reference = table.at(index);
        if ((int) (reference >>> 32) != instance.number() + 2) {
            return null;
        }
        int function = (int) reference;
        Module module = instance.module();
        return module.functionType(function).equals(module.type(type)) ? codes[function] : null;
    }

    // ---- for capturing and restoring ----

    /// Puts a frame on the stack that is the callee of the frame restored before. Its parts have been checked.
    ///
    /// @param operands height of the operand stack at the frame's instruction
    /// @param call the call it is in, or null for the innermost frame
    void restoreFrame(FrameImage frame, int operands, Positions.@Nullable Position call, String where)
            throws CorruptImageException {
        int newBase = 0;
        if (!isEmpty()) {
            newBase = base + Op.callOffset(current.words()[pc - 1]);
        }
        FunctionCode code = translatedWhole(frame.function());
        Module module = instance.module();
        Positions.Position position =
                frame.inCall() ? call : Positions.atInstruction(module, code, frame.offset(), operands);
        if (position == null && !frame.inCall()) {
            Translator special =
                    new Translator(module, frame.function(), counting, frame.offset(), instance.breakpoints(), null);
            special.run(() -> false);
            code = special.toCode();
            position = Positions.atInstruction(module, code, frame.offset(), operands);
        }
        if (position == null) {
            throw new CorruptImageException(where + " stands where execution can't stand");
        }
        if (!isEmpty()) {
            pushRestored(code, newBase, where);
        } else if (code.budget() > budget) {
            throw new CorruptImageException(where + " is beyond the stack budget");
        }
        push(code, newBase);
        OperandPlaces places = position.places();
        for (int i = 0; i < frame.locals().length; i++) {
            stack[newBase + places.layout().localSlot(i)] = frame.locals()[i];
        }
        for (int i = 0; i < frame.operands().length; i++) {
            if (!places.write(stack, newBase, i, frame.operands()[i])) {
                throw new CorruptImageException(
                        where + ", operand " + i + " differs from the local or constant that it is");
            }
        }
        pc = frame.inCall() ? Positions.returnPc(code, position.pc()) : position.pc();
        if (!frame.inCall()
                && Op.operation(code.words()[pc]) == Op.BREAK
                && code.stops().at(frame.offset())) {
            // It stops there when it comes there again. The breakpoint of a later instruction can be at the same word,
            // where those between have no words of their own: that one is still to come.
            pc++;
        }
        if (counting && !frame.inCall()) {
            fuel -= Positions.unexecuted(code, position, false);
        }
    }

    private void pushRestored(FunctionCode callee, int newBase, String where) throws CorruptImageException {
        int slack = current.slack();
        if (newBase + callee.budget() + depth >= budget + slack) {
            throw new CorruptImageException(where + " is beyond the stack budget");
        }
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, depth * 2);
        }
        frames[depth++] = (long) current.function() << 32 | pc;
        if (slack != 0) {
            specials.push(new SpecialReturn(depth, current, instance, budget));
            specialDepth = depth;
            budget += slack;
        }
    }

    FunctionCode translatedWhole(int function) {
        FunctionCode code = codes[function];
        if (code == null) {
            Translator whole = new Translator(instance.module(), function, counting, -1, instance.breakpoints(), null);
            whole.run(() -> false);
            code = whole.toCode();
            codes[function] = code;
        }
        return code;
    }

    List<SpecialReturn> specials() {
        return new ArrayList<>(specials);
    }

    HostCallFrame hostCall() {
        return hostCall;
    }

    void ensureStack(int slots) {
        if (slots > stack.length) {
            stack = Arrays.copyOf(stack, Math.max(slots, stack.length * 2));
        }
    }
}
