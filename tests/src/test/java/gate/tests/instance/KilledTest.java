// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.MemoryBackend;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is reported of a program that was asked to be killed and ends by itself before it has been: reference 2.1; and
/// where it was to stop.
@Timeout(60)
final class KilledTest {
    private static final String TEXT = """
            (module
              (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
              (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory 1)
              (global $n (mut i32) (i32.const 0))
              (data (i32.const 0) "\\10\\00\\00\\00\\08\\00\\00\\00" "\\00\\00\\00\\00\\00\\00\\00\\00" "\\08\\00\\00\\00")
              (func $first nop)
              (func (export "_start") (result i32) (local $i i32)
                (call $io (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)
                  (i64.const 0) (i32.const 0))
                THEN))
            """;

    private final InstanceHost host = InstanceHost.system(MemoryBackend.mapped());
    private final AtomicReference<GateInstance> launched = new AtomicReference<>();

    @AfterEach
    void close() {
        GateInstance instance = launched.get();
        if (instance != null) {
            instance.close();
        }
        host.close();
    }

    /// A program that hasn't begun; what is wished is wished while it sends a packet, on its own thread.
    private GateInstance suspended(String then, Runnable wish) throws Exception {
        GateInstance instance = GateInstance.launch(
                host,
                new RecordedServices(wish),
                World.text(TEXT.replace("THEN", then)),
                Launch.of("test").asSuspended());
        launched.set(instance);
        return instance;
    }

    private GateInstance instance() {
        return Objects.requireNonNull(launched.get());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            (i32.const 0)                                  | HALTED     | NORMAL                      | NORMAL
            (i32.const 1)                                  | HALTED     | NORMAL                      | NORMAL
            (call $exit (i32.const 0)) (unreachable)       | TERMINATED | NORMAL                      | NORMAL
            (call $exit (i32.const 1)) (unreachable)       | TERMINATED | NORMAL                      | NORMAL
            (call $close (i32.const 1))                    | SUSPENDED  | ABI_DEFICIENCY              | NORMAL
            (drop (i32.const 7)) (i32.const 0)             | SUSPENDED  | BREAKPOINT                  | NORMAL
            (unreachable)                                  | KILLED     | UNREACHABLE                 | UNREACHABLE
            (i32.load (i32.const 65536))                   | KILLED     | MEMORY_ACCESS_OUT_OF_BOUNDS | MEMORY_ACCESS_OUT_OF_BOUNDS
            (i32.div_u (i32.const 1) (local.get $i))       | KILLED     | INTEGER_DIVIDE_BY_ZERO      | INTEGER_DIVIDE_BY_ZERO
            """)
    void killWinsOverAnEndThatIsNoFault(String then, State state, Cause cause, Cause whenKilled) throws Exception {
        GateInstance left = suspended(then, () -> {});
        left.setBreakpoints(sevens(left));
        left.resume("");
        assertThat(left.await().state()).isEqualTo(state);
        assertThat(left.status().cause()).isEqualTo(cause);
        left.close();

        GateInstance killed = suspended(then, () -> instance().kill());
        killed.setBreakpoints(sevens(killed));
        killed.resume("");
        assertThat(killed.await()).isEqualTo(new Status(State.KILLED, whenKilled, 0, ""));
        assertThatThrownBy(() -> killed.resume("")).hasMessage("instance must be suspended or halted");
    }

    /// The instruction behind the call that sends, where it is the constant 7: no place to stop comes before it.
    private static List<Long> sevens(GateInstance instance) {
        byte[] bytes = instance.module().bytes();
        int imported = 3;
        int code = instance.module().bodyStart(imported);
        int end = instance.module().bodyEnd(imported + 1);
        List<Long> found = new ArrayList<>();
        for (int at = code; at + 1 < end; at++) {
            if (bytes[at] == 0x41 && bytes[at + 1] == 7) {
                found.add(at - code + 2L); // behind the opcode; the first body comes behind its size
            }
        }
        return found;
    }

    @Test
    void killWinsOverSuspension() throws Exception {
        GateInstance killed = suspended("(loop (br 0)) (i32.const 0)", () -> {
            instance().suspend();
            instance().kill();
        });
        killed.resume("");
        assertThat(killed.await()).isEqualTo(new Status(State.KILLED, Cause.NORMAL, 0, ""));
    }

    @Test
    void moreBreakpointsThanCanBeSavedAreNotSet() throws Exception {
        GateInstance stopped = suspended("NOPS (i32.const 0)".replace("NOPS", "nop ".repeat(101)), () -> {});
        long first = firstNop(stopped);
        List<Long> most = LongStream.range(first, first + 100).boxed().toList();
        stopped.setBreakpoints(most);
        List<Long> more = LongStream.range(first, first + 101).boxed().toList();
        assertThatThrownBy(() -> stopped.setBreakpoints(more))
                .isInstanceOfSatisfying(
                        InstanceException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(InstanceException.Kind.BAD_PROGRAM))
                .hasMessage("too many breakpoints");
        assertThat(stopped.breakpoints()).isEqualTo(most);
        List<Long> twice = new ArrayList<>(most);
        twice.addAll(most);
        stopped.setBreakpoints(twice);
        assertThat(stopped.breakpoints()).isEqualTo(most);
    }

    /// Where a hundred offsets in a row can be set.
    private static long firstNop(GateInstance stopped) throws InstanceException {
        for (long at = 0; at < 200; at++) {
            try {
                stopped.setBreakpoints(LongStream.range(at, at + 100).boxed().toList());
                return at;
            } catch (InstanceException e) {
                assertThat(e).hasMessageStartingWith("breakpoint could not be set at offset");
            }
        }
        throw new AssertionError("there are no instructions in a row");
    }

    // ---- how far it goes on ----

    /// None of its places is one of the original's; it goes on for 1,000 of them.
    @Test
    void programWithoutAPlaceOfTheOriginalsGoesOnForALimitedTime() throws Exception {
        GateInstance stopped = suspended("""
                (drop (loop $l (result i32)
                  (i32.const 7) (i32.const 0) (br_if $l (local.get $i)) drop drop
                  (global.set $n (i32.add (global.get $n) (i32.const 1)))
                  (br $l)))
                (i32.const 0)
                """, () -> instance().suspend());
        stopped.resume("");
        assertThat(stopped.await()).isEqualTo(new Status(State.SUSPENDED, Cause.NORMAL, 0, ""));
        assertThat(stopped.globals()[0]).isBetween(990L, 1010L);
        assertThat(stopped.originalStack()).isEmpty();
    }

    @Test
    void programWithSuchAPlaceGoesOnUntilIt() throws Exception {
        GateInstance stopped = suspended("""
                (loop $l
                  (global.set $n (i32.add (global.get $n) (i32.const 1)))
                  (br $l))
                (i32.const 0)
                """, () -> instance().suspend());
        stopped.resume("");
        assertThat(stopped.await()).isEqualTo(new Status(State.SUSPENDED, Cause.NORMAL, 0, ""));
        assertThat(stopped.globals()[0]).isLessThan(3);
        assertThat(stopped.originalStack()).isNotEmpty();
    }
}
