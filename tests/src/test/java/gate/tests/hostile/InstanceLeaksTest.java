// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.AbiPolicy;
import gate.engine.abi.State;
import gate.engine.runtime.MemoryBackend;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.InstancePolicy;
import gate.executor.host.instance.InstanceServices;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.tests.instance.World;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// That instances leave nothing: no thread, virtual ones included, no heap, no mapping of memory. Also those that can't
/// be made, or end badly.
@Timeout(300)
final class InstanceLeaksTest {
    private static final int TIMES = 400;

    /// Its memory is large enough to be missed.
    private static final String SPIN = """
            (module (memory 20)
              (func (export "_start") (loop (i32.store (i32.const 65536) (i32.const 1)) (br 0))))
            """;

    private static final InstanceServices NONE = (port, restored) -> {
        throw new IllegalStateException("none today");
    };

    private final World world = new World();
    private final InstanceHost host = InstanceHost.system(MemoryBackend.mapped());
    private final Launch little =
            Launch.of("leak").withPolicy(InstancePolicy.of(20 << 16, 64 << 10, AbiPolicy.DEFAULT));

    @AfterEach
    void close() {
        world.close();
        host.close();
    }

    private interface Turn {
        void take() throws Exception;
    }

    /// Once to have all classes loaded and code compiled, and then to see what is left.
    private static void repeat(Turn turn) throws Exception {
        for (int i = 0; i < 50; i++) {
            turn.take();
        }
        Leaks leaks = new Leaks();
        leaks.begin();
        for (int i = 0; i < TIMES; i++) {
            turn.take();
        }
        leaks.require();
    }

    private GateInstance launch(Program program, Launch launch) throws Exception {
        return GateInstance.launch(host, world.services("leak"), program, launch);
    }

    @Test
    void instancesThatAreClosedLeaveNothing() throws Exception {
        Program spinning = World.text(SPIN);
        repeat(() -> {
            GateInstance suspended = launch(spinning, little);
            suspended.suspend();
            assertThat(suspended.await().state()).isEqualTo(State.SUSPENDED);
            suspended.resume("");
            suspended.close();
            suspended.close();
            try (GateInstance never = launch(spinning, little.asSuspended())) {
                assertThat(never.status().state()).isEqualTo(State.SUSPENDED);
            }
        });
    }

    @Test
    void instancesThatEndBadlyLeaveNothing() throws Exception {
        List<Program> programs = List.of(
                World.text("(module (memory 20) (func (export \"_start\") (unreachable)))"),
                World.text("(module (memory 20) (func $f (call $f)) (func (export \"_start\") (call $f)))"),
                World.text("(module (memory 20) (func $f (unreachable)) (start $f))"),
                World.text("(module (memory 20) (data (i32.const 0x7fffffff) \"x\") (func (export \"_start\")))"),
                World.text(SpeakingProgram.text(new byte[8], SpeakingProgram.SPIN)));
        repeat(() -> {
            for (Program program : programs) {
                try (GateInstance ended = launch(program, little)) {
                    assertThat(ended.await().state()).isIn(State.KILLED, State.SUSPENDED);
                }
            }
        });
    }

    @Test
    void instancesThatCannotBeMadeLeaveNothing() throws Exception {
        Program spinning = World.text(SPIN);
        Program large = World.text("(module (memory 21) (func (export \"_start\")))");
        Program callable = World.text("(module (memory 20) (func (export \"main\")))");
        byte[] file;
        try (GateInstance suspended = launch(spinning, little.asSuspended())) {
            file = snapshot(suspended);
        }
        Program trap = World.saved(FileParts.with(file, "gate.snapshot", new byte[] {0, 0, 11, 0, 0, 0}));
        Program breakpoint = World.saved(FileParts.with(file, "gate.snapshot", new byte[] {0, 0, 2, 0, 0, 1, 0}));
        Program padding = World.saved(FileParts.with(file, "gate.host", new byte[] {1, 8}));
        Program outside = World.saved(contentsOutside(file));
        repeat(() -> {
            assertThatThrownBy(() -> GateInstance.launch(host, NONE, spinning, little))
                    .hasMessage("none today");
            assertThatThrownBy(() -> launch(large, little)).hasMessageContaining("memory size");
            assertThatThrownBy(() -> launch(callable, little.withFunction("other")))
                    .hasMessageContaining("exported");
            assertThatThrownBy(() -> launch(spinning, little.asSuspended().withFunction("x")))
                    .hasMessageContaining("suspended");
            assertThatThrownBy(() -> launch(trap, little)).hasMessageContaining("unknown trap");
            assertThatThrownBy(() -> launch(breakpoint, little)).hasMessageContaining("breakpoint");
            assertThatThrownBy(() -> launch(padding, little)).hasMessageContaining("host's state");
            assertThatThrownBy(() -> launch(outside, little)).hasMessageContaining("outside");
        });
    }

    private static byte[] snapshot(GateInstance instance) throws Exception {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        instance.snapshot(java.nio.channels.Channels.newChannel(out));
        return out.toByteArray();
    }

    /// Five bytes at the end of the address space, in a section of memory contents: found out when memory is filled.
    private static byte[] contentsOutside(byte[] file) {
        byte[] contents = {0, -1, -1, -1, -1, 15, 5, 1, 2, 3, 4, 5};
        return FileParts.with(file, "gate.memory", contents);
    }
}
