// SPDX-License-Identifier: Apache-2.0
package gate.bench.decode;

import gate.bench.Benchmark;
import gate.bench.ChildJvm;
import gate.bench.Machine;
import gate.bench.Options;
import gate.bench.Plot;
import gate.bench.Report;
import gate.bench.Table;
import gate.bench.modules.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Speed of decoding and validation, cold and warm, heap per byte, and whether time and memory are linear.
public final class DecodeBenchmark implements Benchmark {
    private static final int MEBIBYTE = 1 << 20;

    /// What [DecodeWorker] prints of one file.
    private record Measured(long bytes, long first, long median, long best, long allocated, long kept) {
        static Measured parse(String line) {
            List<Long> fields =
                    List.of(line.split("\t")).stream().map(Long::parseLong).toList();
            return new Measured(
                    fields.get(0), fields.get(1), fields.get(2), fields.get(3), fields.get(4), fields.get(5));
        }

        double megabytesPerSecond(long nanos) {
            return bytes * 1e3 / nanos;
        }
    }

    @Override
    public String name() {
        return "decode";
    }

    @Override
    public String sentence() {
        return "Decoding and validating modules: MB/s, heap, and time against size.";
    }

    @Override
    public Report run(Options options) throws IOException, InterruptedException {
        Path folder = Machine.root().resolve("target/bench-cache/modules");
        Files.createDirectories(folder);
        List<Table> tables = new ArrayList<>();
        tables.add(speed(folder, options.quick()));
        List<Integer> sizes = options.quick()
                ? List.of(MEBIBYTE / 4, MEBIBYTE, 4 * MEBIBYTE)
                : List.of(MEBIBYTE / 4, MEBIBYTE, 4 * MEBIBYTE, 16 * MEBIBYTE);
        Table.Builder growth = new Table.Builder(
                "Time and memory against size",
                "module",
                "MB",
                "ms",
                "ns per byte",
                "allocated per byte",
                "kept per byte");
        List<Plot.Series> times = new ArrayList<>();
        List<Plot.Series> heaps = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            List<Plot.Point> time = new ArrayList<>();
            List<Plot.Point> heap = new ArrayList<>();
            for (Measured of : measure(folder, shape, sizes, options.quick() ? 5 : 9)) {
                double megabytes = of.bytes() / 1e6;
                growth.row(
                        shape.description(),
                        megabytes,
                        of.best() / 1e6,
                        (double) of.best() / of.bytes(),
                        (double) of.allocated() / of.bytes(),
                        (double) of.kept() / of.bytes());
                time.add(new Plot.Point(megabytes, of.best() / 1e6));
                heap.add(new Plot.Point(megabytes, of.allocated() / 1e6));
            }
            times.add(new Plot.Series(shape.description(), time));
            heaps.add(new Plot.Series(shape.description(), heap));
        }
        tables.add(growth.build());
        return new Report(
                name(),
                sentence(),
                tables,
                List.of(
                        new Plot("decode-time", "Time to decode and validate", "MB", "ms", true, true, times),
                        new Plot("decode-memory", "Heap allocated meanwhile", "MB", "MB", true, true, heaps)),
                List.of(
                        "Cold is the first module of a fresh JVM, median of several JVMs; growth is the best of some runs.",
                        "Allocated is all that decoding allocates, garbage included; kept is what a module holds beside"
                                + " its own bytes."));
    }

    private static Table speed(Path folder, boolean quick) throws IOException, InterruptedException {
        Path file = folder.resolve("program.wasm");
        Files.write(file, Shape.PROGRAM.module(16 * MEBIBYTE));
        List<Measured> cold = new ArrayList<>();
        for (int i = 0; i < (quick ? 3 : 7); i++) {
            cold.add(run(1, List.of(file)).getFirst());
        }
        cold.sort((a, b) -> Long.compare(a.first(), b.first()));
        Measured first = cold.get(cold.size() / 2);
        Measured warm = run(quick ? 15 : 31, List.of(file)).getFirst();
        return new Table.Builder("A module of ordinary functions", "state", "MB", "ms", "MB/s", "kept per byte")
                .row(
                        "cold",
                        first.bytes() / 1e6,
                        first.first() / 1e6,
                        first.megabytesPerSecond(first.first()),
                        (double) first.kept() / first.bytes())
                .row(
                        "warm",
                        warm.bytes() / 1e6,
                        warm.median() / 1e6,
                        warm.megabytesPerSecond(warm.median()),
                        (double) warm.kept() / warm.bytes())
                .build();
    }

    private static List<Measured> measure(Path folder, Shape shape, List<Integer> sizes, int times)
            throws IOException, InterruptedException {
        List<Path> files = new ArrayList<>();
        for (int size : sizes) {
            Path file = folder.resolve(shape.name().toLowerCase(java.util.Locale.ROOT) + "-" + size + ".wasm");
            Files.write(file, shape.module(size));
            files.add(file);
        }
        // The largest once more at the beginning, so that the small ones don't pay for the JVM's warm-up.
        files.addFirst(files.getLast());
        List<Measured> measured = run(times, files);
        for (Path file : files.subList(1, files.size())) {
            Files.delete(file);
        }
        return measured.subList(1, measured.size());
    }

    private static List<Measured> run(int times, List<Path> files) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(times));
        files.forEach(file -> arguments.add(file.toString()));
        return ChildJvm.run(List.of(), DecodeWorker.class, arguments).stream()
                .map(Measured::parse)
                .toList();
    }
}
