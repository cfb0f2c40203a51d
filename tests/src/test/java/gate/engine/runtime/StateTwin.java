// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Module;
import java.lang.foreign.MemorySegment;

/// What a saved file does, without the file: an execution's image and its instance's state, put into another instance.
public final class StateTwin {
    private StateTwin() {}

    /// An execution of a new instance in another store that stands where this one stands.
    public static Execution move(Execution from, Store store, Module module, Imports imports)
            throws CorruptImageException {
        Instance target = store.allocate(module, imports);
        copy(from.instance(), target);
        return Images.restore(target, Images.capture(from));
    }

    /// Puts an instance's state into another of the same module.
    public static void copy(Instance from, Instance to) {
        for (int i = 0; i < from.memories.length; i++) {
            Memory source = from.memories[i];
            Memory target = to.memories[i];
            if (target.grow(source.pages() - target.pages()) < 0) {
                throw new IllegalStateException("memory doesn't grow");
            }
            MemorySegment.copy(source.slice(0, source.limit), 0, target.slice(0, target.limit), 0, source.limit);
        }
        for (int i = 0; i < from.tables.length; i++) {
            if (to.tables[i].grow(from.tables[i].size - to.tables[i].size, 0) < 0) {
                throw new IllegalStateException("table doesn't grow");
            }
            for (int j = 0; j < from.tables[i].size; j++) {
                to.tables[i].put(j, from.tables[i].at(j));
            }
        }
        for (int i = 0; i < from.globals.length; i++) {
            to.globals[i].value = from.globals[i].value;
        }
        System.arraycopy(from.droppedElements, 0, to.droppedElements, 0, from.droppedElements.length);
        System.arraycopy(from.droppedData, 0, to.droppedData, 0, from.droppedData.length);
    }
}
