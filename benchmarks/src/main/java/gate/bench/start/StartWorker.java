// SPDX-License-Identifier: Apache-2.0
package gate.bench.start;

import gate.bench.kernels.GateRunner;
import gate.bench.kernels.Kernel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process that runs small portions of all kernels in turn from its very start.
///
/// Prints a line for each portion: kernel, milliseconds since the JVM's start at its end, nanoseconds it took.
public final class StartWorker {
    private StartWorker() {}

    /// Arguments: folder of the binaries, seconds.
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        // Of the two clocks, one is since the JVM's start, the other is exact.
        long zero = System.nanoTime() - (System.currentTimeMillis() - started) * 1_000_000;
        long end = zero + (long) (Double.parseDouble(args[1]) * 1e9);
        List<GateRunner> runners = new ArrayList<>();
        for (Kernel kernel : Kernel.ALL) {
            byte[] binary = Files.readAllBytes(folder.resolve(kernel.name() + ".wasm"));
            runners.add(GateRunner.load(binary, kernel.portion()));
        }
        StringBuilder lines = new StringBuilder();
        long now = System.nanoTime();
        for (int i = 0; now < end; i = (i + 1) % runners.size()) {
            runners.get(i).run();
            long then = System.nanoTime();
            lines.append(Kernel.ALL.get(i).name())
                    .append('\t')
                    .append((then - zero) / 1_000_000)
                    .append('\t')
                    .append(then - now)
                    .append('\n');
            now = then;
        }
        System.out.print(lines);
    }
}
