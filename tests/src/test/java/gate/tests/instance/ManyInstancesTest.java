// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Instances beside each other.
@Timeout(120)
final class ManyInstancesTest {
    private static final String SPIN = "(module (memory 20) (func (export \"_start\") (loop (br 0))))";

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    /// Virtual threads don't give way by themselves: without slices the newcomer would wait for ever.
    @Test
    void newcomerRunsBehindMoreSpinningProgramsThanThereAreProcessors() throws Exception {
        Program spinning = World.text(SPIN);
        List<World.Running> busy = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors() * 3; i++) {
            busy.add(world.launch(spinning, Launch.of("busy-" + i)));
        }
        for (int i = 0; i < 3; i++) {
            World.Running newcomer = world.launch(World.text("(module (func (export \"_start\")))"));
            assertThat(newcomer.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
        }
        for (World.Running running : busy) {
            assertThat(running.instance().status().state()).isEqualTo(State.RUNNING);
            running.instance().suspend();
        }
        for (World.Running running : busy) {
            assertThat(running.instance().await().state()).isEqualTo(State.SUSPENDED);
        }
    }

    @Test
    void thousandInstancesOpenedAndClosedLeakNothing() throws Exception {
        Program spinning = World.text(SPIN);
        openAndClose(spinning, 50);
        long mappings = mappings();
        long descriptors = descriptors();
        int threads = Thread.activeCount();
        openAndClose(spinning, 1000);
        assertThat(mappings()).isLessThan(mappings + 100);
        assertThat(descriptors()).isLessThan(descriptors + 20);
        assertThat(Thread.activeCount()).isLessThan(threads + 20);
    }

    @Test
    void programThatWaitsHoldsNoThread() throws Exception {
        World.Running waiting = world.launch(waiting(), Launch.of("idle"));
        Path dump = Files.createTempDirectory("threads").resolve("dump");
        HotSpotDiagnosticMXBean virtualMachine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        boolean found;
        do {
            virtualMachine.dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            String threads = Files.readString(dump);
            assertThat(threads).contains("\"slicer\"");
            found = threads.contains("\"instance-idle\"") || threads.contains("\"services-idle\"");
            Files.delete(dump);
        } while (found);
        Files.delete(dump.resolveSibling(""));
        assertThat(waiting.instance().status().state()).isEqualTo(State.RUNNING);
        waiting.instance().suspend();
        assertThat(waiting.instance().await().state()).isEqualTo(State.SUSPENDED);
    }

    @Test
    void noWishIsMissedByAProgramThatBeginsToWait() throws Exception {
        World.Running waiting = world.launch(waiting(), Launch.of("wished"));
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++) {
            for (int spins = random.nextInt(2000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            waiting.instance().suspend();
            assertThat(waiting.instance().await().state()).isEqualTo(State.SUSPENDED);
            waiting.instance().resume("");
        }
    }

    private static Program waiting() throws Exception {
        return World.text("""
                (module
                  (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
                  (memory (export "memory") 2)
                  ;; Discovers origin, and receives until it is told to end, which it never is.
                  (data (i32.const 32) "\\11\\00\\00\\00\\ff\\ff\\00\\00\\01\\00\\06origin")
                  (data (i32.const 16) "\\20\\00\\00\\00\\18\\00\\00\\00")
                  (data (i32.const 8) "\\00\\10\\00\\00\\00\\10\\00\\00")
                  (func (export "_start")
                    (call $io (i32.const 8) (i32.const 1) (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 0)
                      (i64.const -1) (i32.const 0))
                    (loop
                      (call $io (i32.const 8) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
                        (i64.const -1) (i32.const 0))
                      (br 0))))
                """);
    }

    private void openAndClose(Program program, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            World.Running running = world.launch(program, Launch.of("many-" + i));
            if (i % 3 == 0) {
                running.instance().suspend();
                running.instance().await();
                running.snapshot();
            }
            running.instance().close();
        }
    }

    private static long mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).size();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
