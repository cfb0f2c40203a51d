// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import static gate.engine.wasm.Opcode.*;

import gate.engine.runtime.CodeCursor;
import gate.engine.runtime.FrameImage;
import gate.engine.wasm.Module;
import java.util.Arrays;

/// Finds from where a frame could have come without doing anything but push constants and locals:
/// the beginnings of the function and of loops that a program may as well stand at. An execution of
/// ours stands at the last of such instructions, as they do nothing.
final class PureRun {
    private final FrameImage frame;
    private final CodeCursor in;
    private final int functionStart;

    // Values pushed since the run began, as they would be in the frame.
    private long[] pushed = new long[16];
    private int pushedCount;

    // Beginnings in the run: offset, and how many values had been pushed; ascending.
    private int[] beginnings = new int[8];
    private int[] heights = new int[8];
    private int count;

    PureRun(Module module, FrameImage frame) {
        this.frame = frame;
        this.in = new CodeCursor(module.bytes(), module.bodyStart(frame.function()));
        in.locals();
        this.functionStart = in.position();
        begin();
        while (in.position() < frame.offset()) {
            step();
        }
        if (in.position() != frame.offset() || pushedCount > frame.operands().length) {
            count = 0;
        }
        dropDiffering();
    }

    private void begin() {
        if (count == beginnings.length) {
            beginnings = Arrays.copyOf(beginnings, count * 2);
            heights = Arrays.copyOf(heights, count * 2);
        }
        beginnings[count] = in.position();
        heights[count++] = pushedCount;
    }

    private void step() {
        int opcode = in.opcode();
        switch (opcode) {
            case NOP, END -> {}
            case BLOCK -> in.skipImmediates(opcode);
            case LOOP -> {
                in.skipImmediates(opcode);
                begin();
            }
            case LOCAL_GET -> push(local(in.u32()));
            case I32_CONST, I64_CONST -> push(in.s64());
            case F32_CONST -> push(in.i32Bits());
            case F64_CONST -> push(in.i64Bits());
            case DROP -> drop();
            case BR_TABLE -> {
                in.skipTargets();
                end();
            }
            default -> {
                in.skipImmediates(opcode);
                end();
            }
        }
    }

    private long local(int index) {
        return index < frame.locals().length ? frame.locals()[index] : 0;
    }

    private void push(long value) {
        if (count == 0) {
            return;
        }
        if (pushedCount == pushed.length) {
            pushed = Arrays.copyOf(pushed, pushedCount * 2);
        }
        pushed[pushedCount++] = value;
    }

    private void drop() {
        if (pushedCount == 0) {
            end();
            return;
        }
        pushedCount--;
        while (count > 0 && heights[count - 1] > pushedCount) {
            count--;
        }
    }

    /// Something that does something.
    private void end() {
        count = 0;
        pushedCount = 0;
    }

    /// Leaves those from which the frame's operands would be what they are: execution may have come
    /// here another way.
    private void dropDiffering() {
        int below = frame.operands().length - pushedCount;
        int equal = pushedCount;
        while (equal > 0 && count > 0 && pushed[equal - 1] == frame.operands()[below + equal - 1]) {
            equal--;
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (heights[i] >= equal) {
                beginnings[kept] = beginnings[i];
                heights[kept++] = heights[i];
            }
        }
        count = kept;
    }

    // ---- what has been found ----

    boolean fromFunctionStart() {
        return count > 0 && beginnings[0] == functionStart && heights[0] == 0 && frame.operands().length == pushedCount;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int lastBeginning() {
        return beginnings[count - 1];
    }

    /// The frame's deepest operands that there are already at the beginning of a loop, or -1 where
    /// it isn't one.
    int operandsAt(int loopStart) {
        int found = Arrays.binarySearch(beginnings, 0, count, loopStart);
        return found < 0 || loopStart == functionStart ? -1 : frame.operands().length - pushedCount + heights[found];
    }
}
