// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Store;
import gate.engine.wasm.ValueType;

/// An instance of a script, whichever engine instance stands for it at the moment: continuing from a saved file makes
/// a new one.
final class ScriptInstance {
    private Instance instance;
    private final Imports imports;
    private final boolean selfContained;
    private boolean imported;

    /// @param imports give the same values whenever they are asked
    /// @param selfContained whether the imports are host functions and constants only
    ScriptInstance(Instance instance, Imports imports, boolean selfContained) {
        this.instance = instance;
        this.imports = imports;
        this.selfContained = selfContained;
    }

    Instance current() {
        return instance;
    }

    Imports imports() {
        return imports;
    }

    /// From now on another instance holds what this one exports, so this one can't be replaced any more.
    void markImported() {
        imported = true;
    }

    boolean isImported() {
        return imported;
    }

    /// Whether it shares nothing that can change with anything else.
    boolean isAlone() {
        return selfContained && !imported;
    }

    /// Lets a restored instance stand for it. The one before gives its memories back.
    ///
    /// @param shared the store that outlives it; any other is closed when its only instance leaves it
    @SuppressWarnings("ReferenceEquality") // a store is what it is
    void replace(Instance restored, Store shared) {
        Store left = instance.store();
        if (left != shared) {
            left.close();
        } else {
            for (int i = instance.module().importedMemoryCount(); i < instance.memoryCount(); i++) {
                instance.memory(i).close();
            }
        }
        instance = restored;
    }

    /// Whether it holds, in something that `owner` doesn't share, a reference to one of the owner's functions.
    boolean holdsFunctionsOf(Instance owner) {
        for (int i = 0; i < instance.module().tableCount(); i++) {
            if (!shares(owner, i) && tableHolds(i, owner)) {
                return true;
            }
        }
        for (int i = 0; i < instance.module().globalCount(); i++) {
            if (isFunctionType(instance.module().global(i).valueType())
                    && owns(owner, instance.global(i).value())) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("ReferenceEquality") // the same table, not an equal one
    private boolean shares(Instance owner, int table) {
        for (int i = 0; i < owner.module().tableCount(); i++) {
            if (owner.table(i) == instance.table(table)) {
                return true;
            }
        }
        return false;
    }

    private boolean tableHolds(int table, Instance owner) {
        if (!isFunctionType(instance.module().table(table).elementType())) {
            return false;
        }
        for (int i = 0; i < instance.table(table).size(); i++) {
            if (owns(owner, instance.table(table).get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFunctionType(int type) {
        return ValueType.isReference(type)
                && (ValueType.isConcrete(type) || ValueType.heap(type) == ValueType.HEAP_FUNC);
    }

    private static boolean owns(Instance owner, long reference) {
        return reference != 0
                && owner.functionIndex(reference).orElse(-1) >= owner.module().importedFunctionCount();
    }
}
