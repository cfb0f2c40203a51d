// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.AbiPolicy;
import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.abi.TrapId;
import gate.engine.runtime.FrameImage;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.InstancePolicy;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.LineLog;
import gate.executor.host.instance.Program;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every way to stop, what can be asked then, and that a saved file says the same: reference 2 and 3.
final class InstanceStatesTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static String program(String body) {
        return """
                (module
                  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
                  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
                  (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
                  (type $none (func)) (type $one (func (param i32)))
                  (table 2 funcref) (elem (i32.const 0) func $other)
                  (memory 1)
                  (global $g (mut i32) (i32.const 7))
                  (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00" "\\05\\00\\00\\00" "\\ff\\ff\\00\\00" "\\08\\00\\00\\00" "\\00\\00\\00\\00")
                  (func $other (param i32))
                  (func $deep (call $deep))
                  (func (export "answer") (result i32) (global.get $g))
                  (func (export "_start") (result i32) BODY))
                """.replace("BODY", body);
    }

    private World.Running run(String body, Launch launch) throws Exception {
        World.Running running = world.launch(World.text(program(body)), launch);
        running.instance().await();
        return running;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            (i32.const 0)                                                                | HALTED     | NORMAL                            | 0
            (i32.const 5)                                                                | HALTED     | NORMAL                            | 1
            (call $exit (i32.const 0)) (i32.const 1)                                     | TERMINATED | NORMAL                            | 0
            (call $exit (i32.const 256)) (i32.const 0)                                   | TERMINATED | NORMAL                            | 1
            (unreachable)                                                                | KILLED     | UNREACHABLE                       | 0
            (call $deep) (i32.const 0)                                                   | SUSPENDED  | CALL_STACK_EXHAUSTED              | 0
            (i32.load (i32.const 65536))                                                 | KILLED     | MEMORY_ACCESS_OUT_OF_BOUNDS       | 0
            (call_indirect (type $none) (i32.const 2)) (i32.const 0)                     | KILLED     | INDIRECT_CALL_INDEX_OUT_OF_BOUNDS | 0
            (call_indirect (type $none) (i32.const 0)) (i32.const 0)                     | KILLED     | INDIRECT_CALL_SIGNATURE_MISMATCH  | 0
            (call_indirect (type $none) (i32.const 1)) (i32.const 0)                     | KILLED     | INDIRECT_CALL_SIGNATURE_MISMATCH  | 0
            (i32.div_u (i32.const 1) (i32.const 0))                                      | KILLED     | INTEGER_DIVIDE_BY_ZERO            | 0
            (i32.div_s (i32.const 0x80000000) (i32.const -1))                            | KILLED     | INTEGER_OVERFLOW                  | 0
            (i32.trunc_f32_s (f32.const nan))                                            | KILLED     | INTEGER_OVERFLOW                  | 0
            (call $close (i32.const 1))                                                  | SUSPENDED  | ABI_DEFICIENCY                    | 0
            """)
    void everyEndHasItsStatusAndASavedFileSaysTheSame(String body, State state, Cause cause, int result)
            throws Exception {
        World.Running ended = run(body, Launch.of("test"));
        Status status = ended.instance().status();
        assertThat(status.state()).isEqualTo(state);
        assertThat(status.cause()).isEqualTo(cause);
        assertThat(status.result()).isEqualTo(result);
        World.Running restored = world.launch(
                World.saved(ended.snapshot()), Launch.of("restored").asSuspended());
        Status again = restored.instance().status();
        assertThat(again.state()).isEqualTo(state);
        assertThat(again.cause()).isEqualTo(cause);
        assertThat(again.result()).isEqualTo(result);
        assertThat(restored.instance().frames().stream().map(FrameImage::offset))
                .isEqualTo(ended.instance().frames().stream()
                        .map(FrameImage::offset)
                        .toList());
        if (state.isFinal()) {
            World.Running launched = world.launch(World.saved(ended.snapshot()));
            assertThat(launched.instance().status().state()).isEqualTo(state);
            assertThatThrownBy(() -> launched.instance().resume("")).hasMessage("instance must be suspended or halted");
        }
    }

    @Test
    void ephemeralInstanceTerminatesByReturning() throws Exception {
        assertThat(run("(i32.const 1)", Launch.of("test").asEphemeral())
                        .instance()
                        .status())
                .isEqualTo(Status.exited(State.TERMINATED, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            (i32.store (i32.const 16) (i32.const 4))                          | runtime: invalid op packet size: 4
            (i32.store (i32.const 16) (i32.const 65537))                      | runtime: invalid op packet size: 65537
            (i32.store16 (i32.const 20) (i32.const -2))                       | invalid code in incoming packet: -2
            (i32.store16 (i32.const 20) (i32.const 0))                        | invalid service code in packet: 0
            (i32.store16 (i32.const 22) (i32.const 4))                        | invalid domain in packet: 4
            """)
    void brokenPacketsKillWithTheViolationsText(String change, String text) throws Exception {
        World.Running broken = run(
                "(i32.store (i32.const 8) (i32.const 16)) (i32.store (i32.const 12) (i32.const 24))"
                        + " (i32.store (i32.const 16) (i32.const 24)) (i32.store (i32.const 20) (i32.const 0xffff))"
                        + change
                        + " (loop $l (call $io (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 1)"
                        + " (i32.const 0) (i64.const -1) (i32.const 0)) (br $l)) (i32.const 0)",
                Launch.of("test"));
        assertThat(broken.instance().status()).isEqualTo(new Status(State.KILLED, Cause.ABI_VIOLATION, 0, text));
    }

    /// Fuel is a part of the state that the original doesn't know: its own stack isn't in the file then.
    @Test
    void fuelSuspendsAndIsTakenAlong() throws Exception {
        String counting = "(loop (global.set $g (i32.add (global.get $g) (i32.const 1)))"
                + " (br_if 0 (i32.lt_u (global.get $g) (i32.const 1000)))) (i32.const 0)";
        World.Running begun = run(counting, Launch.of("test").withFuel(1000));
        assertThat(begun.instance().status()).isEqualTo(TrapId.SUSPENDED.status());
        assertThat(begun.instance().isOutOfFuel()).isTrue();
        long reached = begun.instance().globals()[0];
        assertThat(reached).isBetween(8L, 999L);
        Program saved = World.saved(begun.snapshot());
        assertThat(begun.instance().fuelUsed()).isGreaterThanOrEqualTo(1000);
        assertThat(new String(begun.snapshot(), StandardCharsets.ISO_8859_1)).doesNotContain("gate.stack");

        World.Running empty = world.launch(saved, Launch.of("empty"));
        assertThat(empty.instance().await()).isEqualTo(TrapId.SUSPENDED.status());
        assertThat(empty.instance().globals()[0]).isEqualTo(reached);

        World.Running filled = world.launch(saved, Launch.of("filled").withFuel(1_000_000));
        assertThat(filled.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
        World.Running whole = run(counting, Launch.of("whole").withFuel(1_000_000));
        assertThat(whole.instance().fuelUsed()).isEqualTo(filled.instance().fuelUsed());

        World.Running uncounted = run("(call $close (i32.const 1))", Launch.of("uncounted"));
        Program other = World.saved(uncounted.snapshot());
        assertThatThrownBy(() -> world.launch(other, Launch.of("late").withFuel(5)))
                .hasMessage("instructions of the saved program haven't been counted");
    }

    @Test
    void haltedInstanceIsCalledAgainWithItsState() throws Exception {
        World.Running halted = run("(global.set $g (i32.const 0)) (i32.const 1)", Launch.of("test"));
        assertThatThrownBy(() -> halted.instance().resume(""))
                .hasMessage("function must be specified when resuming halted instance");
        assertThatThrownBy(() -> halted.instance().resume("nothing"))
                .isInstanceOfSatisfying(
                        InstanceException.class, e -> assertThat(e.kind()).isEqualTo(InstanceException.Kind.NOT_FOUND));
        halted.instance().resume("answer");
        assertThat(halted.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
        World.Running restored = world.launch(
                World.saved(halted.snapshot()), Launch.of("restored").withFunction("answer"));
        assertThat(restored.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
    }

    @Test
    void suspendedInstanceTakesNoFunction() throws Exception {
        World.Running lacking = run("(call $close (i32.const 2))", Launch.of("test"));
        assertThat(lacking.instance().status().error()).startsWith("fd_close: ");
        assertThatThrownBy(() -> lacking.instance().resume("answer"))
                .hasMessage("function specified for suspended instance");
        lacking.instance().resume("");
        assertThat(lacking.instance().await().cause()).isEqualTo(Cause.ABI_DEFICIENCY);
        byte[] file = lacking.snapshot();
        assertThatThrownBy(() -> world.launch(World.saved(file), Launch.of("x").withFunction("answer")))
                .hasMessage("entry function may not be specified for suspended program");
    }

    @Test
    void launchedSuspendedItBeginsWhenResumed() throws Exception {
        World.Running waiting = world.launch(
                World.text(program("(i32.const 1)")), Launch.of("test").asSuspended());
        assertThat(waiting.instance().status().state()).isEqualTo(State.SUSPENDED);
        World.Running restored = world.launch(World.saved(waiting.snapshot()));
        assertThat(restored.instance().await()).isEqualTo(Status.exited(State.HALTED, 1));
        waiting.instance().resume("");
        assertThat(waiting.instance().await()).isEqualTo(Status.exited(State.HALTED, 1));
        assertThatThrownBy(() -> world.launch(
                        World.text(program("(i32.const 1)")),
                        Launch.of("test").withFunction("answer").asSuspended()))
                .hasMessage("function cannot be specified for suspended instance");
    }

    @Test
    void exhaustedStackGoesOnWithALargerOne() throws Exception {
        String text = """
                (module
                  (func $down (param i32) (result i32)
                    (if (result i32) (local.get 0)
                      (then (call $down (i32.sub (local.get 0) (i32.const 1))))
                      (else (i32.const 0))))
                  (func (export "_start") (result i32) (call $down (i32.const 8000))))""";
        World.Running full = world.launch(World.text(text));
        assertThat(full.instance().await().cause()).isEqualTo(Cause.CALL_STACK_EXHAUSTED);
        InstancePolicy larger = InstancePolicy.of(32 << 20, 1 << 20, AbiPolicy.DEFAULT);
        World.Running restored =
                world.launch(World.saved(full.snapshot()), Launch.of("larger").withPolicy(larger));
        assertThat(restored.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
    }

    @Test
    void moreMemoryThanAllowedIsRefusedAndGrowingBeyondFails() throws Exception {
        InstancePolicy two = InstancePolicy.of(2 << 16, 1 << 16, AbiPolicy.DEFAULT);
        assertThatThrownBy(() -> world.launch(
                        World.text("(module (memory 3))"), Launch.of("test").withPolicy(two)))
                .hasMessage("initial program memory size exceeds instance memory size limit");
        World.Running grown = world.launch(
                World.text("(module (memory 1) (func (export \"_start\") (result i32)"
                        + " (i32.or (i32.ne (memory.grow (i32.const 1)) (i32.const 1))"
                        + " (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))))"),
                Launch.of("test").withPolicy(two));
        assertThat(grown.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
    }

    @Test
    void debugLogComesInLines() throws Exception {
        List<String> lines = new ArrayList<>();
        LineLog log = new LineLog(line -> lines.add(new String(line, StandardCharsets.UTF_8)));
        run(
                "(i32.store (i32.const 32) (i32.const 64)) (i32.store (i32.const 36) (i32.const 9))"
                        + " (i64.store (i32.const 64) (i64.const 0x6f770a6f6c6c6568))"
                        + " (i32.store8 (i32.const 72) (i32.const 0x21))"
                        + " (call $write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 48))",
                Launch.of("test").withLog(log));
        assertThat(lines).containsExactly("hello\n", "wo!\n");
    }

    @Test
    void breakpointStopsEveryTimeItIsReached() throws Exception {
        String text = """
                (module (memory 1)
                  (func (export "_start") (result i32) (local $i i32)
                    (loop $more
                      (local.set $i (i32.add (local.get $i) (i32.const 1)))
                      (br_if $more (i32.lt_u (local.get $i) (i32.const 3))))
                    (i32.const 0)))""";
        World.Running debugged =
                world.launch(World.text(text), Launch.of("test").asSuspended());
        // Body: size, one group of locals (3 bytes); loop 03 40; then local.get, the third instruction's opcode at 6.
        long offset = 7;
        debugged.instance().setBreakpoints(List.of(offset));
        for (int i = 0; i < 3; i++) {
            debugged.instance().resume("");
            assertThat(debugged.instance().await().cause()).as("stop " + i).isEqualTo(Cause.BREAKPOINT);
            assertThat(debugged.instance().frames().getFirst().locals()).containsExactly(i);
        }
        World.Running restored = world.launch(World.saved(debugged.snapshot()), Launch.of("x"));
        assertThat(restored.instance().breakpoints()).containsExactly(offset);
        assertThat(restored.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
        assertThatThrownBy(() -> debugged.instance().setBreakpoints(List.of(8L)))
                .hasMessage("breakpoint could not be set at offset 0x8");
    }

    @Test
    void globalsAndMemoryCanBeReadWhileItIsStopped() throws Exception {
        World.Running halted =
                run("(i32.store (i32.const 65532) (i32.const 0x01020304)) (i32.const 0)", Launch.of("x"));
        assertThat(halted.instance().globals()).containsExactly(7);
        assertThat(halted.instance().memory(65_530, 100)).containsExactly(0, 0, 4, 3, 2, 1);
        assertThatThrownBy(() -> halted.instance().memory(65_537, 1)).isInstanceOf(InstanceException.class);
    }

    @Test
    void closedInstanceIsGone() throws Exception {
        World.Running spinning = world.launch(World.text("(module (func (export \"_start\") (loop (br 0))))"));
        assertThatThrownBy(() -> spinning.instance().globals()).hasMessage("instance must be stopped");
        spinning.instance().close();
        assertThat(spinning.instance().status().state()).isEqualTo(State.KILLED);
        assertThatThrownBy(() -> spinning.instance().resume("")).hasMessage("instance not found");
    }
}
