// SPDX-License-Identifier: Apache-2.0
package gate.bench.density;

import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.Program;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process with many idle instances.
///
/// Prints, for each instance: bytes of Java heap, of resident memory outside of it, of page tables; and how many memory
/// mappings the process has, and how many it may have.
public final class IdleWorker {
    private static final int WARM_UP = 500;

    private IdleWorker() {}

    /// Arguments: how many.
    public static void main(String[] args) throws IOException, InterruptedException, InstanceException {
        int count = Integer.parseInt(args[0]);
        House house = new House(List.of());
        Program program = House.program("waiting.wat");
        List<House.Running> kept = new ArrayList<>();
        launch(house, program, WARM_UP, kept);
        long[] before = used();
        launch(house, program, count, kept);
        try {
            print(before, used(), count);
        } finally {
            Reference.reachabilityFence(kept);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void print(long[] before, long[] after, int count) throws IOException {
        System.out.printf(
                "%d\t%d\t%d\t%d\t%d%n",
                (after[0] - before[0]) / count,
                (after[1] - before[1]) / count,
                (after[2] - before[2]) / count,
                Files.readAllLines(Path.of("/proc/self/maps")).size(),
                Long.parseLong(Files.readAllLines(Path.of("/proc/sys/vm/max_map_count"))
                        .getFirst()));
    }

    private static void launch(House house, Program program, int count, List<House.Running> kept)
            throws InstanceException, InterruptedException {
        for (int i = 0; i < count; i++) {
            kept.add(house.launch(program, ""));
        }
        Thread.sleep(2000); // all of them have come to wait
    }

    private static long[] used() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200); // cleaners free what belongs to the garbage
        }
        long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        return new long[] {heap, kilobytes("VmRSS:"), kilobytes("VmPTE:")};
    }

    private static long kilobytes(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("/proc/self/status has no " + field);
    }
}
