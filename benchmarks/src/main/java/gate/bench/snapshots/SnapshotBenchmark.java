// SPDX-License-Identifier: Apache-2.0
package gate.bench.snapshots;

import gate.bench.Benchmark;
import gate.bench.ChildJvm;
import gate.bench.Machine;
import gate.bench.Options;
import gate.bench.Plot;
import gate.bench.Report;
import gate.bench.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Speed and size of saving and restoring, for 1, 16 and 256 MB of touched memory out of 276 MB.
public final class SnapshotBenchmark implements Benchmark {
    @Override
    public String name() {
        return "snapshot";
    }

    @Override
    public String sentence() {
        return "Saving a stopped program to a file and restoring it, by how much of its memory it has touched.";
    }

    @Override
    public Report run(Options options) throws IOException, InterruptedException {
        Path folder = Machine.root().resolve("target/bench-cache");
        Files.createDirectories(folder);
        Table.Builder table = new Table.Builder(
                "Saving and restoring",
                "touched MB",
                "file bytes",
                "beyond the touched",
                "save ms",
                "save MB/s",
                "restore ms",
                "restore MB/s");
        List<Plot.Point> saved = new ArrayList<>();
        List<Plot.Point> restored = new ArrayList<>();
        for (int megabytes : List.of(1, 16, 256)) {
            String line = ChildJvm.run(
                            List.of(),
                            SnapshotWorker.class,
                            List.of(
                                    Integer.toString(megabytes),
                                    options.quick() ? "5" : "15",
                                    folder.resolve("saved.wasm").toString()))
                    .getFirst();
            List<Long> fields =
                    List.of(line.split("\t")).stream().map(Long::parseLong).toList();
            double touched = megabytes * 1e6;
            saved.add(new Plot.Point(megabytes, touched * 1e3 / fields.get(1)));
            restored.add(new Plot.Point(megabytes, touched * 1e3 / fields.get(2)));
            table.row(
                    (long) megabytes,
                    fields.get(0),
                    fields.get(0) - megabytes * 1_000_000L,
                    fields.get(1) / 1e6,
                    touched * 1e3 / fields.get(1),
                    fields.get(2) / 1e6,
                    touched * 1e3 / fields.get(2));
        }
        return new Report(
                name(),
                sentence(),
                List.of(table.build()),
                List.of(new Plot(
                        "snapshot",
                        "Saving and restoring",
                        "MB touched",
                        "MB/s",
                        true,
                        true,
                        List.of(new Plot.Series("save", saved), new Plot.Series("restore", restored)))),
                List.of(
                        "Memory is mapped; the touched part holds pseudo-random numbers. The file is written to and read"
                                + " from the page cache, not synced.",
                        "Medians. Restoring maps the file, validates the module, checks the state and copies the memory."));
    }
}
