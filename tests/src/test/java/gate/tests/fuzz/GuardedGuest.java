// SPDX-License-Identifier: Apache-2.0
package gate.tests.fuzz;

import gate.engine.runtime.Execution;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.Trap;
import gate.engine.runtime.UnlinkableException;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import gate.tests.equivalence.ImportsByType;
import gate.tests.equivalence.SavedFile;
import java.io.IOException;
import java.util.Optional;

/// Runs a module that nobody knows, with little of everything, and stops it now and then to save and restore it.
final class GuardedGuest {
    static final StoreOptions OPTIONS = new StoreOptions(MemoryBackend.arena(), 16, 10_000, 10_000);

    private static final long FUEL_PER_STRETCH = 500;
    private static final int STRETCHES = 4;
    private static final int CALLS = 4;

    private GuardedGuest() {}

    /// What is given for a module's imports: functions that return zeros or trap, tables, memories and globals.
    static Imports imports(Module module) {
        return new ImportsByType(module, OPTIONS, (name, type) -> host(type), type -> 0);
    }

    private static HostFunction host(FunctionType type) {
        return call -> {
            for (int i = 0; i < type.resultCount(); i++) {
                if (!ValueType.isDefaultable(type.result(i))) {
                    throw new Trap(Trap.Code.HOST);
                }
                call.result(i, 0);
            }
            return HostFunction.Outcome.DONE;
        };
    }

    /// Instantiates a module and calls some of its functions.
    ///
    /// @return a saved file of it on the way, if it was still running then
    static Optional<byte[]> run(Module module) throws IOException, CorruptSnapshotException {
        try (Store store = new Store(OPTIONS)) {
            Instance instance;
            try {
                instance = store.allocate(module, imports(module));
            } catch (UnlinkableException e) {
                return Optional.empty();
            }
            Execution execution = Execution.instantiate(instance, true);
            int calls = 0;
            for (int i = module.functionCount() - 1; i >= 0 && calls < CALLS; i--) {
                if (takesDefaults(module.functionType(i))) {
                    execution.call(i, new long[module.functionType(i).parameterCount()]);
                    calls++;
                }
            }
            return drive(execution);
        }
    }

    private static boolean takesDefaults(FunctionType type) {
        for (int i = 0; i < type.parameterCount(); i++) {
            if (!ValueType.isDefaultable(type.parameter(i))) {
                return false;
            }
        }
        return true;
    }

    /// Runs a saved program on.
    static void resume(Snapshot snapshot) throws IOException, CorruptSnapshotException {
        try (Store store = new Store(OPTIONS)) {
            drive(snapshot.restore(store, imports(snapshot.module())));
        } catch (UnlinkableException e) {
            return; // its imports are others than we have
        }
    }

    private static Optional<byte[]> drive(Execution first) throws IOException, CorruptSnapshotException {
        Execution execution = first;
        Optional<byte[]> saved = Optional.empty();
        Store store = null;
        try {
            for (int i = 0; i < STRETCHES; i++) {
                if (execution.isCounting()) {
                    execution.setFuel(FUEL_PER_STRETCH);
                } else {
                    execution.suspend();
                }
                if (execution.run() == Execution.Status.FINISHED) {
                    break;
                }
                byte[] file = SavedFile.of(execution);
                saved = Optional.of(file);
                Snapshot snapshot = SavedFile.read(file);
                Store next = new Store(OPTIONS);
                execution = snapshot.restore(next, imports(snapshot.module()));
                if (store != null) {
                    store.close();
                }
                store = next;
            }
        } catch (Trap trap) {
            return saved;
        } finally {
            if (store != null) {
                store.close();
            }
        }
        return saved;
    }
}
