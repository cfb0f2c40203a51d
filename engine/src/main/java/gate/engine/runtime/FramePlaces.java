// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Module;
import java.util.Arrays;

/// Frames by function and offset: many frames stand at few instructions, or each at another one of a large
/// function, and neither may take more time than their number and the function's size together. A saved file can
/// claim millions of frames for a few bytes each, so that a frame is a word here.
///
/// Frames are added first and looked up then.
public final class FramePlaces {
    private final Module module;
    /// An offset, and a frame's number in the lower half. Offsets are the module's, so that a function's are together.
    private final long[] places;

    private int count;
    private boolean sorted;

    /// @param most frames at most
    public FramePlaces(Module module, int most) {
        this.module = module;
        this.places = new long[most];
    }

    /// @param frame its number
    /// @param offset in the body of a function of the module, or at its end
    public void add(int frame, int offset) {
        places[count++] = (long) offset << 32 | frame;
        sorted = false;
    }

    private void sort() {
        if (!sorted) {
            Arrays.sort(places, 0, count);
            sorted = true;
        }
    }

    private static int offset(long place) {
        return (int) (place >>> 32);
    }

    /// The first place that isn't before an offset.
    private int first(int offset) {
        int at = Arrays.binarySearch(places, 0, count, (long) offset << 32);
        return at < 0 ? -at - 1 : at;
    }

    /// Functions that frames are of, ascending.
    public int[] functions() {
        sort();
        int[] functions = new int[16];
        int found = 0;
        for (int at = 0; at < count; ) {
            int function = function(offset(places[at]));
            if (found == functions.length) {
                functions = Arrays.copyOf(functions, found * 2);
            }
            functions[found++] = function;
            at = first(module.bodyEnd(function) + 1);
        }
        return Arrays.copyOf(functions, found);
    }

    /// The last function whose body begins at an offset or before.
    private int function(int offset) {
        int low = module.importedFunctionCount();
        int high = module.functionCount() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (module.bodyStart(middle) <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /// Offsets in a function at which frames stand, ascending.
    public int[] offsets(int function) {
        sort();
        int from = first(module.bodyStart(function));
        int to = first(module.bodyEnd(function) + 1);
        int distinct = 0;
        for (int at = from; at < to; at++) {
            distinct += isFirst(at, from) ? 1 : 0;
        }
        int[] offsets = new int[distinct];
        int found = 0;
        for (int at = from; at < to; at++) {
            if (isFirst(at, from)) {
                offsets[found++] = offset(places[at]);
            }
        }
        return offsets;
    }

    private boolean isFirst(int at, int from) {
        return at == from || offset(places[at]) != offset(places[at - 1]);
    }

    /// What is done with a frame.
    ///
    /// @param <E> what it throws
    @FunctionalInterface
    public interface Visitor<E extends Exception> {
        /// @param frame its number
        void at(int frame) throws E;
    }

    /// Visits the frames at an instruction, in the order of their numbers.
    public <E extends Exception> void visit(int offset, Visitor<E> visitor) throws E {
        sort();
        for (int at = first(offset); at < count && offset(places[at]) == offset; at++) {
            visitor.at((int) places[at]);
        }
    }
}
