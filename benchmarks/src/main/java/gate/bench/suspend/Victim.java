// SPDX-License-Identifier: Apache-2.0
package gate.bench.suspend;

import gate.bench.BenchModules;
import gate.bench.modules.InitialisedModule;
import gate.bench.modules.Shape;
import gate.engine.runtime.Execution;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.wasm.Module;
import java.util.ArrayList;
import java.util.List;

/// Something that runs for a while and is to be stopped.
///
/// @param waitNanos the stop comes at a random moment up to then
/// @param samples how many stops a run of the benchmark makes at most
/// @param source makes an execution for each stop
record Victim(String name, long waitNanos, int samples, Source source) {
    /// Makes something to stop.
    @FunctionalInterface
    interface Source {
        Execution next();
    }

    private static final int MEBIBYTE = 1 << 20;

    private static final List<String> GUESTS = List.of(
            "loop",
            "counting",
            "stores",
            "recursion",
            "memory.fill",
            "memory.copy",
            "table.fill",
            "table.copy",
            "table.grow");

    static List<Victim> all() {
        List<Victim> all = new ArrayList<>();
        Module module = Module.parse(BenchModules.binary("suspend.wat"));
        for (String name : GUESTS) {
            all.add(new Victim(name, 4_000_000, name.startsWith("table") ? 200 : 1000, guest(module, name)));
        }
        Module growing = Module.parse(BenchModules.binary("growing.wat"));
        all.add(new Victim("memory.grow", 4_000_000, 100, guest(growing, "memory.grow")));
        byte[] data = InitialisedModule.withData(64 * MEBIBYTE);
        all.add(new Victim("instantiate: 64 MiB of data", 8_000_000, 100, initialisation(data)));
        byte[] elements = InitialisedModule.withElements(5_000_000);
        all.add(new Victim("instantiate: 5,000,000 elements", 40_000_000, 50, initialisation(elements)));
        for (Shape shape : List.of(Shape.LOOPS, Shape.BLOCKS, Shape.BRANCH_TABLES, Shape.LOCALS, Shape.CALLS)) {
            byte[] function = shape.module(MEBIBYTE);
            all.add(new Victim("translate: " + shape.description(), 6_000_000, 60, translation(function)));
        }
        return all;
    }

    private static Source guest(Module module, String name) {
        List<Store> last = new ArrayList<>();
        return () -> {
            last.forEach(Store::close);
            last.clear();
            Instance instance = allocate(module);
            last.add(instance.store());
            Execution.instantiate(instance).run();
            return Execution.of(instance, false)
                    .call(instance.exportedFunction(name).orElseThrow());
        };
    }

    private static Source initialisation(byte[] binary) {
        return () -> Execution.instantiate(allocate(Module.parse(binary)));
    }

    /// A module each time, because functions are translated once.
    private static Source translation(byte[] binary) {
        return () -> {
            Instance instance = allocate(Module.parse(binary));
            return Execution.of(instance, false).call(0, 0);
        };
    }

    private static Instance allocate(Module module) {
        StoreOptions options = StoreOptions.DEFAULT.withBackend(MemoryBackend.mapped());
        return new Store(options).allocate(module, Imports.none());
    }
}
