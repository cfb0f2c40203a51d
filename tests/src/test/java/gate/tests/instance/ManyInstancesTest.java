// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Instances beside each other.
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
