// SPDX-License-Identifier: Apache-2.0
package gate.bench.kernels;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process that runs kernels in one engine, all of them in every round so that profiles mix.
///
/// Prints a line for each kernel: name, checksum, nanoseconds of processor time of every measured round: other
/// load on the machine, and the JVM's own threads, aren't counted.
public final class KernelWorker {
    /// A kernel that is ready to run in some engine.
    interface Runner {
        /// @return the checksum
        long run();
    }

    /// Makes a kernel ready.
    interface Loader {
        Runner load(byte[] binary, int size);
    }

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private KernelWorker() {}

    /// Arguments: engine, folder of the binaries, seconds of warm-up, rounds.
    public static void main(String[] args) throws IOException {
        Loader engine = switch (args[0]) {
            case "gate" -> new GateRunner.Loading(true);
            case "gate-arena" -> new GateRunner.Loading(false);
            case "endive" -> EndiveRunner::load;
            default -> throw new IllegalArgumentException("unknown engine " + args[0]);
        };
        Path folder = Path.of(args[1]);
        long warmUpNanos = (long) (Double.parseDouble(args[2]) * 1e9);
        int rounds = Integer.parseInt(args[3]);
        List<Runner> runners = new ArrayList<>();
        for (Kernel kernel : Kernel.ALL) {
            runners.add(engine.load(Files.readAllBytes(folder.resolve(kernel.name() + ".wasm")), kernel.size()));
        }
        long[] checksums = new long[runners.size()];
        long[][] nanos = new long[runners.size()][rounds];
        long start = System.nanoTime();
        do {
            round(runners, checksums, null, 0);
        } while (System.nanoTime() - start < warmUpNanos);
        for (int i = 0; i < rounds; i++) {
            round(runners, checksums, nanos, i);
        }
        for (int i = 0; i < runners.size(); i++) {
            StringBuilder line = new StringBuilder(Kernel.ALL.get(i).name());
            line.append('\t').append(checksums[i]);
            for (long time : nanos[i]) {
                line.append('\t').append(time);
            }
            System.out.println(line);
        }
    }

    private static void round(
            List<Runner> runners, long[] checksums, long @org.jspecify.annotations.Nullable [][] nanos, int round) {
        for (int i = 0; i < runners.size(); i++) {
            long begun = THREADS.getCurrentThreadCpuTime();
            long checksum = runners.get(i).run();
            long ended = THREADS.getCurrentThreadCpuTime();
            if (nanos == null) {
                checksums[i] = checksum;
            } else {
                nanos[i][round] = ended - begun;
            }
            if (checksum != checksums[i]) {
                throw new IllegalStateException(
                        Kernel.ALL.get(i).name() + " yields " + checksum + " after " + checksums[i]);
            }
        }
    }
}
