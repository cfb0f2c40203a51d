// SPDX-License-Identifier: Apache-2.0
package gate.app.debug;

import gate.engine.debug.CodeOffsets;
import gate.engine.debug.DebugInfo;
import gate.engine.debug.SourceLine;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.CodeCursor;
import gate.engine.runtime.FrameImage;
import gate.engine.wasm.Opcode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Lets a program go on in steps. A step by lines sets breakpoints at the statements where it may end, so that the
/// program runs at its own speed between them.
final class Stepping {
    private final Debuggee debuggee;
    private final DebugInfo info;
    private final CodeOffsets code;
    private final Supplier<int[]> own;
    private int @Nullable [] statements;
    private int @Nullable [] sorted;

    /// @param own the user's breakpoints, as offsets in the module
    Stepping(Debuggee debuggee, DebugInfo info, Supplier<int[]> own) {
        this.debuggee = debuggee;
        this.info = info;
        this.code = info.code();
        this.own = own;
    }

    // ---- kinds of steps ----

    Debuggee.Stop goOn() {
        return debuggee.run(Breakpoints.at(own.get()));
    }

    /// One instruction.
    Debuggee.Stop instruction() {
        return debuggee.run(Breakpoints.EVERY_INSTRUCTION);
    }

    /// To another line, also that of a function that is called; one instruction where no lines are known.
    Debuggee.Stop line() {
        if (info.hasNoLines()) {
            return instruction();
        }
        Optional<SourceLine> start = innermost().flatMap(frame -> info.lineAt(frame.offset()));
        int depth = debuggee.frames().size();
        Breakpoints stops = with(allStatements());
        while (true) {
            Debuggee.Stop stop = debuggee.run(stops);
            if (!(stop instanceof Debuggee.Stop.AtBreakpoint)) {
                return stop;
            }
            List<FrameImage> frames = debuggee.frames();
            if (isOwn(frames) || frames.size() != depth || isElsewhere(frames, start)) {
                return stop;
            }
        }
    }

    /// To another line of this function, or to its caller; one instruction, or the whole call where one is next, where
    /// no lines are known.
    Debuggee.Stop over() {
        List<FrameImage> frames = debuggee.frames();
        if (frames.isEmpty()) {
            return line();
        }
        Optional<SourceLine> start = info.lineAt(frames.getFirst().offset());
        if (start.isEmpty()) {
            return overInstruction(frames);
        }
        while (true) {
            int function = frames.getFirst().function();
            int depth = frames.size();
            Breakpoints stops = with(
                    IntStream.concat(Arrays.stream(info.statementsOf(function)), Arrays.stream(afterReturn(frames)))
                            .toArray());
            do {
                Debuggee.Stop stop = debuggee.run(stops);
                if (!(stop instanceof Debuggee.Stop.AtBreakpoint)) {
                    return stop;
                }
                frames = debuggee.frames();
                if (isOwn(frames) || frames.size() <= depth && isElsewhere(frames, start)) {
                    return stop;
                }
            } while (frames.size() >= depth);
            // Returned into the middle of a line, or to where none are known.
            start = frames.isEmpty() ? start : info.lineAt(frames.getFirst().offset());
            if (start.isEmpty()) {
                return debuggee.stop();
            }
        }
    }

    private Debuggee.Stop overInstruction(List<FrameImage> frames) {
        int offset = frames.getFirst().offset();
        byte[] bytes = debuggee.module().bytes();
        int opcode = offset < bytes.length ? new CodeCursor(bytes, offset).opcode() : Opcode.END;
        boolean call = opcode == Opcode.CALL || opcode == Opcode.CALL_INDIRECT || opcode == Opcode.CALL_REF;
        return call ? until(frames.size(), new int[] {code.next(offset)}) : instruction();
    }

    /// Until the function has returned to its caller.
    Debuggee.Stop out() {
        List<FrameImage> frames = debuggee.frames();
        return frames.size() < 2 ? goOn() : until(frames.size() - 1, afterReturn(frames));
    }

    /// Until it comes to one of these instructions with no more frames than that.
    private Debuggee.Stop until(int depth, int... offsets) {
        Breakpoints stops = with(offsets);
        while (true) {
            Debuggee.Stop stop = debuggee.run(stops);
            if (!(stop instanceof Debuggee.Stop.AtBreakpoint)) {
                return stop;
            }
            List<FrameImage> frames = debuggee.frames();
            if (isOwn(frames) || frames.size() <= depth) {
                return stop;
            }
        }
    }

    // ---- where ----

    private int[] allStatements() {
        int[] known = statements;
        if (known == null) {
            known = info.statements();
            statements = known;
        }
        return known;
    }

    private Breakpoints with(int... offsets) {
        return Breakpoints.at(IntStream.concat(Arrays.stream(own.get()), Arrays.stream(offsets))
                .distinct()
                .toArray());
    }

    /// The instruction behind the call that the innermost function returns to.
    private int[] afterReturn(List<FrameImage> frames) {
        return frames.size() < 2
                ? new int[0]
                : new int[] {code.next(frames.get(1).offset())};
    }

    private Optional<FrameImage> innermost() {
        return debuggee.frames().stream().findFirst();
    }

    private boolean isOwn(List<FrameImage> frames) {
        return !frames.isEmpty()
                && Arrays.stream(own.get())
                        .anyMatch(offset -> offset == frames.getFirst().offset());
    }

    /// Whether it stands at a line that isn't the one where it began.
    private boolean isElsewhere(List<FrameImage> frames, Optional<SourceLine> start) {
        if (frames.isEmpty()) {
            return true;
        }
        int offset = frames.getFirst().offset();
        Optional<SourceLine> here = info.lineAt(offset);
        boolean begins = Arrays.binarySearch(sortedStatements(), offset) >= 0;
        return here.isPresent()
                && begins
                && (start.isEmpty()
                        || here.get().line() != start.get().line()
                        || !here.get().file().equals(start.get().file()));
    }

    private int[] sortedStatements() {
        int[] known = sorted;
        if (known == null) {
            known = allStatements().clone();
            Arrays.sort(known);
            sorted = known;
        }
        return known;
    }
}
