// SPDX-License-Identifier: Apache-2.0
package gate.bench.density;

import gate.bench.Benchmark;
import gate.bench.ChildJvm;
import gate.bench.Options;
import gate.bench.Report;
import gate.bench.Table;
import java.io.IOException;
import java.util.List;

/// What a Gate program costs beside others: memory while it waits, time to start, packets and streams.
public final class DensityBenchmark implements Benchmark {
    /// Of the linear memory of `waiting.wat`: one page of the operating system.
    private static final long TOUCHED_BYTES = 4096;

    @Override
    public String name() {
        return "density";
    }

    @Override
    public String sentence() {
        return "Gate programs with their services: memory of idle ones, starts, packets, streams.";
    }

    @Override
    public Report run(Options options) throws IOException, InterruptedException {
        return new Report(
                name(),
                sentence(),
                List.of(idle(options), life(options)),
                List.of(),
                List.of(
                        "An idle program has discovered origin, has an accept outstanding, and waits in `io`; it has two"
                                + " pages of memory, of which it has touched one page of the operating system, which isn't"
                                + " counted. While it waits, neither it nor its services hold a thread (decision 0018).",
                        "A start is everything from the module to the program's virtual thread being started; with its end,"
                                + " until a program that only returns has been reported as halted and its services are"
                                + " shut down.",
                        "A round trip is measured at the service, from one call to the next: program, `io`, channel,"
                                + " session, service and back, with two changes of threads.",
                        "A stream is an echo: each byte goes from client to program and back."));
    }

    private static Table idle(Options options) throws IOException, InterruptedException {
        long count = options.quick() ? 2_000 : 10_000;
        List<Long> fields = numbers(ChildJvm.run(
                        List.of("-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"),
                        IdleWorker.class,
                        List.of(Long.toString(count)))
                .getFirst());
        return new Table.Builder(
                        "An idle program, in bytes",
                        "instances",
                        "heap",
                        "resident outside of it, beyond touched pages",
                        "page tables",
                        "in all",
                        "mappings of the process",
                        "allowed")
                .row(
                        count,
                        fields.get(0),
                        fields.get(1) - TOUCHED_BYTES,
                        fields.get(2),
                        fields.get(0) + fields.get(1) - TOUCHED_BYTES + fields.get(2),
                        fields.get(3),
                        fields.get(4))
                .build();
    }

    private static Table life(Options options) throws IOException, InterruptedException {
        List<String> lines = ChildJvm.run(
                List.of("-Xmx2g"),
                LifeWorker.class,
                options.quick()
                        ? List.of("1000", "50000", "500000", "300000000")
                        : List.of("5000", "300000", "3000000", "2000000000"));
        Table.Builder table = new Table.Builder("Starts, packets, streams", "what", "p50", "p99", "unit");
        String[] names = {"start", "start and end", "the same behind spinning programs", "round trip to a service"};
        for (int i = 0; i < names.length; i++) {
            List<Long> fields = numbers(lines.get(i));
            table.row(names[i], fields.get(0) / 1e3, fields.get(1) / 1e3, "µs");
        }
        table.row("packets to a service", numbers(lines.get(4)).getFirst(), Double.NaN, "1/s");
        table.row("echo over one stream", numbers(lines.get(5)).getFirst() / 1e6, Double.NaN, "MB/s");
        return table.build();
    }

    private static List<Long> numbers(String line) {
        return List.of(line.split("\t")).stream().map(Long::parseLong).toList();
    }
}
