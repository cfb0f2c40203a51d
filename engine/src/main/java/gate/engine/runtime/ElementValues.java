// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.ElementSegment;
import java.util.function.BooleanSupplier;

/// The references of an element segment, evaluated in steps, because there can be ten million.
final class ElementValues {
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_SIZE = 1 << PAGE_SHIFT;

    private final Instance instance;
    private final ElementSegment segment;
    private final ConstantExpressions expressions;
    private final CodeCursor in;
    /// A page is made between two looks at the suspend flag: making all of them at once would take too long.
    private final long[][] pages;
    private int done;

    ElementValues(Instance instance, ElementSegment segment) {
        this.instance = instance;
        this.segment = segment;
        this.expressions = new ConstantExpressions(instance);
        this.in = new CodeCursor(instance.module().bytes(), segment.items());
        this.pages = new long[(segment.count() + PAGE_SIZE - 1) >>> PAGE_SHIFT][];
    }

    /// @return false where `pause` came first; it can be called again
    boolean advance(BooleanSupplier pause) {
        while (done < segment.count()) {
            int end = Math.min(segment.count(), done + PAGE_SIZE);
            long[] page = new long[end - done];
            for (int i = 0; i < page.length; i++) {
                page[i] = segment.expressions() ? expressions.next(in) : instance.reference(in.u32());
            }
            pages[done >>> PAGE_SHIFT] = page;
            done = end;
            if (pause.getAsBoolean()) {
                return done == segment.count();
            }
        }
        return true;
    }

    /// A reference, once all have been evaluated.
    long at(int index) {
        return pages[index >>> PAGE_SHIFT][index & PAGE_SIZE - 1];
    }
}
