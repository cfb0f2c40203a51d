// SPDX-License-Identifier: Apache-2.0
package gate.bench.start;

import gate.bench.Benchmark;
import gate.bench.ChildJvm;
import gate.bench.Machine;
import gate.bench.Options;
import gate.bench.Plot;
import gate.bench.Report;
import gate.bench.Statistics;
import gate.bench.Table;
import gate.bench.kernels.GateRunner;
import gate.bench.kernels.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Speed over the first five seconds of a process: the JVM interprets and compiles the interpreter meanwhile.
public final class StartBenchmark implements Benchmark {
    private static final int SECONDS = 5;
    private static final int BUCKET_MILLIS = 100;
    private static final int BUCKETS = SECONDS * 1000 / BUCKET_MILLIS;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String sentence() {
        return "Nanoseconds per executed instruction in the first five seconds after a JVM's start, kernels in turn.";
    }

    @Override
    public Report run(Options options) throws IOException, InterruptedException {
        Path binaries = Machine.root().resolve("target/bench-cache/kernels");
        Files.createDirectories(binaries);
        Map<String, Long> instructions = new HashMap<>();
        for (Kernel kernel : Kernel.ALL) {
            byte[] binary = kernel.binary();
            Files.write(binaries.resolve(kernel.name() + ".wasm"), binary);
            instructions.put(
                    kernel.name(), GateRunner.load(binary, kernel.portion()).instructions());
        }
        int starts = options.quick() ? 3 : 9;
        double[][] speeds = new double[BUCKETS][starts];
        for (int start = 0; start < starts; start++) {
            double[] speed = speeds(
                    ChildJvm.run(List.of(), StartWorker.class, List.of(binaries.toString(), Integer.toString(SECONDS))),
                    instructions);
            for (int i = 0; i < BUCKETS; i++) {
                speeds[i][start] = speed[i];
            }
        }
        List<Plot.Point> points = new ArrayList<>();
        Table.Builder table = new Table.Builder("ns per executed instruction", "until s", "median", "best", "worst");
        for (int i = 0; i < BUCKETS; i++) {
            double[] known =
                    java.util.Arrays.stream(speeds[i]).filter(Double::isFinite).toArray();
            if (known.length == 0) {
                continue;
            }
            double seconds = (i + 1) * BUCKET_MILLIS / 1e3;
            points.add(new Plot.Point(seconds, Statistics.median(known)));
            if (i < 10 || (i + 1) % 5 == 0) {
                table.row(
                        seconds,
                        Statistics.median(known),
                        Statistics.quantile(known, 0),
                        Statistics.quantile(known, 1));
            }
        }
        return new Report(
                name(),
                sentence(),
                List.of(table.build()),
                List.of(new Plot(
                        "start",
                        "Speed after a JVM's start",
                        "seconds",
                        "ns per instruction",
                        false,
                        true,
                        List.of(new Plot.Series("median of " + starts, points)))),
                List.of("Each row is the time of 100 ms divided by the instructions that were executed in it; over "
                        + starts + " starts. Without an AOT cache."));
    }

    /// Nanoseconds per instruction in each bucket; NaN where no portion ended in it.
    private static double[] speeds(List<String> lines, Map<String, Long> instructions) {
        double[] nanos = new double[BUCKETS];
        double[] executed = new double[BUCKETS];
        for (String line : lines) {
            String[] fields = line.split("\t", 3);
            int bucket = Integer.parseInt(fields[1]) / BUCKET_MILLIS;
            if (bucket < BUCKETS) {
                nanos[bucket] += Double.parseDouble(fields[2]);
                executed[bucket] += instructions.getOrDefault(fields[0], 0L);
            }
        }
        double[] speeds = new double[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            speeds[i] = executed[i] == 0 ? Double.NaN : nanos[i] / executed[i];
        }
        return speeds;
    }
}
