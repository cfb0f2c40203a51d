// SPDX-License-Identifier: Apache-2.0
package gate.bench.suspend;

import gate.bench.Benchmark;
import gate.bench.ChildJvm;
import gate.bench.Options;
import gate.bench.Plot;
import gate.bench.Report;
import gate.bench.Statistics;
import gate.bench.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How long a guest goes on after it has been asked to stop.
public final class SuspendBenchmark implements Benchmark {
    private static final int WALL = 1;
    private static final int RUNNING = 2;

    @Override
    public String name() {
        return "suspend";
    }

    @Override
    public String sentence() {
        return "Microseconds from a request to stop, at a random moment, until the guest has stopped.";
    }

    @Override
    public Report run(Options options) throws IOException, InterruptedException {
        List<String> lines =
                ChildJvm.run(List.of("-Xmx3g"), SuspendWorker.class, List.of(options.quick() ? "60" : "1000"));
        Map<String, List<String[]>> stops = new LinkedHashMap<>();
        for (String line : lines) {
            String[] fields = line.split("\t", 3);
            stops.computeIfAbsent(fields[0], name -> new ArrayList<>()).add(fields);
        }
        Table.Builder table = new Table.Builder(
                "Microseconds until stopped",
                "guest",
                "stops",
                "running p50",
                "running p99",
                "running max",
                "wall p50",
                "wall p99",
                "wall max");
        List<Plot.Series> distributions = new ArrayList<>();
        stops.forEach((name, of) -> {
            double[] running = micros(of, RUNNING);
            distributions.add(new Plot.Series(name, quantiles(running)));
            double[] wall = micros(of, WALL);
            table.row(
                    name,
                    (long) of.size(),
                    Statistics.median(running),
                    Statistics.quantile(running, 0.99),
                    Statistics.quantile(running, 1),
                    Statistics.median(wall),
                    Statistics.quantile(wall, 0.99),
                    Statistics.quantile(wall, 1));
        });
        return new Report(
                name(),
                sentence(),
                List.of(table.build()),
                List.of(new Plot(
                        "suspend", "Running time until stopped", "percent of stops", "µs", false, true, distributions)),
                List.of(
                        "Running is the guest's thread's own processor time after the request, which another load on"
                                + " the machine doesn't lengthen; wall is what a clock says.",
                        "Requests that came after the guest had ended are left out; guests that ran to their end in spite of"
                                + " a request are not."));
    }

    private static List<Plot.Point> quantiles(double[] micros) {
        List<Plot.Point> points = new ArrayList<>();
        for (int percent = 0; percent <= 100; percent++) {
            points.add(new Plot.Point(percent, Math.max(1, Statistics.quantile(micros, percent / 100.0))));
        }
        return points;
    }

    private static double[] micros(List<String[]> stops, int field) {
        return stops.stream()
                .mapToDouble(stop -> Long.parseLong(stop[field]) / 1e3)
                .toArray();
    }
}
