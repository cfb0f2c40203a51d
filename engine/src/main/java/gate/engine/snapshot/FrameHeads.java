// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.runtime.FramePlaces;
import gate.engine.wasm.Module;

/// What a state section says of frames before their values, and where those are: see [StateEncoder]. Heads stay in the
/// file, which can have millions of them for a few bytes each: where every eighth begins is kept, and reading one means
/// reading those since.
///
/// After [#seek(int)] the accessors tell of that frame.
final class FrameHeads {
    private static final int STRIDE = 8;

    private final Module module;
    private final FileCursor in;
    private final int count;
    private final FramePlaces places;
    private final long[] heads;
    private final long[] values;
    private final FileCursor frameValues;

    private int function;
    private int offset;
    private boolean inCall;
    private int operands;
    private long start;
    private long end;

    /// Checks all heads. The cursor is moved behind all values.
    FrameHeads(Module module, FileCursor in, int count) throws CorruptSnapshotException {
        this.module = module;
        this.in = new FileCursor(in.bytes, in.position, in.end);
        this.frameValues = new FileCursor(in.bytes, in.position, in.end);
        this.count = count;
        this.places = new FramePlaces(module, count);
        this.heads = new long[(count + STRIDE - 1) / STRIDE];
        this.values = new long[heads.length];
        long size = 0;
        for (int i = 0; i < count; i++) {
            if (i % STRIDE == 0) {
                heads[i / STRIDE] = this.in.position;
                values[i / STRIDE] = size;
            }
            start = size;
            read(i);
            size = end;
            places.add(i, offset);
        }
        in.position = this.in.position;
        for (int i = 0; i < values.length; i++) {
            values[i] += in.position;
        }
        if (size > in.end - in.position) {
            throw in.corrupt("the values of frames are truncated");
        }
        in.skip(size);
    }

    /// Reads the head at the position, whose values begin at `start`. Texts are made only where they are needed.
    private void read(int number) throws CorruptSnapshotException {
        function = in.count(module.functionCount() - 1L, "the function of a frame");
        if (function < module.importedFunctionCount()) {
            throw in.corrupt("frame " + number + " is of an imported function");
        }
        int body = module.bodyStart(function);
        offset = body + in.count(module.bodyEnd(function) - (long) body, "the position of a frame");
        inCall = in.unsigned(1, "whether a frame is in a call") == 1;
        operands = in.count(Integer.MAX_VALUE, "the operands of a frame");
        end = start + in.unsigned(in.end - in.position, "the size of a frame");
    }

    FramePlaces places() {
        return places;
    }

    int count() {
        return count;
    }

    void seek(int number) throws CorruptSnapshotException {
        in.position = heads[number / STRIDE];
        end = values[number / STRIDE];
        for (int i = number / STRIDE * STRIDE; i <= number; i++) {
            start = end;
            read(i);
        }
    }

    int function() {
        return function;
    }

    int offset() {
        return offset;
    }

    boolean inCall() {
        return inCall;
    }

    int operands() {
        return operands;
    }

    /// The frame's values, until the next is sought.
    FileCursor values() {
        frameValues.position = start;
        frameValues.end = end;
        return frameValues;
    }
}
