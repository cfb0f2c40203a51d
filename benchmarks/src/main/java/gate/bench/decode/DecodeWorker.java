// SPDX-License-Identifier: Apache-2.0
package gate.bench.decode;

import com.sun.management.ThreadMXBean;
import gate.bench.Statistics;
import gate.engine.wasm.Module;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;

/// A process that decodes and validates files, each some times.
///
/// Prints a line for each: size, nanoseconds of the first time, of the median and of the best time, bytes allocated
/// by the last time, bytes of heap that the module keeps beside its own bytes.
public final class DecodeWorker {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private DecodeWorker() {}

    /// Arguments: how often, files.
    public static void main(String[] args) throws IOException {
        int times = Integer.parseInt(args[0]);
        for (int i = 1; i < args.length; i++) {
            measure(Files.readAllBytes(Path.of(args[i])), times);
        }
    }

    private static void measure(byte[] bytes, int times) {
        double[] nanos = new double[times];
        long allocated = 0;
        for (int i = 0; i < times; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            nanos[i] = parse(bytes);
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        long kept = kept(bytes);
        System.out.printf(
                "%d\t%d\t%d\t%d\t%d\t%d%n",
                bytes.length,
                (long) nanos[0],
                (long) Statistics.median(nanos),
                (long) Statistics.quantile(nanos, 0),
                allocated,
                kept);
    }

    private static long parse(byte[] bytes) {
        long begun = System.nanoTime();
        Module module = Module.parse(bytes);
        long nanos = System.nanoTime() - begun;
        if (module.functionCount() < 0) {
            throw new IllegalStateException("nothing was decoded");
        }
        return nanos;
    }

    private static long kept(byte[] bytes) {
        long before = used();
        Module module = Module.parse(bytes);
        try {
            return used() - before;
        } finally {
            Reference.reachabilityFence(module);
        }
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
