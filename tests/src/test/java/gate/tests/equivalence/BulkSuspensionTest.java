// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.Execution;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bulk instructions stop between chunks and go on, by an image or by a file: the result and the fuel are those of a
/// straight run.
@Tag("slow")
final class BulkSuspensionTest {
    private static final int MEBIBYTE = 1 << 20;

    private static final String TEXT = """
            (module
              (memory 160)
              (memory $second 100)
              (table $t 300000 funcref)
              (table $u 300000 funcref)
              (elem $some func $zero $one)
              (func $zero (export "zero") (result i32) (i32.const 0))
              (func $one (export "one") (result i32) (i32.const 1))
              (func $ramp (export "ramp") (local $i i32)
                (loop $next
                  (i32.store (local.get $i) (i32.mul (local.get $i) (i32.const 0x9E3779B1)))
                  (br_if $next (i32.lt_u
                    (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 8388608)))))
              (func (export "fill") (param i32 i32 i32)
                (memory.fill (local.get 0) (local.get 1) (local.get 2)))
              (func (export "copy") (param i32 i32 i32)
                (memory.copy (local.get 0) (local.get 1) (local.get 2)))
              (func (export "across") (param i32 i32 i32)
                (memory.copy $second 0 (local.get 0) (local.get 1) (local.get 2))
                (memory.copy 0 $second (i32.const 7) (local.get 0) (local.get 2)))
              (func (export "tables") (result i32)
                (table.init $t $some (i32.const 0) (i32.const 0) (i32.const 2))
                (table.fill $t (i32.const 2) (table.get $t (i32.const 1)) (i32.const 299998))
                (table.set $t (i32.const 1) (ref.null func))
                (table.copy $t $t (i32.const 1) (i32.const 0) (i32.const 299999))
                (table.copy $u $t (i32.const 0) (i32.const 0) (i32.const 300000))
                (table.copy $u $u (i32.const 0) (i32.const 1) (i32.const 299999))
                (i32.add
                  (i32.add
                    (ref.is_null (table.get $t (i32.const 1)))
                    (i32.mul (i32.const 10) (ref.is_null (table.get $t (i32.const 2)))))
                  (i32.mul (i32.const 100) (ref.is_null (table.get $u (i32.const 1))))))
            )""";

    private static byte[] memory(TextGuest guest) {
        byte[] bytes = new byte[10 * MEBIBYTE];
        guest.instance().memory(0).slice(0, bytes.length).asByteBuffer().get(bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({
        "fill, 5, 77, 8388608",
        "copy, 3, 65539, 8388600",
        "copy, 65539, 3, 8388600",
        "copy, 8, 0, 8388608",
        "copy, 0, 8, 8388607",
        "copy, 9, 9, 5000000",
        "copy, 1048577, 0, 8388608",
        "across, 1, 2, 6000001"
    })
    void memoryIsTheSameHoweverOftenItStops(String function, int first, int second, int third) throws Exception {
        try (TextGuest straight = TextGuest.of(TEXT);
                TextGuest stopped = TextGuest.of(TEXT)) {
            straight.call("ramp").finish();
            straight.call(function, first, second, third).finish();
            stopped.call("ramp").finish();
            stopped.call(function, first, second, third);
            while (stopped.step() != Execution.Status.FINISHED) {
                if (stopped.stops() % 8 == 3) {
                    stopped.moveByFile();
                } else {
                    stopped.moveByImage();
                }
            }
            assertThat(stopped.stops()).isGreaterThanOrEqualTo(third / MEBIBYTE);
            assertThat(stopped.execution().fuelUsed())
                    .isEqualTo(straight.execution().fuelUsed());
            assertThat(Arrays.equals(memory(stopped), memory(straight))).isTrue();
        }
    }

    @Test
    void memoryCopyIsWhatJavaSaysItIs() throws Exception {
        try (TextGuest guest = TextGuest.of(TEXT)) {
            guest.call("ramp").finish();
            byte[] expected = memory(guest);
            System.arraycopy(expected, 3, expected, 1_000_003, 5_000_000);
            guest.call("copy", 1_000_003, 3, 5_000_000);
            while (guest.step() != Execution.Status.FINISHED) {
                guest.moveByImage();
            }
            assertThat(Arrays.equals(memory(guest), expected)).isTrue();
        }
    }

    @Test
    void tablesAreTheSameHoweverOftenTheyStop() throws Exception {
        try (TextGuest straight = TextGuest.of(TEXT);
                TextGuest stopped = TextGuest.of(TEXT)) {
            assertThat(straight.call("tables").finish()).containsExactly(110);
            stopped.finish();
            stopped.call("tables");
            while (stopped.step() != Execution.Status.FINISHED) {
                if (stopped.stops() % 3 == 1) {
                    stopped.moveByFile();
                } else {
                    stopped.moveByImage();
                }
            }
            assertThat(stopped.execution().results())
                    .isEqualTo(straight.execution().results());
            assertThat(stopped.execution().fuelUsed())
                    .isEqualTo(straight.execution().fuelUsed());
            assertThat(stopped.stops()).isGreaterThan(12);
        }
    }

    @Test
    void fuelOfABulkInstructionIsRoundedOnce() throws Exception {
        try (TextGuest guest = TextGuest.of(TEXT)) {
            guest.finish();
            guest.call("fill", 0, 1, 3 * MEBIBYTE + 63);
            while (guest.step() != Execution.Status.FINISHED) {
                guest.moveByImage();
            }
            assertThat(guest.execution().fuelUsed()).isEqualTo(4 + (3 * MEBIBYTE + 63) / 64);
        }
    }
}
