// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.GuestExit;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.Images;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Store;
import gate.engine.runtime.Trap;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where a program can be stopped, one rule at a time.
final class SuspensionTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final HostFunction AGAIN = call -> HostFunction.Outcome.AGAIN;

    private static final String EVERY_TYPE = """
            (module
              (type $t (func (param i32) (result i32)))
              (import "host" "wait" (func $wait (param f32) (result f32)))
              (elem declare func $f)
              (func $f (type $t) (i32.add (local.get 0) (i32.const 1)))
              (func (export "run")
                (param $i i32) (param $l i64) (param $s f32) (param $d f64) (param $e externref)
                (result i32 i64 f32 f64 externref i32 i32)
                (local $r (ref $t)) (local $n (ref null $t)) (local $u funcref) (local $late (ref $t))
                (local.set $r (ref.func $f))
                (local.set $u (ref.func $f))
                (local.get $i)
                (i64.add (local.get $l) (i64.const 1))
                (call $wait (f32.neg (local.get $s)))
                (f64.const 2.5)
                (local.get $e)
                (call_ref $t (i32.const 41) (local.get $r))
                (i32.add (ref.is_null (local.get $n)) (i32.mul (ref.is_null (local.get $u)) (i32.const 2)))))""";

    @Test
    void localsAndOperandsOfEveryTypeAreSaved() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        HostFunction host = call -> {
            if (calls.incrementAndGet() < 4) {
                return HostFunction.Outcome.AGAIN;
            }
            call.result(0, call.argument(0));
            return HostFunction.Outcome.DONE;
        };
        try (TextGuest guest = TextGuest.of(EVERY_TYPE, host)) {
            long minusOne = Float.floatToRawIntBits(-1f);
            long pi = Double.doubleToRawLongBits(Math.PI);
            guest.call("run", -5, Long.MIN_VALUE, minusOne, pi, 99);
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.SUSPENDED);
            FrameImage frame = Images.capture(guest.execution()).frames().getFirst();
            assertThat(frame.locals()).startsWith(-5, Long.MIN_VALUE, minusOne, pi, 99);
            assertThat(frame.locals()).hasSize(9).endsWith(0);
            assertThat(frame.operands()).containsExactly(-5, Long.MIN_VALUE + 1, Float.floatToRawIntBits(1f));
            assertThat(guest.moveByFile()).isEqualTo(guest.moveByFile());
            guest.execution().run();
            guest.moveByImage();
            long twoAndAHalf = Double.doubleToRawLongBits(2.5);
            assertThat(guest.finish())
                    .containsExactly(-5, Long.MIN_VALUE + 1, Float.floatToRawIntBits(1f), twoAndAHalf, 99, 42, 1);
        }
    }

    @Test
    void placesThatShareAWordAreToldApart() throws Exception {
        String text = """
                (module (type $t (func (result i32)))
                  (elem declare func $one)
                  (func $one (type $t) (i32.const 1))
                  (func $carry (export "carry") (param i32) (result i32 (ref $t) i32)
                    (if (i32.eqz (local.get 0)) (then
                      (i32.const 5) (ref.func $one) (i32.const 6) (br_if 1 (local.get 0)) drop drop drop))
                    (i32.const 7) (ref.func $one) (i32.const 8))
                  (func (export "behind") (param i32) (result i32)
                    (block (nop) (block (call $one) drop))
                    (call_ref $t (call $carry (local.get 0)) (drop))
                    i32.add))""";
        for (int parameter = 0; parameter < 2; parameter++) {
            try (TextGuest guest = TextGuest.withoutCounting(text)) {
                guest.finish();
                guest.call("behind", parameter);
                while (guest.step() != Execution.Status.FINISHED) {
                    guest.moveByFile();
                }
                assertThat(guest.execution().results()).containsExactly(8);
                assertThat(guest.stops()).isGreaterThan(3);
            }
        }
    }

    @Test
    void entryReplacedByATailCallGoesOn() throws Exception {
        String text = """
                (module (func (export "f") (param i32) (result i32)
                    (return_call $g (i64.extend_i32_s (local.get 0)) (i32.const 4)))
                  (func $g (param i64 i32) (result i32)
                    (loop $l (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
                    (i32.wrap_i64 (local.get 0))))""";
        try (TextGuest guest = TextGuest.of(text)) {
            guest.finish();
            guest.call("f", 9);
            while (guest.step() != Execution.Status.FINISHED) {
                guest.moveByFile();
            }
            assertThat(guest.execution().results()).containsExactly(9);
            assertThat(guest.stops()).isGreaterThan(3);
        }
    }

    @Test
    void startFunctionStopsAndGoesOn() throws Exception {
        String text = """
                (module (memory 1) (global $sum (export "sum") (mut i32) (i32.const 0))
                  (data (i32.const 0) "\\05")
                  (start $start)
                  (func $start (local $i i32)
                    (loop $next
                      (global.set $sum (i32.add (global.get $sum) (i32.load8_u (i32.const 0))))
                      (br_if $next (i32.lt_u
                        (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 50)))))
                  (func (export "get") (result i32) (global.get $sum)))""";
        try (TextGuest guest = TextGuest.of(text)) {
            guest.moveByFile();
            guest.call("get");
            guest.execution().setFuel(1);
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.OUT_OF_FUEL);
            guest.execution().setFuel(10_000);
            guest.moveByFile();
            while (guest.step() != Execution.Status.FINISHED) {
                guest.moveByFile();
            }
            assertThat(guest.stops()).isGreaterThanOrEqualTo(49);
            assertThat(guest.execution().results()).containsExactly(250);
        }
    }

    @Test
    void initialisationStopsBetweenSegments() throws Exception {
        StringBuilder text = new StringBuilder("(module (memory 1) (table 64 funcref) (func $f (export \"f\"))");
        for (int i = 0; i < 40; i++) {
            text.append("(elem (i32.const ").append(i).append(") func $f)");
            text.append("(data (i32.const ").append(i).append(") \"ab\")");
        }
        text.append("(start $f))");
        for (int step = 0; step <= 80; step++) {
            try (TextGuest guest = TextGuest.of(text.toString())) {
                // A saved program whose initialisation stands at any step goes on there: what is copied again is equal.
                ExecutionImage image = Images.capture(guest.execution());
                Execution there = Images.restore(
                        guest.instance(),
                        new ExecutionImage(step, 0, -1, image.frames(), image.pending(), true, 0, 1_000));
                byte[] file = SavedFile.of(there);
                assertThat(Images.capture(SavedFile.read(file).restore(new Store(), Imports.none()))
                                .initialised())
                        .isEqualTo(step);
            }
        }
    }

    @Test
    @Tag("slow")
    void suspensionDuringInitialisationLosesNothing() throws Exception {
        StringBuilder text = new StringBuilder(
                "(module (memory 200) (func $f (export \"f\") (result i32)" + " (i32.load (i32.const 12000000)))");
        String chunk = "0123456789abcdef".repeat(1 << 14);
        for (int i = 0; i < 48; i++) {
            text.append("(data (i32.const ")
                    .append(i << 18)
                    .append(") \"")
                    .append(chunk)
                    .append("\")");
        }
        text.append(")");
        Module module = Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
        int inside = 0;
        for (int attempt = 0; attempt < 30; attempt++) {
            try (TextGuest guest = TextGuest.of(module)) {
                guest.call("f");
                Execution execution = guest.execution();
                int delay = attempt * 20_000;
                Thread asking = Thread.ofPlatform().start(() -> {
                    long until = System.nanoTime() + delay;
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    execution.suspend();
                });
                Execution.Status status = execution.run();
                asking.join();
                if (status != Execution.Status.FINISHED) {
                    inside += Images.capture(execution).initialised() > 0 ? 1 : 0;
                    execution.resetSuspend();
                    guest.moveByFile();
                    guest.finish();
                }
                assertThat(guest.execution().results()).containsExactly(0x33323130);
            }
        }
        assertThat(inside).as("stops between the first segment and the last").isPositive();
    }

    @Test
    void lazyTranslationOfAHugeFunctionStopsAndGoesOn() throws Exception {
        String body = "(local.set 0 (i32.add (local.get 0) (i32.const 3)))".repeat(40_000);
        try (TextGuest guest =
                TextGuest.of("(module (func (export \"f\") (param i32) (result i32) " + body + " (local.get 0)))")) {
            guest.finish();
            guest.call("f", 5);
            assertThat(guest.step()).isEqualTo(Execution.Status.SUSPENDED);
            assertThat(Images.capture(guest.execution()).pending()).hasSize(1);
            guest.moveByFile();
            assertThat(guest.finish()).containsExactly(120_005);
        }
    }

    @Test
    @Tag("slow")
    void recursionOfAHundredThousandCallsIsSaved() throws Exception {
        String text = """
                (module (import "host" "wait" (func $wait))
                  (func $down (export "down") (param i64) (result i64)
                    (if (result i64) (i64.eqz (local.get 0))
                      (then (call $wait) (i64.const 7))
                      (else (i64.add (i64.mul (local.get 0) (i64.const 3))
                        (call $down (i64.sub (local.get 0) (i64.const 1))))))))""";
        AtomicInteger calls = new AtomicInteger();
        HostFunction once =
                call -> calls.getAndIncrement() == 0 ? HostFunction.Outcome.AGAIN : HostFunction.Outcome.DONE;
        try (TextGuest guest = TextGuest.of(text, once)) {
            guest.call("down", 100_000);
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.SUSPENDED);
            assertThat(Images.capture(guest.execution()).frames()).hasSize(100_001);
            assertThat(guest.moveByFile()).isEqualTo(guest.moveByFile());
            assertThat(guest.finish()).containsExactly(7 + 3L * 100_000 * 100_001 / 2);
        }
    }

    @Test
    @Tag("slow")
    void framesAtManyCallsOfOneFunctionAreSavedInLinearSteps() throws Exception {
        long small = allocatedToSaveAndRestore(1_000);
        long large = allocatedToSaveAndRestore(8_000);
        assertThat(large)
                .as("bytes allocated for 8 times as much as takes " + small)
                .isLessThan(small * 12);
    }

    /// Frames of a recursive function, each at another call in it. Bytes allocated count the translations of it, and
    /// don't depend on the machine's load as a clock does.
    private static long allocatedToSaveAndRestore(int calls) throws Exception {
        StringBuilder text = new StringBuilder(
                "(module (import \"host\" \"wait\" (func $wait))" + "(func $f (export \"f\") (param i32) (result i32)");
        for (int i = 0; i < calls; i++) {
            text.append("(if (i32.eq (local.get 0) (i32.const ").append(i).append(")) (then (return (i32.add ");
            text.append("(i32.const 1) (call $f (i32.const ").append(i + 1).append("))))))");
        }
        text.append("(call $wait) (local.get 0)))");
        AtomicInteger waits = new AtomicInteger();
        HostFunction once =
                call -> waits.getAndIncrement() == 0 ? HostFunction.Outcome.AGAIN : HostFunction.Outcome.DONE;
        try (TextGuest guest = TextGuest.of(text.toString(), once)) {
            guest.call("f", 0);
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.SUSPENDED);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            assertThat(guest.moveByFile()).isEqualTo(guest.moveByFile());
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(guest.finish()).containsExactly(2L * calls);
            return allocated;
        }
    }

    @Test
    void memoriesDroppedSegmentsTablesAndReferencesAreSaved() throws Exception {
        String text = """
                (module
                  (type $t (func (result i32)))
                  (import "host" "wait" (func $wait))
                  (memory $a 1 3) (memory $b 0) (memory $c 2)
                  (global $g (mut (ref $t)) (ref.func $one))
                  (global $x (mut externref) (ref.null extern))
                  (table $t 2 funcref) (table $typed 1 (ref null $t)) (table $e 0 externref)
                  (data $kept "kept") (data $dropped "dropped") (data (memory $c) (i32.const 65530) "active")
                  (elem $funcs func $one $two) (elem $gone func $one)
                  (func $one (type $t) (i32.const 1))
                  (func $two (type $t) (i32.const 2))
                  (func (export "run") (param externref) (result i32 i32 i32 i32 i32 externref externref)
                    (drop (memory.grow $b (i32.const 1)))
                    (memory.init $b $kept (i32.const 100) (i32.const 0) (i32.const 4))
                    (data.drop $dropped) (elem.drop $gone)
                    (global.set $g (ref.func $two))
                    (global.set $x (local.get 0))
                    (drop (table.grow $e (local.get 0) (i32.const 3)))
                    (table.set $typed (i32.const 0) (ref.func $two))
                    (table.init $t $funcs (i32.const 0) (i32.const 0) (i32.const 2))
                    (call $wait)
                    (i32.load $b (i32.const 100))
                    (i32.load8_u $c (i32.const 65531))
                    (call_ref $t (global.get $g))
                    (call_indirect $t (type $t) (i32.const 0))
                    (call_ref $t (table.get $typed (i32.const 0)))
                    (global.get $x)
                    (table.get $e (i32.const 2)))
                  (func (export "dropped") (memory.init $a $dropped (i32.const 0) (i32.const 0) (i32.const 1)))
                  (func (export "gone") (table.init $t $gone (i32.const 0) (i32.const 0) (i32.const 1)))
                  (func (export "kept") (memory.init $a $kept (i32.const 0) (i32.const 0) (i32.const 4))))""";
        AtomicInteger calls = new AtomicInteger();
        HostFunction once =
                call -> calls.getAndIncrement() == 0 ? HostFunction.Outcome.AGAIN : HostFunction.Outcome.DONE;
        try (TextGuest guest = TextGuest.of(text, once)) {
            guest.call("run", 1234);
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.SUSPENDED);
            guest.moveByFile();
            guest.moveByFile();
            assertThat(guest.finish()).containsExactly(0x7470656B, 'c', 2, 1, 2, 1234, 1234);
            guest.call("kept").finish();
            guest.moveByFile();
            guest.call("dropped");
            assertThatThrownBy(guest::finish).isInstanceOf(Trap.class);
        }
    }

    @Test
    void fuelIsCountedUpToAnExit() throws Exception {
        HostFunction exit = call -> {
            throw new GuestExit(3);
        };
        String text = """
                (module (import "host" "exit" (func $exit (param i32)))
                  (table 1 funcref) (elem (i32.const 0) func $exit)
                  (func (export "direct") (call $exit (i32.const 3)) (drop (i32.const 4)))
                  (func (export "indirect")
                    (call_indirect (param i32) (i32.const 3) (i32.const 0)) (drop (i32.const 4))))""";
        for (String export : new String[] {"direct", "indirect"}) {
            try (TextGuest guest = TextGuest.of(text, exit)) {
                guest.call(export);
                assertThatThrownBy(guest::finish).isInstanceOf(GuestExit.class);
                assertThat(guest.execution().fuelUsed()).isEqualTo(export.equals("direct") ? 2 : 3);
            }
        }
    }

    @Test
    void fuelUsedUpStopsAtTheFirstSuspendPointBeyond() throws Exception {
        String text = """
                (module (func (export "f") (param i32)
                  (loop $next
                    (br_if $next (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))""";
        try (TextGuest guest = TextGuest.of(text)) {
            guest.call("f", 10);
            Execution execution = guest.execution();
            execution.setFuel(7);
            assertThat(execution.run()).isEqualTo(Execution.Status.OUT_OF_FUEL);
            assertThat(execution.fuelUsed()).isEqualTo(10);
            assertThat(execution.fuelLeft()).isEqualTo(-3);
            guest.moveByFile();
            assertThat(guest.execution().fuelLeft()).isEqualTo(-3);
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.OUT_OF_FUEL);
            assertThat(guest.execution().fuelUsed()).isEqualTo(10);
            guest.execution().setFuel(1_000);
            guest.finish();
            assertThat(guest.execution().fuelUsed()).isEqualTo(50);
        }
    }

    @Test
    void hostFunctionThatIsTheEntryIsCalledAgain() throws Exception {
        String text = "(module (func (export \"wait\") (import \"host\" \"wait\") (param i32)))";
        try (TextGuest guest = TextGuest.of(text, AGAIN)) {
            guest.call("wait", -7);
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.SUSPENDED);
            guest.moveByFile();
            assertThat(Images.capture(guest.execution()).pending().getFirst().arguments())
                    .containsExactly(-7);
        }
    }
}
