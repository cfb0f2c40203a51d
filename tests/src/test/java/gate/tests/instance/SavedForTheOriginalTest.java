// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.Launch;
import gate.tests.equivalence.SavedFile;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which saved programs the original can go on with, and which it must refuse: `docs/snapshot.md`, "Two states in one
/// file". A data count section is what it refuses.
@Timeout(60)
final class SavedForTheOriginalTest {
    private static final String TEXT = """
            (module
              (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory 1)
              (global $n (mut i32) (i32.const 0))
              SEGMENTS
              (func $stop nop)
              (func $deep (call $deep))
              (func (export "main") (result i32) (i32.const 0))
              (func (export "_start") (result i32) (local $i i32) BODY))
            """;

    private static final String NO_PLACE = """
            (global.set $n (i32.const 0))
            (drop (loop $l (result i32)
              (i32.const 7) (i32.const 0) (br_if $l (local.get $i)) drop drop
              (global.set $n (i32.add (global.get $n) (i32.const 1)))
              (br $l)))
            (i32.const 0)
            """;

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static List<String> sections(GateInstance instance) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        instance.snapshot(Channels.newChannel(out));
        List<String> names = new ArrayList<>();
        SavedFile.read(out.toByteArray()).sections().forEach(section -> names.add(section.name()));
        return names;
    }

    private static void assertRefused(GateInstance instance) throws Exception {
        assertThat(sections(instance)).containsOnlyOnce("data count").doesNotContain("gate.stack");
    }

    private static void assertGoesOn(GateInstance instance) throws Exception {
        assertThat(sections(instance))
                .contains("gate.stack", "gate.export")
                .doesNotContain("data count", "export", "gate.memory");
    }

    private GateInstance suspended(String segments, String body) throws Exception {
        String text = TEXT.replace("SEGMENTS", segments).replace("BODY", body);
        return world.launch(World.text(text), Launch.of("test").asSuspended()).instance();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            (call $exit (i32.const 0)) (unreachable)       | TERMINATED | NORMAL
            (call $stop) (i32.const 0)                     | SUSPENDED  | BREAKPOINT
            (call $deep) (i32.const 0)                     | SUSPENDED  | CALL_STACK_EXHAUSTED
            (call $close (i32.const 1))                    | SUSPENDED  | ABI_DEFICIENCY
            (unreachable)                                  | KILLED     | UNREACHABLE
            """)
    void whatStandsAtATrapOrHasEndedIsRefused(String body, State state, Cause cause) throws Exception {
        GateInstance ended = suspended("", body);
        ended.setBreakpoints(List.of(3L)); // the first instruction of the first function
        ended.resume("");
        assertThat(ended.await().state()).isEqualTo(state);
        assertThat(ended.status().cause()).isEqualTo(cause);
        assertRefused(ended);
    }

    /// It has nothing left to do, and must not be called all the same.
    @Test
    void ephemeralProgramThatHasReturnedIsRefused() throws Exception {
        String text = TEXT.replace("SEGMENTS", "").replace("BODY", "(i32.const 0)");
        GateInstance returned =
                world.launch(World.text(text), Launch.of("test").asEphemeral()).instance();
        assertThat(returned.await().state()).isEqualTo(State.TERMINATED);
        assertRefused(returned);
    }

    @Test
    void killedProgramIsRefused() throws Exception {
        GateInstance killed = suspended("", "(loop (br 0)) (i32.const 0)");
        killed.resume("");
        killed.kill();
        assertThat(killed.await().state()).isEqualTo(State.KILLED);
        assertRefused(killed);
    }

    @Test
    void programThatStandsAtNoPlaceOfTheOriginalsIsRefused() throws Exception {
        GateInstance spinning = suspended("", NO_PLACE);
        assertGoesOn(spinning);
        // The loop's first instruction. Where that comes again, nothing has been done since but what only we can save.
        spinning.setBreakpoints(List.of(firstOfLoop(spinning)));
        spinning.resume("");
        assertThat(spinning.await().cause()).isEqualTo(Cause.BREAKPOINT);
        spinning.resume("");
        assertThat(spinning.await().cause()).isEqualTo(Cause.BREAKPOINT);
        assertThat(spinning.globals()).containsExactly(1);
        spinning.setBreakpoints(List.of());
        spinning.resume("");
        spinning.suspend();
        assertThat(spinning.await().cause()).isEqualTo(Cause.NORMAL);
        assertRefused(spinning);
    }

    /// The only constant 7 of the module stands there.
    private static long firstOfLoop(GateInstance instance) {
        byte[] bytes = instance.module().bytes();
        int code = instance.module().bodyStart(2); // two are imported
        int at = code;
        while (bytes[at] != 0x41 || bytes[at + 1] != 7) {
            at++;
        }
        return at - code + 2; // after the opcode; the first body begins after its size
    }

    /// With as many segments as a file may have there is no room for its memory.
    @Test
    void programWhoseMemoryTheOriginalDoesNotSeeIsRefused() throws Exception {
        GateInstance large = suspended(
                "(data (i32.const 5) \"abc\") " + "(data (i32.const 0) \"\") ".repeat(99_999),
                "(loop (br 0)) (i32.const 0)");
        large.resume("");
        large.suspend();
        assertThat(large.await().state()).isEqualTo(State.SUSPENDED);
        assertThat(sections(large)).contains("data count", "gate.memory");
    }

    @Test
    void suspendedProgramGoesOn() throws Exception {
        GateInstance spinning = suspended("(data (i32.const 5) \"abc\")", "(loop (br 0)) (i32.const 0)");
        assertGoesOn(spinning);
        spinning.resume("");
        spinning.suspend();
        assertThat(spinning.await().state()).isEqualTo(State.SUSPENDED);
        assertGoesOn(spinning);
    }

    @Test
    void haltedProgramCanBeCalledAndItsExportsAreSeen() throws Exception {
        GateInstance halted = suspended("(data (i32.const 5) \"abc\")", "(i32.const 1)");
        halted.resume("");
        assertThat(halted.await().state()).isEqualTo(State.HALTED);
        assertThat(sections(halted))
                .containsOnlyOnce("export")
                .doesNotContain("data count", "gate.export", "gate.stack", "gate.memory");
    }
}
