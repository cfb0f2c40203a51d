// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.ElementSegment;
import java.util.function.BooleanSupplier;

/// The references of an element segment, evaluated in steps, because there can be ten million.
final class ElementValues {
    private static final int ELEMENTS_PER_LOOK = 1 << 14;

    private final Instance instance;
    private final ElementSegment segment;
    private final ConstantExpressions expressions;
    private final CodeCursor in;
    private final long[] values;
    private int done;

    ElementValues(Instance instance, ElementSegment segment) {
        this.instance = instance;
        this.segment = segment;
        this.expressions = new ConstantExpressions(instance);
        this.in = new CodeCursor(instance.module().bytes(), segment.items());
        this.values = new long[segment.count()];
    }

    /// @return false where `pause` came first; it can be called again
    boolean advance(BooleanSupplier pause) {
        while (done < values.length) {
            int end = Math.min(values.length, done + ELEMENTS_PER_LOOK);
            for (; done < end; done++) {
                values[done] = segment.expressions() ? expressions.next(in) : instance.reference(in.u32());
            }
            if (pause.getAsBoolean()) {
                return done == values.length;
            }
        }
        return true;
    }

    long[] values() {
        return values;
    }
}
