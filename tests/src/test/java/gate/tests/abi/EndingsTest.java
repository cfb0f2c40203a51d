// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.abi.TrapId;
import gate.engine.runtime.Execution;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Store;
import gate.engine.runtime.Trap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// How the end of a run is told: Gate's reference 2.1 and 2.3.
final class EndingsTest {
    @ParameterizedTest
    @CsvSource({
        "1, NO_FUNCTION, KILLED, 1",
        "2, SUSPENDED, SUSPENDED, 0",
        "3, UNREACHABLE, KILLED, 3",
        "4, CALL_STACK_EXHAUSTED, SUSPENDED, 4",
        "5, MEMORY_ACCESS_OUT_OF_BOUNDS, KILLED, 5",
        "6, INDIRECT_CALL_INDEX_OUT_OF_BOUNDS, KILLED, 6",
        "7, INDIRECT_CALL_SIGNATURE_MISMATCH, KILLED, 7",
        "8, INTEGER_DIVIDE_BY_ZERO, KILLED, 8",
        "9, INTEGER_OVERFLOW, KILLED, 9",
        "10, BREAKPOINT, SUSPENDED, 10",
        "27, ABI_DEFICIENCY, SUSPENDED, 27",
        "28, ABI_VIOLATION, KILLED, 28",
        "29, INTERNAL_ERROR, KILLED, 29",
        "30, KILLED, KILLED, 0",
    })
    void trapsHaveNumbersAndLeadToStates(int number, TrapId id, State state, int cause) {
        assertThat(id.number()).isEqualTo(number);
        assertThat(TrapId.of(number)).contains(id);
        assertThat(id.status()).isEqualTo(new Status(state, Cause.of(cause).orElseThrow(), 0, ""));
    }

    @Test
    void everyTrapIsInTheTable() {
        assertThat(TrapId.values()).hasSize(15);
        assertThat(TrapId.of(0)).contains(TrapId.EXIT);
    }

    @ParameterizedTest
    @CsvSource({"-1", "11", "26", "31", "127"})
    void otherNumbersAreNoTraps(int number) {
        assertThat(TrapId.of(number)).isEmpty();
        assertThat(Cause.of(number)).isEmpty();
        assertThat(State.of(number)).isEmpty();
    }

    @Test
    void exitNeedsAResult() {
        assertThatThrownBy(TrapId.EXIT::status).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Status.exited(State.KILLED, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void killWinsOverWhatTheProgramDidRight(TrapId id) {
        boolean right = switch (id) {
            case EXIT, SUSPENDED, BREAKPOINT, ABI_DEFICIENCY -> true;
            default -> false;
        };
        assertThat(id.killRequested()).isEqualTo(right ? TrapId.KILLED : id);
    }

    @ParameterizedTest
    @EnumSource
    void everyCauseButNormalIsATrap(Cause cause) {
        assertThat(Cause.of(cause.number())).contains(cause);
        assertThat(TrapId.of(cause.number())).isPresent();
    }

    @Test
    void causesAreCalledAsClientsKnowThem() {
        assertThat(Cause.INTERNAL.text()).isEqualTo("INTERNAL");
        assertThat(Cause.NO_FUNCTION.text()).isEqualTo("1");
        assertThat(Cause.ABI_DEFICIENCY.text()).isEqualTo("ABI_DEFICIENCY");
    }

    @Test
    void statesHaveNumbers() {
        assertThat(State.values()).extracting(State::number).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(State.of(4)).contains(State.TERMINATED);
        assertThat(State.values()).filteredOn(State::isFinal).containsExactly(State.TERMINATED, State.KILLED);
    }

    @Test
    void statusIsToldToPeople() {
        Status nothing = new Status(State.NONEXISTENT, Cause.NORMAL, 0, "");
        assertThat(nothing).hasToString("error");
        assertThat(nothing.withError("gone")).hasToString("error: gone");
        assertThat(new Status(State.RUNNING, Cause.NORMAL, 0, "")).hasToString("RUNNING");
        assertThat(TrapId.SUSPENDED.status()).hasToString("SUSPENDED");
        assertThat(TrapId.KILLED.status()).hasToString("KILLED");
        assertThat(TrapId.ABI_DEFICIENCY.status()).hasToString("SUSPENDED abnormally: ABI_DEFICIENCY");
        assertThat(TrapId.INTERNAL_ERROR.status()).hasToString("KILLED abnormally: INTERNAL");
        assertThat(TrapId.NO_FUNCTION.status()).hasToString("KILLED abnormally: 1");
        assertThat(TrapId.ABI_VIOLATION.status().withError("too short"))
                .hasToString("KILLED abnormally: ABI_VIOLATION; error: too short");
        assertThat(Status.exited(State.HALTED, 0)).hasToString("HALTED with result 0");
        assertThat(Status.exited(State.TERMINATED, 1).withError("late"))
                .hasToString("TERMINATED with result 1; error: late");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            unreachable                                                                  | UNREACHABLE
            call $f                                                                      | CALL_STACK_EXHAUSTED
            (drop (i32.load (i32.const -1)))                                             | MEMORY_ACCESS_OUT_OF_BOUNDS
            (memory.fill (i32.const 65535) (i32.const 1) (i32.const 2))                  | MEMORY_ACCESS_OUT_OF_BOUNDS
            (call_indirect (i32.const 3))                                                | INDIRECT_CALL_INDEX_OUT_OF_BOUNDS
            (call_indirect (i32.const 0))                                                | INDIRECT_CALL_SIGNATURE_MISMATCH
            (drop (call_indirect (result i32) (i32.const 1)))                            | INDIRECT_CALL_SIGNATURE_MISMATCH
            (drop (table.get (i32.const 3)))                                             | INDIRECT_CALL_INDEX_OUT_OF_BOUNDS
            (table.fill (i32.const 2) (ref.null func) (i32.const 2))                     | INDIRECT_CALL_INDEX_OUT_OF_BOUNDS
            (call_ref $t (ref.null $t))                                                  | INDIRECT_CALL_SIGNATURE_MISMATCH
            (drop (ref.as_non_null (ref.null func)))                                     | UNREACHABLE
            (drop (i32.div_u (i32.const 1) (i32.const 0)))                               | INTEGER_DIVIDE_BY_ZERO
            (drop (i64.rem_s (i64.const 1) (i64.const 0)))                               | INTEGER_DIVIDE_BY_ZERO
            (drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))                     | INTEGER_OVERFLOW
            (drop (i32.trunc_f32_s (f32.const 1e10)))                                    | INTEGER_OVERFLOW
            (drop (i32.trunc_f64_u (f64.const nan)))                                     | INTEGER_OVERFLOW
            """)
    void trapsOfTheEngineHaveNumbers(String code, TrapId expected) {
        String text = "(module (type $t (func)) (memory 1) (table 3 funcref) (elem (i32.const 1) $f)\n"
                + "(func $f (export \"f\") (type $t) " + code + "))";
        try (Store store = new Store()) {
            Execution execution = Execution.instantiate(store.allocate(AbiGuest.parse(text), Imports.none()))
                    .call(0);
            assertThatThrownBy(execution::run)
                    .isInstanceOfSatisfying(
                            Trap.class,
                            trap -> assertThat(TrapId.of(trap.code())).isEqualTo(expected));
        }
    }

    @Test
    void failureOfTheHostIsInternal() {
        assertThat(TrapId.of(Trap.Code.HOST)).isEqualTo(TrapId.INTERNAL_ERROR);
    }
}
