// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.Launch;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Programs that stop in unusual places, or only to let others run.
@Timeout(60)
final class InstanceTurnsTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private GateInstance launch(String text, Launch launch) throws Exception {
        return world.launch(World.text(text), launch).instance();
    }

    private static byte[] snapshot(GateInstance instance) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        instance.snapshot(Channels.newChannel(out));
        return out.toByteArray();
    }

    /// Suspending it looks for a place that the original knows, of which there is none in a function of 7 MB.
    @Test
    void hugeFunctionWithoutAPlaceOfTheOriginalsIsSuspendedAllTheSame() throws Exception {
        String text = """
                (module (func (export "_start") (local $i i32) (local $j i32)
                  (local.set $j (i32.const 5))
                  (loop $l (result i32)
                    (i32.const 7) (i32.const 0) (br_if $l (local.get $i)) drop drop
                    (local.set $i (i32.const 0)) (br $l)) drop
                  BALLAST))
                """.replace("BALLAST", "(drop (i32.const 0)) ".repeat(1_500_000));
        GateInstance spinning = launch(text, Launch.of("huge"));
        spinning.suspend();
        assertThat(spinning.await().state()).isEqualTo(State.SUSPENDED);
    }

    @Test
    void withoutAnEntryFunctionItIsHaltedAndCanBeCalled() throws Exception {
        GateInstance halted = launch(
                "(module (func (export \"main\") (result i32) (i32.const 1)))",
                Launch.of("test").asSuspended());
        assertThat(halted.status()).isEqualTo(Status.exited(State.HALTED, 0));
        halted.resume("main");
        assertThat(halted.await()).isEqualTo(Status.exited(State.HALTED, 1));
    }

    @Test
    void haltedProgramThatIsOnlySavedAgainKeepsItsExports() throws Exception {
        GateInstance first = launch(
                "(module (memory 1) (data (i32.const 3) \"abc\")"
                        + " (func (export \"main\") (result i32) (i32.const 1)) (func (export \"_start\")))",
                Launch.of("first"));
        first.await();
        byte[] file = snapshot(first);
        first.close();
        byte[] foreign = OriginalContainerTest.asTheOriginals(file);
        GateInstance again = world.launch(
                        World.saved(foreign), Launch.of("again").asSuspended())
                .instance();
        assertThat(again.status().state()).isEqualTo(State.HALTED);
        String saved = new String(snapshot(again), StandardCharsets.ISO_8859_1);
        assertThat(saved).doesNotContain("gate.export").doesNotContain("gate.stack");
    }

    @Test
    void segmentThatDoesNotFitTrapsAlsoWhenItHasBeenSavedBefore() throws Exception {
        GateInstance waiting = launch(
                "(module (memory 1) (data (i32.const 65535) \"ab\") (func (export \"_start\")))",
                Launch.of("test").asSuspended());
        assertThat(new String(snapshot(waiting), StandardCharsets.ISO_8859_1)).doesNotContain("gate.stack");
        assertThat(waiting.status().state()).isEqualTo(State.SUSPENDED);
        waiting.resume("");
        assertThat(waiting.await().cause()).isEqualTo(Cause.MEMORY_ACCESS_OUT_OF_BOUNDS);
    }

    @Test
    void writesToTheLogAreNotCutByOthersTurns() throws Exception {
        GateInstance writing = launch(InstanceEndsTest.writing(500), Launch.of("writing"));
        assertThat(writing.await()).isEqualTo(Status.exited(State.HALTED, 0));
    }

    @Test
    void sleepsAreNotCutByOthersTurns() throws Exception {
        // 40,000 clock subscriptions: looking at them takes a good part of a slice.
        GateInstance sleeping = launch("""
                (module
                  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
                  (memory 80)
                  (func (export "_start") (result i32) (local $i i32)
                    (loop $fill
                      (i32.store (i32.add (i32.mul (local.get $i) (i32.const 48)) (i32.const 80)) (i32.const 1))
                      (i64.store (i32.add (i32.mul (local.get $i) (i32.const 48)) (i32.const 88)) (i64.const 30000000))
                      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 40000))))
                    (drop (call $poll (i32.const 64) (i32.const 2000000) (i32.const 40000) (i32.const 16)))
                    (i32.eqz (i32.load (i32.const 16)))))
                """, Launch.of("sleeping"));
        assertThat(sleeping.await()).isEqualTo(Status.exited(State.HALTED, 0));
    }
}
