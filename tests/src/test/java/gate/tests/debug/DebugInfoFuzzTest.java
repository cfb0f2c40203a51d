// SPDX-License-Identifier: Apache-2.0
package gate.tests.debug;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import gate.engine.debug.DebugInfo;
import gate.engine.wasm.Module;
import gate.engine.wasm.Section;
import gate.tests.tidy.Repository;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debug sections of real programs, damaged: nothing is thrown, and what is allocated is in proportion to their size.
/// `-Dgate.fuzz=N` says how many of each program.
final class DebugInfoFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("gate.fuzz", 250);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int[] BYTES = {0, 1, 2, 4, 8, 0x0B, 0x16, 0x19, 0x21, 0x7F, 0x80, 0xF0, 0xFF};

    /// Bytes allocated for each byte of debug sections.
    private static final int ALLOCATED_PER_BYTE = 64;

    private static final long ALLOCATED_BESIDE = 1 << 20;

    @Test
    void damagedSectionsAreReadWithinBounds(@TempDir Path folder) throws Exception {
        Path source = Repository.root().resolve("examples/words/words.c");
        int problems = 0;
        for (int version : new int[] {4, 5}) {
            byte[] whole = Files.readAllBytes(Clang.compile(source, folder, "-g", "-gdwarf-" + version));
            List<Section> sections = Module.parse(whole).sections().stream()
                    .filter(section -> section.name().startsWith(".debug_"))
                    .toList();
            long size = sections.stream()
                    .mapToLong(section -> section.end() - section.contentStart())
                    .sum();
            for (int seed = 0; seed < MUTATIONS; seed++) {
                byte[] damaged = damaged(whole, sections, new SplittableRandom(seed));
                problems += isReadWithin(damaged, ALLOCATED_BESIDE + ALLOCATED_PER_BYTE * size) ? 0 : 1;
            }
        }
        assertThat(problems).as("damages that were noticed").isGreaterThan(MUTATIONS / 2);
    }

    private static byte[] damaged(byte[] whole, List<Section> sections, SplittableRandom random) {
        byte[] bytes = whole.clone();
        for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
            Section section = sections.get(random.nextInt(sections.size()));
            int length = section.end() - section.contentStart();
            // Half of them where units begin.
            int at = section.contentStart() + random.nextInt(random.nextBoolean() ? length : Math.min(length, 200));
            bytes[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : BYTES[random.nextInt(BYTES.length)]);
        }
        return bytes;
    }

    /// @return whether nothing is wrong with it
    private static boolean isReadWithin(byte[] bytes, long most) {
        Module module = Module.parse(bytes);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        DebugInfo info = DebugInfo.of(module);
        for (int offset : info.offsetsOf("words.c", 45)) {
            info.lineAt(offset);
        }
        info.function("main");
        info.function("nobody");
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes allocated").isLessThan(most);
        for (int offset = 0; offset < bytes.length; offset += 997) {
            info.lineAt(offset);
        }
        for (int function = 0; function < module.functionCount(); function++) {
            info.functionName(function);
        }
        info.statements();
        return info.problem().isEmpty();
    }
}
