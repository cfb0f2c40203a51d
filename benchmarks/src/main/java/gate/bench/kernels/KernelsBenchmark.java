// SPDX-License-Identifier: Apache-2.0
package gate.bench.kernels;

import gate.bench.Benchmark;
import gate.bench.ChildJvm;
import gate.bench.Machine;
import gate.bench.Options;
import gate.bench.Plot;
import gate.bench.Report;
import gate.bench.Statistics;
import gate.bench.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Speed of the warm interpreter, beside that of Endive's interpreter and of V8.
public final class KernelsBenchmark implements Benchmark {
    /// What an engine did with a kernel.
    private record Outcome(long checksum, double medianNanos) {}

    @Override
    public String name() {
        return "kernels";
    }

    @Override
    public String sentence() {
        return "Nanoseconds per executed WebAssembly instruction, warm, all kernels in turn in one process.";
    }

    @Override
    public Report run(Options options) throws IOException, InterruptedException {
        Path binaries = Machine.root().resolve("target/bench-cache/kernels");
        Files.createDirectories(binaries);
        Map<String, Long> instructions = new LinkedHashMap<>();
        for (Kernel kernel : Kernel.ALL) {
            byte[] binary = kernel.binary();
            Files.write(binaries.resolve(kernel.name() + ".wasm"), binary);
            instructions.put(
                    kernel.name(), GateRunner.load(binary, kernel.size()).instructions());
        }
        int warmUp = options.quick() ? 5 : 12;
        int rounds = options.quick() ? 15 : 41;
        Map<String, Map<String, Outcome>> engines = new LinkedHashMap<>();
        List<String> remarks = new ArrayList<>();
        remarks.add("An executed instruction is every one except block, loop, else, end, nop and drop; medians of "
                + rounds + " rounds after " + warmUp
                + " s of warm-up. Processor time of the running thread; V8's is time by the clock.");
        engines.put("gate", jvm("gate", binaries, warmUp, rounds));
        if (!options.quick()) {
            engines.put("gate, arena", jvm("gate-arena", binaries, warmUp, rounds));
        }
        engines.put("Endive 1.0.0", jvm("endive", binaries, warmUp, options.quick() ? 5 : 15));
        Optional<V8> v8 = V8.find();
        if (v8.isPresent()) {
            engines.put("V8", outcomes(v8.get().run(binaries, options.quick() ? 1 : 3, rounds)));
            remarks.add("V8 is that of " + v8.get().version() + ".");
        } else {
            remarks.add("V8 was skipped: no Node here, and none could be fetched.");
        }
        return new Report(
                name(),
                sentence(),
                List.of(table(instructions, engines)),
                List.of(plot(instructions, engines)),
                remarks);
    }

    private static Map<String, Outcome> jvm(String engine, Path binaries, int warmUp, int rounds)
            throws IOException, InterruptedException {
        return outcomes(ChildJvm.run(
                List.of(),
                KernelWorker.class,
                List.of(engine, binaries.toString(), Integer.toString(warmUp), Integer.toString(rounds))));
    }

    private static Map<String, Outcome> outcomes(List<String> lines) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (String line : lines) {
            List<String> fields = List.of(line.split("\t"));
            double[] nanos =
                    fields.stream().skip(2).mapToDouble(Double::parseDouble).toArray();
            outcomes.put(fields.get(0), new Outcome(Long.parseLong(fields.get(1)), Statistics.median(nanos)));
        }
        return outcomes;
    }

    private static Table table(Map<String, Long> instructions, Map<String, Map<String, Outcome>> engines) {
        List<String> columns = new ArrayList<>(List.of("kernel", "instructions"));
        columns.addAll(engines.keySet());
        columns.add("checksum");
        List<List<Object>> rows = new ArrayList<>();
        Map<String, List<Double>> all = new LinkedHashMap<>();
        instructions.forEach((kernel, count) -> {
            List<Object> row = new ArrayList<>(List.of(kernel, count));
            long expected = outcome(engines, "gate", kernel).checksum();
            for (String engine : engines.keySet()) {
                Outcome outcome = outcome(engines, engine, kernel);
                if (outcome.checksum() != expected) {
                    throw new IllegalStateException(kernel + " yields " + outcome.checksum() + " in " + engine
                            + ", but " + expected + " in ours");
                }
                double nanos = outcome.medianNanos() / count;
                row.add(nanos);
                all.computeIfAbsent(engine, name -> new ArrayList<>()).add(nanos);
            }
            row.add(String.format("%016x", expected));
            rows.add(row);
        });
        List<Object> last = new ArrayList<>(List.of(
                "geomean",
                instructions.values().stream().mapToLong(Long::longValue).sum()));
        all.values()
                .forEach(nanos -> last.add(Statistics.geomean(
                        nanos.stream().mapToDouble(Double::doubleValue).toArray())));
        last.add("");
        rows.add(last);
        return new Table("ns per executed instruction", columns, rows);
    }

    private static Plot plot(Map<String, Long> instructions, Map<String, Map<String, Outcome>> engines) {
        List<Plot.Series> series = new ArrayList<>();
        for (String engine : engines.keySet()) {
            List<Plot.Point> points = new ArrayList<>();
            instructions.forEach((kernel, count) -> points.add(new Plot.Point(
                    points.size() + 1, outcome(engines, engine, kernel).medianNanos() / count)));
            series.add(new Plot.Series(engine, points));
        }
        return new Plot(
                "kernels",
                "Time of an executed instruction",
                "kernel, in the table's order",
                "ns",
                false,
                true,
                series);
    }

    private static Outcome outcome(Map<String, Map<String, Outcome>> engines, String engine, String kernel) {
        Outcome outcome = engines.getOrDefault(engine, Map.of()).get(kernel);
        if (outcome == null) {
            throw new IllegalStateException(engine + " didn't run " + kernel);
        }
        return outcome;
    }
}
