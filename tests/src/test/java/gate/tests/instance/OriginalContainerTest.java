// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.executor.host.instance.Launch;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Saved files as the original would have them: with its sections alone.
public final class OriginalContainerTest {
    private static final Set<String> OURS =
            Set.of("gate.saved", "gate.image", "gate.host", "gate.memory", "gate.checksum");

    /// A start function, nested loops with and without calls, an indirect call, locals and operands across calls; ends
    /// with 0 where memory holds what it must.
    private static final String WORK = """
            (module
              (type $step (func (param i32 i64) (result i64)))
              (memory (export "memory") 2)
              (table 2 funcref) (elem (i32.const 0) $add $mix)
              (global $count (mut i64) (i64.const 0))
              (data (i32.const 70000) "kept")
              (start $prepare)
              (func $prepare (local $i i32)
                (loop $next
                  (i32.store8 (local.get $i) (local.get $i))
                  (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 60000)))))
              (func $add (type $step)
                (i64.add (local.get 1) (i64.load8_u (local.get 0))))
              (func $mix (type $step) (local $n i32)
                (local.set $n (i32.const 3))
                (loop $next
                  (local.set 1 (i64.add (local.get 1) (i64.extend_i32_u (local.get $n))))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (br_if $next (local.get $n)))
                (local.get 1))
              (func $pass (param $from i32) (result i64) (local $sum i64) (local $i i32)
                (block $done
                  (loop $next
                    (br_if $done (i32.ge_u (local.get $i) (i32.const 1000)))
                    (local.set $sum (call_indirect (type $step)
                      (i32.add (local.get $from) (local.get $i))
                      (local.get $sum)
                      (i32.and (local.get $i) (i32.const 1))))
                    (global.set $count (i64.add (global.get $count) (i64.const 1)))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br $next)))
                (local.get $sum))
              (func (export "_start") (result i32) (local $round i32) (local $total i64)
                (loop $next
                  (local.set $total (i64.add (local.get $total) (call $pass (i32.mul (local.get $round) (i32.const 7)))))
                  (local.set $round (i32.add (local.get $round) (i32.const 1)))
                  (br_if $next (i32.lt_u (local.get $round) (i32.const 4000))))
                (i64.store (i32.const 80000) (local.get $total))
                (i64.store (i32.const 80008) (global.get $count))
                (i32.const 0)))""";

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    /// A file without some of its custom sections.
    static byte[] without(byte[] file, Predicate<String> dropped) throws Exception {
        Snapshot snapshot = Snapshot.read(MemorySegment.ofArray(file), Feature.allSupported(), Limits.DEFAULT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, 8);
        snapshot.sections().stream()
                .filter(section -> section.id() != 0 || !dropped.test(section.name()))
                .forEach(section -> out.write(file, (int) section.start(), (int) (section.end() - section.start())));
        return out.toByteArray();
    }

    public static byte[] asTheOriginals(byte[] file) throws Exception {
        return without(file, OURS::contains);
    }

    private byte[] straight() throws Exception {
        World.Running running = world.launch(World.text(WORK));
        assertThat(running.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
        return running.instance().memory(0, 2 << 16);
    }

    @Test
    void programGoesOnFromItsOriginalStackAlone() throws Exception {
        byte[] expected = straight();
        Random random = new Random(5);
        World.Running running = world.launch(World.text(WORK));
        int stops = 0;
        while (true) {
            Thread.sleep(0, random.nextInt(900_000));
            running.instance().suspend();
            Status status = running.instance().await();
            if (status.state() == State.HALTED) {
                break;
            }
            stops++;
            byte[] file = running.snapshot();
            running.instance().close();
            running = world.launch(World.saved(stops % 2 == 0 ? file : asTheOriginals(file)));
        }
        assertThat(running.instance().status()).isEqualTo(Status.exited(State.HALTED, 0));
        assertThat(running.instance().memory(0, 2 << 16)).isEqualTo(expected);
        assertThat(stops).isGreaterThan(3);
    }

    @Test
    void filesThatTheOriginalCannotGoOnWithHaveNoStackAndItRefusesThem() throws Exception {
        String text = """
                (module (import "wasi_snapshot_preview1" "proc_raise" (func $raise (param i32) (result i32)))
                  (func (export "_start") (result i32) (call $raise (i32.const 1))))""";
        World.Running lacking = world.launch(World.text(text));
        lacking.instance().await();
        Snapshot snapshot =
                Snapshot.read(MemorySegment.ofArray(lacking.snapshot()), Feature.allSupported(), Limits.DEFAULT);
        assertThat(snapshot.sections())
                .extracting(section -> section.name())
                .contains("gate.snapshot", "gate.export", "data count")
                .doesNotContain("gate.stack", "export");
    }

    @Test
    void initialStackIsWrittenAndRead() throws Exception {
        World.Running waiting = world.launch(World.text(WORK), Launch.of("x"));
        waiting.instance().suspend();
        waiting.instance().await();
        byte[] file = asTheOriginals(waiting.snapshot());
        assertThat(new String(file, StandardCharsets.ISO_8859_1).contains("gate.stack"))
                .isTrue();
        World.Running restored = world.launch(World.saved(file));
        assertThat(restored.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
    }

    @Test
    void staleSectionsOfOursAreIgnoredWithoutTheMarker() throws Exception {
        World.Running running = world.launch(World.text(WORK));
        running.instance().suspend();
        running.instance().await();
        byte[] stale = without(running.snapshot(), name -> name.equals("gate.saved"));
        World.Running restored = world.launch(World.saved(stale));
        assertThat(restored.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
        assertThat(restored.instance().memory(0, 2 << 16)).isEqualTo(straight());
    }

    @Test
    void originalStackThatDoesNotFitIsRefused() throws Exception {
        World.Running running = world.launch(World.text(WORK));
        running.instance().suspend();
        running.instance().await();
        byte[] file = asTheOriginals(running.snapshot());
        int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("gate.stack") + "gate.stack".length();
        file[at]++;
        assertThatThrownBy(() -> World.saved(file)).isInstanceOf(Exception.class);
    }
}
