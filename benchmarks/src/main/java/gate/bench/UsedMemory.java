// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What this process uses, in bytes.
///
/// @param heap Java objects
/// @param resident memory of the process in RAM, the heap included
/// @param pageTables the kernel's own, for it
public record UsedMemory(long heap, long resident, long pageTables) {
    /// After the garbage has been collected.
    public static UsedMemory now() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200); // cleaners free what belongs to the garbage
        }
        long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        return new UsedMemory(heap, field("VmRSS:"), field("VmPTE:"));
    }

    private static long field(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("/proc/self/status has no " + name);
    }

    /// Bytes for each of `count` things that have been made since `before`.
    public UsedMemory each(UsedMemory before, int count) {
        return new UsedMemory(
                (heap - before.heap) / count,
                (resident - before.resident) / count,
                (pageTables - before.pageTables) / count);
    }
}
