// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Module;

/// Puts saved state into an instance that has been allocated and not run. Everything is checked against its types.
public final class InstanceState {
    private final Instance instance;
    private final Module module;

    public InstanceState(Instance instance) {
        this.instance = instance;
        this.module = instance.module();
    }

    /// Sets a global.
    ///
    /// @return false where the value isn't of its type
    public boolean setGlobal(int index, long value) {
        if (!fits(module.global(index).valueType(), value)) {
            return false;
        }
        instance.globals[index].value = value;
        return true;
    }

    private boolean fits(int type, long value) {
        try {
            ValueCheck.check(instance, type, value, "");
            return true;
        } catch (CorruptImageException e) {
            return false;
        }
    }

    /// Makes a memory zero and of a size that is at least its own.
    public boolean resetMemory(int index, int pages) {
        Memory memory = instance.memories[index];
        if (pages < memory.pages() || memory.grow(pages - memory.pages()) < 0) {
            return false;
        }
        memory.slice(0, memory.byteSize()).fill((byte) 0);
        return true;
    }

    /// Gives a table a size that is at least its own.
    public boolean resetTable(int index, int size) {
        Table table = instance.tables[index];
        return size >= table.size() && table.grow(size - table.size(), 0) >= 0;
    }

    /// Sets elements of a table to a reference.
    ///
    /// @return false where the reference isn't of the table's type
    public boolean setElements(int index, int from, int count, long reference) {
        if (!fits(module.table(index).elementType(), reference)) {
            return false;
        }
        Table table = instance.tables[index];
        table.check(from, count);
        table.fill(from, count, reference);
        return true;
    }

    public void dropElements(int segment) {
        instance.dropElements(segment);
    }

    public void dropData(int segment) {
        instance.droppedData[segment] = true;
    }
}
