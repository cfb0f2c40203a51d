// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.DataSegment;
import gate.engine.wasm.ElementSegment;
import gate.engine.wasm.Module;
import gate.engine.wasm.SegmentMode;
import java.lang.foreign.MemorySegment;

/// Copies an instance's active segments and drops them: core specification 4.5.4, steps 14 to 16.
///
/// A step is a segment, element segments first. It can stop between steps, and between chunks of one.
final class Initialisation {
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int CHUNK_ELEMENTS = 1 << 12;

    private Initialisation() {}

    /// @return false where a suspension came first
    static boolean advance(Execution x) {
        Module module = x.home.module();
        ConstantExpressions constants = new ConstantExpressions(x.home);
        if (x.initialised() == 0 && x.initialisedPart() == 0 && !adoptImages(x)) {
            return false;
        }
        int elements = module.elementSegmentCount();
        int steps = elements + module.dataSegmentCount();
        for (int step = x.initialised(); step < steps; step++) {
            if (x.isSuspendRequested()) {
                return false;
            }
            boolean done = step < elements ? elements(x, step, constants) : data(x, step - elements, constants);
            if (!done) {
                return false;
            }
            x.setInitialised(step + 1, 0);
        }
        return true;
    }

    /// Puts whole memories in place where the module has been instantiated before. The segments then count as
    /// copied.
    ///
    /// @return false where a suspension came first
    private static boolean adoptImages(Execution x) {
        Instance instance = x.home;
        for (int i = 0; i < instance.memories.length; i++) {
            if (!(instance.memories[i] instanceof MappedMemory memory)) {
                continue;
            }
            InitialMemory[] images = instance.imagesOnce();
            InitialMemory image = i < images.length ? images[i] : null;
            if (image == null) {
                continue;
            }
            if (!instance.code.complete(image, x::isSuspendRequested)) {
                return false;
            }
            instance.adopted[i] = memory.adopt(image);
        }
        return true;
    }

    private static boolean elements(Execution x, int index, ConstantExpressions constants) {
        Instance instance = x.home;
        ElementSegment segment = instance.module().elementSegment(index);
        if (segment.mode() == SegmentMode.ACTIVE) {
            Table table = instance.tables[segment.table()];
            int at = (int) constants.evaluate(segment.offsetExpression());
            table.check(at, segment.count());
            ElementValues values = instance.elementValues(index, x::isSuspendRequested);
            if (values == null) {
                return false;
            }
            for (int done = x.initialisedPart(); done < segment.count(); done += CHUNK_ELEMENTS) {
                if (x.isSuspendRequested()) {
                    x.setInitialised(x.initialised(), done);
                    return false;
                }
                for (int i = done; i < Math.min(segment.count(), done + CHUNK_ELEMENTS); i++) {
                    table.put(at + i, values.at(i));
                }
            }
        }
        if (segment.mode() != SegmentMode.PASSIVE) {
            instance.dropElements(index);
        }
        return true;
    }

    private static boolean data(Execution x, int index, ConstantExpressions constants) {
        DataSegment segment = x.home.module().dataSegment(index);
        if (segment.mode() != SegmentMode.ACTIVE) {
            return true;
        }
        if (x.home.adopted[segment.memory()]) {
            x.home.droppedData[index] = true;
            return true;
        }
        Memory memory = x.home.memories[segment.memory()];
        long at = constants.evaluate(segment.offsetExpression()) & 0xFFFF_FFFFL;
        MemorySegment target = memory.slice(at, segment.size());
        MemorySegment source = MemorySegment.ofArray(x.home.module().bytes());
        for (int done = Math.min(x.initialisedPart(), segment.size()); done < segment.size(); done += CHUNK_BYTES) {
            if (x.isSuspendRequested()) {
                x.setInitialised(x.initialised(), done);
                return false;
            }
            int chunk = Math.min(CHUNK_BYTES, segment.size() - done);
            MemorySegment.copy(source, segment.start() + done, target, done, chunk);
        }
        x.home.droppedData[index] = true;
        return true;
    }
}
