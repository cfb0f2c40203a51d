// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.executor.host.instance.Launch;
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

    private World.Running launch(String text, Launch launch) throws Exception {
        return world.launch(World.text(text), launch);
    }

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
        World.Running spinning = launch(text, Launch.of("huge"));
        spinning.instance().suspend();
        assertThat(spinning.instance().await().state()).isEqualTo(State.SUSPENDED);
    }

    @Test
    void withoutAnEntryFunctionItIsHaltedAndCanBeCalled() throws Exception {
        World.Running halted = launch(
                "(module (func (export \"main\") (result i32) (i32.const 1)))",
                Launch.of("test").asSuspended());
        assertThat(halted.instance().status()).isEqualTo(Status.exited(State.HALTED, 0));
        halted.instance().resume("main");
        assertThat(halted.instance().await()).isEqualTo(Status.exited(State.HALTED, 1));
    }

    @Test
    void haltedProgramThatIsOnlySavedAgainKeepsItsExports() throws Exception {
        World.Running first = launch(
                "(module (memory 1) (data (i32.const 3) \"abc\")"
                        + " (func (export \"main\") (result i32) (i32.const 1)) (func (export \"_start\")))",
                Launch.of("first"));
        first.instance().await();
        byte[] file = first.snapshot();
        first.instance().close();
        byte[] foreign = OriginalContainerTest.asTheOriginals(file);
        World.Running again =
                world.launch(World.saved(foreign), Launch.of("again").asSuspended());
        assertThat(again.instance().status().state()).isEqualTo(State.HALTED);
        String saved = new String(again.snapshot(), StandardCharsets.ISO_8859_1);
        assertThat(saved).doesNotContain("gate.export").doesNotContain("gate.stack");
    }

    @Test
    void segmentThatDoesNotFitTrapsAlsoWhenItHasBeenSavedBefore() throws Exception {
        World.Running waiting = launch(
                "(module (memory 1) (data (i32.const 65535) \"ab\") (func (export \"_start\")))",
                Launch.of("test").asSuspended());
        assertThat(new String(waiting.snapshot(), StandardCharsets.ISO_8859_1)).doesNotContain("gate.stack");
        assertThat(waiting.instance().status().state()).isEqualTo(State.SUSPENDED);
        waiting.instance().resume("");
        assertThat(waiting.instance().await().cause()).isEqualTo(Cause.MEMORY_ACCESS_OUT_OF_BOUNDS);
    }

    @Test
    void writesToTheLogAreNotCutByOthersTurns() throws Exception {
        World.Running writing = launch(InstanceEndsTest.writing(500), Launch.of("writing"));
        assertThat(writing.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
    }

    @Test
    void sleepsAreNotCutByOthersTurns() throws Exception {
        // 40,000 clock subscriptions: looking at them takes a good part of a slice.
        World.Running sleeping = launch("""
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
        assertThat(sleeping.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
    }
}
