// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static gate.tests.abi.AbiGuest.FAULT;
import static gate.tests.abi.AbiGuest.INVAL;
import static gate.tests.abi.AbiGuest.RESULT;
import static gate.tests.abi.AbiGuest.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.AbiPolicy;
import gate.engine.abi.AbiState;
import gate.engine.abi.GateAbi;
import gate.engine.runtime.Execution;
import gate.engine.runtime.Execution.Status;
import gate.engine.runtime.GuestExit;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Store;
import gate.engine.runtime.Trap;
import gate.engine.wasm.Module;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Arguments, environment, clocks, randomness and the end.
final class ProcessCallsTest {
    private static final int END = Memory.PAGE_BYTES;

    private AbiGuest guest = AbiGuest.of("arguments.wat");

    private void use(String file) {
        use(file, AbiPolicy.DEFAULT);
    }

    private void use(String file, AbiPolicy policy) {
        guest.close();
        guest = AbiGuest.of(file, policy, AbiState.FRESH);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private void assertTraps(String function, long... arguments) {
        assertThatThrownBy(() -> guest.start(function, arguments))
                .isInstanceOfSatisfying(
                        Trap.class, trap -> assertThat(trap.code()).isEqualTo(Trap.Code.MEMORY_OUT_OF_BOUNDS));
    }

    // ---- arguments and environment ----

    @Test
    void thereAreNoArguments() {
        guest.memory.storeLong(RESULT, -1);
        assertThat(guest.call("args_sizes_get", RESULT, RESULT + 4)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadLong(RESULT)).isZero();
        assertThat(guest.call("args_sizes_get", 0, RESULT)).isEqualTo(FAULT);
        assertThat(guest.call("args_sizes_get", RESULT, 0)).isEqualTo(FAULT);
    }

    @Test
    void argumentsAreNotWritten() {
        guest.memory.storeLong(RESULT, -1);
        assertThat(guest.call("args_get", RESULT, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.call("args_get", 0, 0)).isEqualTo(SUCCESS);
        assertThat(guest.call("args_get", -1, -1)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadLong(RESULT)).isEqualTo(-1);
    }

    @Test
    void environmentIsThreeVariablesIn72Bytes() {
        assertThat(guest.call("environ_sizes_get", RESULT, RESULT + 4)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(3);
        assertThat(guest.memory.loadInt(RESULT + 4)).isEqualTo(72);

        guest.memory.slice(128, 80).fill((byte) -1);
        assertThat(guest.call("environ_get", RESULT, 128)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(128);
        assertThat(guest.memory.loadInt(RESULT + 4)).isEqualTo(128 + 24);
        assertThat(guest.memory.loadInt(RESULT + 8)).isEqualTo(128 + 40);
        assertThat(guest.string(128, 72))
                .isEqualTo("GATE_ABI_VERSION=0" + "\0".repeat(6) + "GATE_FD=4" + "\0".repeat(7)
                        + "GATE_MAX_SEND_SIZE=65536" + "\0".repeat(8));
        assertThat(guest.memory.loadByte(200)).isEqualTo((byte) -1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"environ_get", "environ_sizes_get"})
    void environmentHasNoPlaceAtZero(String function) {
        assertThat(guest.call(function, 0, RESULT)).isEqualTo(FAULT);
        assertThat(guest.call(function, RESULT, 0)).isEqualTo(FAULT);
        assertThat(guest.call(function, -1, 0)).isEqualTo(FAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "args_sizes_get, 65533, 64",
        "args_sizes_get, 64, 65533",
        "environ_sizes_get, 64, -1",
        "environ_get, 65525, 64",
        "environ_get, 64, 65465",
    })
    void resultsBeyondMemoryTrapAndNothingIsWritten(String function, int first, int second) {
        assertTraps(function, first, second);
        assertThat(guest.memory.loadLong(RESULT)).isZero();
    }

    @Test
    void environmentFitsAtTheEndOfMemory() {
        assertThat(guest.call("environ_get", END - 12, END - 84)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(END - 12)).isEqualTo(END - 84);
    }

    @Test
    void yieldingHasNoEffect() {
        assertThat(guest.call("sched_yield")).isEqualTo(SUCCESS);
    }

    // ---- clocks ----

    @ParameterizedTest
    @CsvSource({"1000, 1024", "1, 2", "10000000, 16777216", "1000000000, 1000000000", "0, 1000000000"})
    void resolutionIsThePowerOfTwoAboveThePolicys(long resolution, long reported) {
        use("clocks.wat", new AbiPolicy(resolution, 0));
        for (int clock = 0; clock < 4; clock++) {
            assertThat(guest.call("clock_res_get", clock, RESULT)).isEqualTo(SUCCESS);
            assertThat(guest.memory.loadLong(RESULT)).isEqualTo(reported);
        }
    }

    @Test
    void clocksHaveThePolicysResolution() {
        use("clocks.wat", new AbiPolicy(10_000_000, 0));
        guest.clock.pass(123_456_789);
        assertThat(guest.call("clock_time_get", 0, 1, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadLong(RESULT))
                .isEqualTo(guest.clock.realtime / FakeClock.SECOND * FakeClock.SECOND + 7 * 16_777_216);
        assertThat(guest.call("clock_time_get", 1, 1, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadLong(RESULT)).isEqualTo(FakeClock.SECOND + 7 * 16_777_216);
    }

    @Test
    void precisionMakesNoDifference() {
        use("clocks.wat", new AbiPolicy(1, 0));
        guest.clock.pass(123_456_788);
        for (long precision : new long[] {0, 1, 1_000_000, FakeClock.SECOND, -1, Long.MIN_VALUE}) {
            assertThat(guest.call("clock_time_get", 1, precision, RESULT)).isEqualTo(SUCCESS);
            assertThat(guest.memory.loadLong(RESULT)).isEqualTo(FakeClock.SECOND + 123_456_788);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, -1, Integer.MIN_VALUE})
    void otherClocksDoNotExist(int clock) {
        use("clocks.wat");
        assertThat(guest.call("clock_time_get", clock, 0, RESULT)).isEqualTo(INVAL);
        assertThat(guest.call("clock_res_get", clock, RESULT)).isEqualTo(INVAL);
        assertThat(guest.call("clock_time_get", clock, 0, -1)).isEqualTo(INVAL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void timesHaveNoPlaceAtZero(int clock) {
        use("clocks.wat");
        assertThat(guest.call("clock_time_get", clock, 0, 0)).isEqualTo(FAULT);
        assertThat(guest.call("clock_res_get", clock, 0)).isEqualTo(FAULT);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void processorTimeSuspends(int clock) {
        use("clocks.wat");
        guest.deficient("clock_time_get", clock, 0, RESULT);
    }

    @Test
    void timeBeyondMemoryTraps() {
        use("clocks.wat");
        assertTraps("clock_time_get", 0, 0, END - 7);
    }

    @Test
    void resolutionBeyondMemoryTraps() {
        use("clocks.wat");
        assertTraps("clock_res_get", 0, END - 7);
    }

    // ---- the end ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, -1})
    void exitEndsTheProgram(int status) {
        use("process.wat");
        assertThatThrownBy(() -> guest.start("proc_exit", status))
                .isInstanceOfSatisfying(
                        GuestExit.class, exit -> assertThat(exit.status()).isEqualTo(status));
        assertThat(guest.execution().status()).isEqualTo(Status.EXITED);
        assertThat(guest.abi.deficiency()).isEmpty();
    }

    @Test
    void signalSuspends() {
        use("process.wat");
        guest.deficient("proc_raise", 9);
        assertThat(guest.resume()).isEqualTo(Status.SUSPENDED);
        assertThat(guest.abi.deficiency()).isPresent();
    }

    // ---- randomness ----

    @Test
    void randomBytesRunOut() {
        use("process.wat", new AbiPolicy(1, 16));
        assertThat(guest.call("random_get", RESULT, 10)).isEqualTo(SUCCESS);
        assertThat(guest.bytes(RESULT, 11)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0);
        assertThat(guest.call("random_get", RESULT, 6)).isEqualTo(SUCCESS);
        assertThat(guest.bytes(RESULT, 7)).containsExactly(11, 12, 13, 14, 15, 16, 7);
        assertThat(guest.call("random_get", RESULT, 0)).isEqualTo(SUCCESS);
        guest.deficient("random_get", RESULT, 1);
    }

    @Test
    void randomBytesThatThereAreStayAndTheCallBeginsAnew() {
        use("process.wat", new AbiPolicy(1, 16));
        assertThat(guest.call("random_get", RESULT, 10)).isEqualTo(SUCCESS);
        guest.deficient("random_get", RESULT, 10);
        assertThat(guest.bytes(RESULT, 10)).containsExactly(11, 12, 13, 14, 15, 16, 7, 8, 9, 10);
        assertThat(guest.resume(new AbiPolicy(1, 16))).isEqualTo(Status.FINISHED);
        assertThat(guest.abi.deficiency()).isEmpty();
        assertThat(guest.result()).isEqualTo(SUCCESS);
        assertThat(guest.bytes(RESULT, 10)).containsExactly(17, 18, 19, 20, 21, 22, 23, 24, 25, 26);
    }

    @Test
    void moreRandomBytesThanAStartGivesAreNeverThere() {
        use("process.wat", new AbiPolicy(1, 16));
        guest.deficient("random_get", RESULT, 17);
        for (int i = 0; i < 3; i++) {
            assertThat(guest.resume(new AbiPolicy(1, 16))).isEqualTo(Status.SUSPENDED);
            assertThat(guest.abi.deficiency()).isPresent();
        }
        assertThat(guest.resume(new AbiPolicy(1, 17))).isEqualTo(Status.FINISHED);
    }

    @Test
    void defaultPolicyGives64RandomBytes() {
        use("process.wat");
        assertThat(AbiPolicy.DEFAULT).isEqualTo(new AbiPolicy(10_000_000, 64));
        assertThat(guest.call("random_get", RESULT, 64)).isEqualTo(SUCCESS);
        guest.deficient("random_get", RESULT, 1);
    }

    @Test
    void policyGivesNoEndlessRandomBytes() {
        assertThatThrownBy(() -> new AbiPolicy(1, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AbiPolicy(1, AbiPolicy.RANDOM_BYTES_MAX + 1))
                .hasMessageContaining("1048577");
    }

    @Test
    void randomBytesHaveNoPlaceAtZero() {
        use("process.wat");
        assertThat(guest.call("random_get", 0, 1)).isEqualTo(FAULT);
        assertThat(guest.call("random_get", 0, -1)).isEqualTo(FAULT);
        assertThat(guest.call("random_get", 0, 0)).isEqualTo(SUCCESS);
        assertThat(guest.call("random_get", -1, 0)).isEqualTo(SUCCESS);
    }

    @Test
    void randomBytesBeyondMemoryTrap() {
        use("process.wat");
        assertTraps("random_get", END - 1, 2);
    }

    /// As many as there are fit, so that it is their number that is the matter.
    @Test
    void randomBytesThatDoNotExistCannotBeBeyondMemory() {
        use("process.wat");
        guest.deficient("random_get", END - 64, -1);
        assertThat(guest.memory.loadByte(END - 1)).isEqualTo((byte) 64);
    }

    // ---- without memory ----

    @Test
    void programWithoutMemoryTrapsWhereBytesAreWanted() {
        String text = "(module (import \"env\" \"__wasi_clock_res_get\" (func $f (param i32 i32) (result i32)))"
                + "(func (export \"null\") (result i32) (call $f (i32.const 0) (i32.const 0)))"
                + "(func (export \"some\") (result i32) (call $f (i32.const 0) (i32.const 8))))";
        Module module = AbiGuest.parse(text);
        try (Store store = new Store()) {
            GateAbi abi = new GateAbi(guest.host(), AbiPolicy.DEFAULT, AbiState.FRESH);
            Execution execution = Execution.instantiate(store.allocate(module, abi));
            execution.call(1).run();
            assertThat(execution.results()).containsExactly(FAULT);
            execution.call(2);
            assertThatThrownBy(execution::run)
                    .isInstanceOfSatisfying(
                            Trap.class, trap -> assertThat(trap.code()).isEqualTo(Trap.Code.MEMORY_OUT_OF_BOUNDS));
        }
    }
}
