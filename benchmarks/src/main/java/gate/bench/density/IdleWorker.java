// SPDX-License-Identifier: Apache-2.0
package gate.bench.density;

import gate.bench.UsedMemory;
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
        UsedMemory before = UsedMemory.now();
        launch(house, program, count, kept);
        try {
            print(UsedMemory.now().each(before, count));
        } finally {
            Reference.reachabilityFence(kept);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void print(UsedMemory each) throws IOException {
        System.out.printf(
                "%d\t%d\t%d\t%d\t%d%n",
                each.heap(),
                each.resident(),
                each.pageTables(),
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
}
