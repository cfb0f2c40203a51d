// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What hostile programs must leave none of: threads of theirs, heap, mappings of memory.
final class Leaks {
    /// What compiled code, class data and the like may grow by, whatever the number of programs.
    private static final long HEAP_BYTES_MAX = 48L << 20;

    private static final int MAPPINGS_MAX = 300;
    private static final Path MAPPINGS = Path.of("/proc/self/maps");
    private static final List<String> THEIRS = List.of("instance-", "services-", "origin-", "random-");

    private long heapBefore;
    private long mappingsBefore;
    private long heapGrowth;
    private long mappingsGrowth;

    void begin() throws IOException {
        heapBefore = heap();
        mappingsBefore = mappings();
    }

    private static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long mappings() throws IOException {
        if (!Files.exists(MAPPINGS)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(MAPPINGS)) {
            return lines.count();
        }
    }

    /// Threads end a moment after what they were for.
    void require() throws IOException, InterruptedException {
        List<String> left = threads();
        for (int i = 0; i < 100 && !left.isEmpty(); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            left = threads();
        }
        assertThat(left).as("threads that are left").isEmpty();
        heapGrowth = heap() - heapBefore;
        mappingsGrowth = mappings() - mappingsBefore;
        assertThat(heapGrowth).as("growth of the heap").isLessThan(HEAP_BYTES_MAX);
        assertThat(mappingsGrowth).as("growth of the number of mappings").isLessThan(MAPPINGS_MAX);
        System.out.println("left behind: " + this);
    }

    /// Names of threads, virtual ones included, that serve a program.
    private static List<String> threads() throws IOException {
        Path dump = Files.createTempDirectory("threads").resolve("dump");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        try (Stream<String> lines = Files.lines(dump)) {
            return lines.filter(line -> line.startsWith("#"))
                    .filter(line -> THEIRS.stream().anyMatch(name -> line.contains("\"" + name)))
                    .toList();
        } finally {
            Files.delete(dump);
            Files.delete(dump.getParent());
        }
    }

    @Override
    public String toString() {
        return heapGrowth + " bytes of heap and " + mappingsGrowth + " mappings more than before";
    }
}
