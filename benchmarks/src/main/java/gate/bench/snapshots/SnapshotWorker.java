// SPDX-License-Identifier: Apache-2.0
package gate.bench.snapshots;

import gate.bench.BenchModules;
import gate.bench.Statistics;
import gate.engine.runtime.Execution;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;

/// A process that saves and restores a program.
///
/// Prints the file's size and median nanoseconds of saving and of restoring.
public final class SnapshotWorker {
    private SnapshotWorker() {}

    /// Arguments: megabytes of memory to touch, how often to save and restore, the file.
    public static void main(String[] args) throws IOException, CorruptSnapshotException, InterruptedException {
        int touched = Integer.parseInt(args[0]) * 1_000_000;
        int times = Integer.parseInt(args[1]);
        Path file = Path.of(args[2]);
        Execution execution = stopped(touched);
        double[] save = new double[times];
        double[] restore = new double[times];
        for (int i = 0; i < times; i++) {
            long begun = System.nanoTime();
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                SnapshotWriter.write(execution, new byte[0], channel);
            }
            save[i] = System.nanoTime() - begun;
            begun = System.nanoTime();
            try (Arena arena = Arena.ofConfined();
                    FileChannel channel = FileChannel.open(file);
                    Store store = store()) {
                MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
                Execution restored = Snapshot.read(mapped, EnumSet.allOf(Feature.class), Limits.DEFAULT)
                        .restore(store, Imports.none());
                restore[i] = System.nanoTime() - begun;
                check(restored.instance(), execution.instance(), touched);
            }
        }
        System.out.printf(
                "%d\t%d\t%d%n", Files.size(file), (long) Statistics.median(save), (long) Statistics.median(restore));
        Files.delete(file);
    }

    private static Store store() {
        return new Store(StoreOptions.DEFAULT.withBackend(MemoryBackend.mapped()));
    }

    /// A program that has touched so much memory and was stopped then.
    private static Execution stopped(int touched) throws InterruptedException {
        Instance instance = store().allocate(Module.parse(BenchModules.binary("touch.wat")), Imports.none());
        Execution.instantiate(instance).run();
        Execution execution = Execution.of(instance, false)
                .call(instance.exportedFunction("run").orElseThrow(), touched);
        Thread runner = new Thread(execution::run);
        runner.start();
        while (instance.memory(0).loadLong(touched - 8) == 0) {
            Thread.sleep(10);
        }
        execution.suspend();
        runner.join();
        return execution;
    }

    private static void check(Instance restored, Instance saved, int touched) {
        for (long at : new long[] {0, touched / 2, touched - 8}) {
            if (restored.memory(0).loadLong(at) != saved.memory(0).loadLong(at)) {
                throw new IllegalStateException("memory differs at " + at);
            }
        }
    }
}
