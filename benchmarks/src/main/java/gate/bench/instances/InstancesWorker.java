// SPDX-License-Identifier: Apache-2.0
package gate.bench.instances;

import gate.bench.BenchModules;
import gate.bench.Statistics;
import gate.bench.UsedMemory;
import gate.engine.runtime.Execution;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.wasm.Module;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/// A process that makes instances and keeps them.
///
/// Prints: p50 and p99 of creation in nanoseconds, bytes of Java heap and of resident memory of an instance that has
/// been made, and of one that has been stopped in the middle of a call.
public final class InstancesWorker {
    private InstancesWorker() {}

    /// Arguments: `mapped` or `arena`, how many.
    public static void main(String[] args) throws IOException, InterruptedException {
        MemoryBackend backend = switch (args[0]) {
            case "mapped" -> MemoryBackend.mapped();
            case "arena" -> MemoryBackend.arena();
            default -> throw new IllegalArgumentException("unknown back-end " + args[0]);
        };
        int count = Integer.parseInt(args[1]);
        StoreOptions options = StoreOptions.DEFAULT.withBackend(backend);
        Module module = Module.parse(BenchModules.binary("idle.wat"));
        double[] nanos = new double[count];
        for (int warmUp = 0; warmUp < 3; warmUp++) {
            closeAll(create(module, options, nanos));
        }
        UsedMemory before = UsedMemory.now();
        List<Instance> instances = create(module, options, nanos);
        List<Execution> executions = new ArrayList<>(count);
        try {
            UsedMemory made = UsedMemory.now().each(before, count);
            stopAll(instances, executions);
            UsedMemory stopped = UsedMemory.now().each(before, count);
            System.out.printf(
                    "%d\t%d\t%d\t%d\t%d\t%d%n",
                    (long) Statistics.median(nanos),
                    (long) Statistics.quantile(nanos, 0.99),
                    made.heap(),
                    made.resident(),
                    stopped.heap(),
                    stopped.resident());
        } finally {
            Reference.reachabilityFence(instances);
            Reference.reachabilityFence(executions);
        }
    }

    private static void stopAll(List<Instance> instances, List<Execution> executions) {
        for (Instance instance : instances) {
            Execution execution = Execution.of(instance, true)
                    .call(instance.exportedFunction("wait").orElseThrow());
            execution.setFuel(100);
            execution.run();
            executions.add(execution);
        }
    }

    private static List<Instance> create(Module module, StoreOptions options, double[] nanos) {
        List<Instance> instances = new ArrayList<>(nanos.length);
        for (int i = 0; i < nanos.length; i++) {
            long begun = System.nanoTime();
            Instance instance = new Store(options).allocate(module, Imports.none());
            Execution.instantiate(instance).run();
            nanos[i] = System.nanoTime() - begun;
            instances.add(instance);
        }
        return instances;
    }

    private static void closeAll(List<Instance> instances) {
        instances.forEach(instance -> instance.store().close());
        instances.clear();
    }
}
