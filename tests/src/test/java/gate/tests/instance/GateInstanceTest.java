// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.instance.SessionServices;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.executor.host.instance.Launch;
import gate.tests.tidy.Repository;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One instance through its life.
final class GateInstanceTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void helloGreetsWhoConnectsAndHalts() throws Exception {
        World.Running hello = world.launch(World.example(Repository.root().resolve("examples/hello/hello.wat")));
        assertThat(hello.exchange("")).isEqualTo("hello, world\n");
        Status status = hello.instance().await();
        assertThat(status).isEqualTo(Status.exited(State.HALTED, 0));
    }

    @Test
    void connectionThatComesBeforeTheFirstRunWaitsForIt() throws Exception {
        SessionServices services = world.services("early");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Thread early = Thread.ofPlatform().start(() -> {
            try {
                services.connect().orElseThrow().transfer(InputStream.nullInputStream(), out);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        while (early.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        world.launch(
                World.example(Repository.root().resolve("examples/hello/hello.wat")), Launch.of("early"), services);
        early.join();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("hello, world\n");
    }

    @Test
    void spinningProgramIsSuspendedSavedAndGoesOn() throws Exception {
        World.Running spinning = world.launch(World.text("""
                (module (memory 1)
                  (func (export "_start") (loop $more
                    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
                    (br_if $more (i32.ne (i32.load (i32.const 0)) (i32.const 300000000))))))"""));
        spinning.instance().suspend();
        assertThat(spinning.instance().await().state()).isEqualTo(State.SUSPENDED);
        World.Running restored = world.launch(World.saved(spinning.snapshot()));
        restored.instance().suspend();
        assertThat(restored.instance().await().state()).isEqualTo(State.SUSPENDED);
        restored.instance().resume("");
        restored.instance().kill();
        assertThat(restored.instance().await().state()).isEqualTo(State.KILLED);
    }
}
