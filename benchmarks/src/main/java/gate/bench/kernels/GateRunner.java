// SPDX-License-Identifier: Apache-2.0
package gate.bench.kernels;

import gate.engine.runtime.Execution;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.wasm.Module;

/// A kernel in our interpreter.
public final class GateRunner implements KernelWorker.Runner {
    private final Instance instance;
    private final int function;
    private final int size;
    private final Execution execution;

    private GateRunner(Instance instance, int size) {
        this.instance = instance;
        this.size = size;
        this.function = instance.exportedFunction("run").orElseThrow();
        this.execution = Execution.of(instance, false);
    }

    /// Chooses the memory back-end.
    ///
    /// @param mapped or the flag-free one
    record Loading(boolean mapped) implements KernelWorker.Loader {
        @Override
        public GateRunner load(byte[] binary, int size) {
            StoreOptions options =
                    StoreOptions.DEFAULT.withBackend(mapped ? MemoryBackend.mapped() : MemoryBackend.arena());
            Instance instance = new Store(options).allocate(Module.parse(binary), Imports.none());
            Execution.instantiate(instance).run();
            return new GateRunner(instance, size);
        }
    }

    /// A kernel with mapped memory.
    public static GateRunner load(byte[] binary, int size) {
        return new Loading(true).load(binary, size);
    }

    @Override
    public long run() {
        execution.call(function, size).run();
        return execution.results()[0];
    }

    /// Instructions that one run executes.
    public long instructions() {
        Execution counting = Execution.of(instance, true).call(function, size);
        counting.run();
        return counting.fuelUsed();
    }
}
