// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.TypesAt;
import gate.engine.wasm.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Captures executions and makes them again: the state machine's SUSPENDED as data.
public final class Images {
    /// Instructions that a program can have executed, and that it can have gone beyond its limit: more than any machine
    /// comes to. A forged file mustn't make the counts overflow while it runs.
    static final long FUEL_MAX = 1L << 62;

    private Images() {}

    /// The state of an execution that isn't running. One that has ended by a trap or exit stands at the instruction
    /// that ended it.
    ///
    /// @throws IllegalStateException where it is running or has failed, or frames of other
    ///     instances are on its stack
    public static ExecutionImage capture(Execution x) {
        switch (x.status()) {
            case READY, SUSPENDED, OUT_OF_FUEL, BREAKPOINT, FINISHED, TRAPPED, EXITED -> {}
            default -> throw new IllegalStateException("can't capture an execution that is " + x.status());
        }
        List<FrameImage> frames = new ArrayList<>();
        List<ExecutionImage.PendingCall> pending = new ArrayList<>();
        int entry = -1;
        if (x.isActive() && x.machine.isEmpty()) {
            int count = x.home.functionType(x.activeFunction()).parameterCount();
            pending.add(new ExecutionImage.PendingCall(x.activeFunction(), Arrays.copyOf(x.machine.stack, count)));
        } else if (x.isActive()) {
            entry = x.activeFunction();
            CallPositions calls = new CallPositions(x.machine, Integer.MAX_VALUE);
            for (StackWalk walk = new StackWalk(x.machine); walk.valid(); walk.outward()) {
                if (walk.instance() != x.home) {
                    throw new IllegalStateException("frames of another instance are on the stack");
                }
                frames.add(frame(x, walk, calls));
            }
            Collections.reverse(frames);
        }
        x.pending()
                .forEach(call -> pending.add(new ExecutionImage.PendingCall(
                        call.function(), call.arguments().clone())));
        return new ExecutionImage(
                x.initialised(),
                x.initialisedPart(),
                entry,
                frames,
                pending,
                x.isCounting(),
                x.isCounting() ? x.fuelUsed() : 0,
                x.isCounting() ? x.fuelLeft() : 0);
    }

    /// The innermost frame of an execution that isn't running; empty where it has none.
    public static Optional<FrameImage> innermost(Execution x) {
        if (!x.isActive() || x.machine.isEmpty()) {
            return Optional.empty();
        }
        StackWalk walk = new StackWalk(x.machine);
        return Optional.of(frame(x, walk, innermost(x, walk)));
    }

    private static FrameImage frame(Execution x, StackWalk walk, CallPositions calls) {
        return frame(x, walk, walk.innermost() ? innermost(x, walk) : calls.of(walk));
    }

    private static FrameImage frame(Execution x, StackWalk walk, Positions.Position position) {
        OperandPlaces places = position.places();
        FrameLayout layout = places.layout();
        long[] locals = new long[layout.locals()];
        for (int i = 0; i < locals.length; i++) {
            locals[i] = x.machine.stack[walk.base() + layout.localSlot(i)];
        }
        long[] operands = new long[places.count()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = places.read(x.machine.stack, walk.base(), i);
        }
        return new FrameImage(walk.code().function(), position.offset(), !walk.innermost(), locals, operands);
    }

    private static Positions.Position innermost(Execution x, StackWalk walk) {
        Module module = walk.instance().module();
        if (!x.hasEnded()) {
            return Positions.atWord(module, walk.code(), walk.pc());
        }
        Positions.Position position = Positions.ofInstruction(module, walk.code(), walk.pc() - 1);
        if (position == null) {
            throw new IllegalStateException("nothing can have ended at word " + walk.pc());
        }
        return position;
    }

    /// As [#restore(Instance, ExecutionImage)], with breakpoints in force: frames stand exactly where they stood, also
    /// where the instructions before a breakpoint share a word with it.
    public static Execution restore(Instance instance, ExecutionImage image, Breakpoints breakpoints)
            throws CorruptImageException {
        instance.setBreakpoints(breakpoints);
        return restore(instance, image);
    }

    /// Makes an execution that goes on from an image. The instance's memories, tables, globals and dropped segments
    /// have been put in place before. Everything is checked against the module.
    ///
    /// @throws CorruptImageException naming what is wrong; the instance can't be used then
    public static Execution restore(Instance instance, ExecutionImage image) throws CorruptImageException {
        Execution x = Execution.of(instance, image.counting());
        Module module = instance.module();
        int steps = module.elementSegmentCount() + module.dataSegmentCount();
        if (image.initialised() < -1 || image.initialised() > steps || image.initialisedPart() < 0) {
            throw new CorruptImageException("initialisation stands at segment " + image.initialised());
        }
        if (image.initialised() >= 0 && image.entry() >= 0) {
            throw new CorruptImageException("a call is in progress before the instance is initialised");
        }
        x.setInitialised(image.initialised(), image.initialisedPart());
        for (ExecutionImage.PendingCall call : image.pending()) {
            restorePending(x, instance, call);
        }
        if (image.entry() >= 0) {
            restoreStack(x, instance, image);
        } else if (!image.frames().isEmpty()) {
            throw new CorruptImageException("there are frames but no call in progress");
        }
        if (image.counting()) {
            boolean used = image.fuelUsed() >= 0 && image.fuelUsed() <= FUEL_MAX;
            if (!used || image.fuelLeft() < -FUEL_MAX || image.fuelLeft() > Long.MAX_VALUE - image.fuelUsed()) {
                throw new CorruptImageException("fuel counts out of range");
            }
            x.restoreFuel(image.fuelUsed(), image.fuelLeft());
        }
        return x;
    }

    /// Changes the instance's breakpoints and moves an execution's frames into the code that there is then.
    static void moveTo(Execution x, Breakpoints breakpoints) {
        switch (x.status()) {
            case READY, SUSPENDED, OUT_OF_FUEL, BREAKPOINT, FINISHED -> {}
            default -> throw new IllegalStateException("can't debug an execution that is " + x.status());
        }
        ExecutionImage image = capture(x);
        x.home.setBreakpoints(breakpoints);
        x.machine.switchTo(x.home);
        if (image.entry() < 0) {
            return;
        }
        if (image.counting()) {
            x.machine.fuel = Long.MAX_VALUE; // frames pay for what is left of their pieces of code
        }
        try {
            restoreStack(x, x.home, image);
        } catch (CorruptImageException e) {
            throw new IllegalStateException("frames of our own can't be restored", e);
        }
        if (image.counting()) {
            x.restoreFuel(image.fuelUsed(), image.fuelLeft());
        }
    }

    private static void restorePending(Execution x, Instance instance, ExecutionImage.PendingCall call)
            throws CorruptImageException {
        int function = call.function();
        if (function < 0 || function >= instance.module().functionCount()) {
            throw new CorruptImageException("pending call of function " + function + ", which doesn't exist");
        }
        FunctionType type = instance.functionType(function);
        if (type.parameterCount() != call.arguments().length) {
            throw new CorruptImageException("pending call of function " + function + " has " + call.arguments().length
                    + " arguments, not " + type.parameterCount());
        }
        for (int i = 0; i < call.arguments().length; i++) {
            ValueCheck.check(instance, type.parameter(i), call.arguments()[i], "argument " + i + " of a pending call");
        }
        x.call(function, call.arguments());
    }

    private static void restoreStack(Execution x, Instance instance, ExecutionImage image)
            throws CorruptImageException {
        List<FrameImage> frames = image.frames();
        int entry = image.entry();
        int imported = instance.module().importedFunctionCount();
        if (frames.isEmpty() || entry >= instance.module().functionCount()) {
            throw new CorruptImageException("a call of function " + entry + " is in progress without frames");
        }
        FunctionType called = instance.functionType(entry);
        if (entry < imported || !canStandFor(instance, frames.getFirst().function(), called)) {
            throw new CorruptImageException("the outermost frame can't come from a call of function " + entry);
        }
        requireChain(instance, frames);
        int[] heights = checkedFrames(instance, frames);
        x.beginRestored(entry);
        Map<Integer, Map<Integer, Positions.Position>> calls = calls(x, frames);
        for (int i = 0; i < frames.size(); i++) {
            FrameImage frame = frames.get(i);
            Positions.Position call =
                    calls.getOrDefault(frame.function(), Map.of()).get(frame.offset());
            x.machine.restoreFrame(frame, heights[i], frame.inCall() ? call : null, "frame " + i);
        }
    }

    /// Whether each frame can have called the next.
    private static void requireChain(Instance instance, List<FrameImage> frames) throws CorruptImageException {
        Module module = instance.module();
        for (int i = 0; i < frames.size(); i++) {
            boolean innermost = i == frames.size() - 1;
            FrameImage frame = frames.get(i);
            String where = "frame " + i;
            int function = frame.function();
            if (function < module.importedFunctionCount() || function >= module.functionCount()) {
                throw new CorruptImageException(where + " is of function " + function + ", which isn't defined here");
            }
            if (frame.inCall() == innermost) {
                throw new CorruptImageException(
                        where + (innermost ? " is the innermost but in a call" : " isn't in a call"));
            }
            if (frame.offset() < module.bodyStart(function) || frame.offset() > module.bodyEnd(function)) {
                throw nowhere(i, frame);
            }
        }
    }

    private static CorruptImageException nowhere(int number, FrameImage frame) {
        return new CorruptImageException("frame " + number + " stands at offset 0x"
                + Integer.toHexString(frame.offset()) + ", where execution can't stand");
    }

    /// Checks every frame against the types at its instruction; each function is validated once.
    ///
    /// @return the height of the operand stack at each frame's instruction
    private static int[] checkedFrames(Instance instance, List<FrameImage> frames) throws CorruptImageException {
        FramePlaces places = new FramePlaces(instance.module(), frames.size());
        for (int i = 0; i < frames.size(); i++) {
            places.add(i, frames.get(i).offset());
        }
        int[] heights = new int[frames.size()];
        Arrays.fill(heights, -1);
        for (int function : places.functions()) {
            TypesAt.Visitor<CorruptImageException> check = (offset, types) -> places.visit(offset, number -> {
                heights[number] = types.operandCount();
                checkFrame(instance, frames.get(number), types, "frame " + number);
                if (number < frames.size() - 1) {
                    requireCallee(instance, frames.get(number), frames.get(number + 1), "frame " + number);
                }
            });
            instance.module().visitTypes(function, places.offsets(function), check);
        }
        for (int i = 0; i < heights.length; i++) {
            if (heights[i] < 0) {
                throw nowhere(i, frames.get(i));
            }
        }
        return heights;
    }

    /// The calls in which frames are, by function and offset; each function is looked through once.
    private static Map<Integer, Map<Integer, Positions.Position>> calls(Execution x, List<FrameImage> frames) {
        Map<Integer, Set<Integer>> wanted = new HashMap<>();
        for (FrameImage frame : frames) {
            if (frame.inCall()) {
                wanted.computeIfAbsent(frame.function(), key -> new HashSet<>()).add(frame.offset());
            }
        }
        Map<Integer, Map<Integer, Positions.Position>> found = new HashMap<>();
        wanted.forEach((function, offsets) -> found.put(
                function, Positions.calls(x.home.module(), x.machine.translatedWhole(function), offsets, true)));
        return found;
    }

    private static void requireCallee(Instance instance, FrameImage caller, FrameImage callee, String where)
            throws CorruptImageException {
        CallSite site = CallSite.at(instance.module(), caller.offset());
        if (!canStandFor(instance, callee.function(), site.type())) {
            throw new CorruptImageException(where + " can't have called function " + callee.function());
        }
    }

    /// Whether a frame of a function can be where one of a type was called: a tail call may have replaced the function
    /// first called, so only what it returns must be what the caller expects.
    private static boolean canStandFor(Instance instance, int function, FunctionType called) {
        Module module = instance.module();
        if (function < module.importedFunctionCount() || function >= module.functionCount()) {
            return false;
        }
        FunctionType type = instance.functionType(function);
        if (type.resultCount() != called.resultCount()) {
            return false;
        }
        for (int i = 0; i < type.resultCount(); i++) {
            if (!module.matches(type.result(i), called.result(i))) {
                return false;
            }
        }
        return true;
    }

    private static void checkFrame(Instance instance, FrameImage frame, TypesAt types, String where)
            throws CorruptImageException {
        Module module = instance.module();
        int operands = types.operandCount();
        if (frame.inCall()) {
            if (!CallSite.isCall(module, frame.offset())) {
                throw new CorruptImageException(where + " is in a call but there is no call instruction");
            }
            operands -= Positions.poppedBy(module, frame.offset());
        }
        if (frame.locals().length != types.localCount() || frame.operands().length != operands) {
            throw new CorruptImageException(where + " has " + frame.locals().length + " locals and "
                    + frame.operands().length + " operands, not " + types.localCount() + " and " + operands);
        }
        for (int i = 0; i < frame.locals().length; i++) {
            long value = frame.locals()[i];
            if (types.holdsValue(i) || value != 0) {
                int type = types.local(i);
                ValueCheck.check(
                        instance,
                        types.holdsValue(i) || !ValueType.isReference(type) ? type : type | ValueType.NULLABLE,
                        value,
                        where + ", local " + i);
            }
        }
        for (int i = 0; i < operands; i++) {
            ValueCheck.check(instance, types.operand(i), frame.operands()[i], where + ", operand " + i);
        }
    }
}
