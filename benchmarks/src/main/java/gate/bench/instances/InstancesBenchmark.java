// SPDX-License-Identifier: Apache-2.0
package gate.bench.instances;

import gate.bench.Benchmark;
import gate.bench.ChildJvm;
import gate.bench.Options;
import gate.bench.Report;
import gate.bench.Table;
import java.io.IOException;
import java.util.List;

/// What an instance costs: time to make it, memory while it waits.
public final class InstancesBenchmark implements Benchmark {
    @Override
    public String name() {
        return "instances";
    }

    @Override
    public String sentence() {
        return "Making instances of a small program, and memory that idle ones take.";
    }

    @Override
    public Report run(Options options) throws IOException, InterruptedException {
        Table.Builder table = new Table.Builder(
                "An instance",
                "memory back-end",
                "instances",
                "made in µs p50",
                "p99",
                "heap bytes, made",
                "resident bytes, made",
                "heap bytes, stopped in a call",
                "resident bytes, stopped");
        for (String backend : List.of("mapped", "arena")) {
            long count = options.quick() ? 2_000 : 10_000;
            // The heap is committed and touched at the start, so that growing it doesn't count as an instance's.
            String line = ChildJvm.run(
                            List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"),
                            InstancesWorker.class,
                            List.of(backend, Long.toString(count)))
                    .getFirst();
            List<Long> fields =
                    List.of(line.split("\t")).stream().map(Long::parseLong).toList();
            table.row(
                    backend,
                    count,
                    fields.get(0) / 1e3,
                    fields.get(1) / 1e3,
                    fields.get(2),
                    fields.get(3),
                    fields.get(4),
                    fields.get(5));
        }
        return new Report(
                name(),
                sentence(),
                List.of(table.build()),
                List.of(),
                List.of(
                        "The program has two pages of memory, of which it touches 3 KB, a table and two globals. Making"
                                + " is allocating in a store of its own and running its initialisation.",
                        "Resident bytes are those outside the Java heap. Page tables come on top: the kernel counts them"
                                + " apart."));
    }
}
