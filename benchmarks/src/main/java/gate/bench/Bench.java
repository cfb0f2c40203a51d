// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import gate.bench.decode.DecodeBenchmark;
import gate.bench.density.DensityBenchmark;
import gate.bench.instances.InstancesBenchmark;
import gate.bench.kernels.KernelsBenchmark;
import gate.bench.snapshots.SnapshotBenchmark;
import gate.bench.start.StartBenchmark;
import gate.bench.suspend.SuspendBenchmark;
import java.io.IOException;
import java.util.List;

/// The command behind `./bench`.
public final class Bench {
    private static final List<Benchmark> ALL = List.of(
            new KernelsBenchmark(),
            new StartBenchmark(),
            new DecodeBenchmark(),
            new SuspendBenchmark(),
            new SnapshotBenchmark(),
            new InstancesBenchmark(),
            new DensityBenchmark());

    private static final int USAGE = 64;

    private Bench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.exit(run(args));
    }

    private static int run(String[] args) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            return USAGE;
        }
        if (options.name().equals("list")) {
            ALL.forEach(benchmark -> System.out.printf("%-10s %s%n", benchmark.name(), benchmark.sentence()));
            return 0;
        }
        List<Benchmark> chosen = ALL.stream()
                .filter(benchmark ->
                        options.name().equals("all") || options.name().equals(benchmark.name()))
                .toList();
        if (chosen.isEmpty()) {
            System.err.println("bench: no benchmark is called '" + options.name() + "': see ./bench list");
            return USAGE;
        }
        Machine machine = Machine.current();
        for (Benchmark benchmark : chosen) {
            Report report = benchmark.run(options);
            System.out.print(options.json() ? ReportJson.of(report, machine) : ReportText.of(report, machine));
            System.out.flush();
            if (options.save()) {
                ReportFiles.write(report, machine);
            }
        }
        return 0;
    }
}
