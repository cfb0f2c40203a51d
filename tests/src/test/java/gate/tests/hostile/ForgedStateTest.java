// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.CorruptImageException;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.Images;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Store;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import gate.executor.host.instance.Launch;
import gate.executor.host.wasi.Bytes;
import gate.executor.host.wasi.CorruptWasiStateException;
import gate.executor.host.wasi.WasiLimits;
import gate.executor.host.wasi.WasiState;
import gate.tests.equivalence.WasmBytes;
import gate.tests.instance.World;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What forged saved programs have found, in small.
final class ForgedStateTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    /// No program of the original has more to do than its start function and its entry.
    @Test
    void programWithManyCallsToMakeIsSavedWithoutTheOriginalsStack() throws Exception {
        World.Running never = world.launch(
                World.text("(module (func (export \"_start\")))"),
                Launch.of("x").asSuspended());
        byte[] file = never.snapshot();
        byte[] image = FileParts.content(file, "gate.image");
        // It ends with the number of calls that wait, and the function of the only one.
        assertThat(image).endsWith(1, 0);
        byte[] three = new WasmBytes()
                .bytes(Arrays.copyOf(image, image.length - 2))
                .u32(3)
                .bytes(new byte[3])
                .toArray();
        World.Running forged = world.launch(
                World.saved(FileParts.with(file, "gate.image", three)),
                Launch.of("x").asSuspended());
        assertThat(forged.instance().status().state()).isEqualTo(State.SUSPENDED);
        byte[] again = forged.snapshot();
        assertThat(FileParts.has(FileParts.of(again), "gate.stack")).isFalse();
        assertThat(world.launch(World.saved(again), Launch.of("x")).instance().await())
                .isEqualTo(Status.exited(State.HALTED, 0));
    }

    private byte[] suspended(String text) throws Exception {
        return world.launch(World.text(text), Launch.of("x").asSuspended()).snapshot();
    }

    /// With this content in place of a section's, ours or the original's, it is refused when it is launched.
    private void assertRefused(byte[] file, String section, String hex, String reason) throws Exception {
        byte[] content = java.util.HexFormat.of().parseHex(hex);
        byte[] ours = FileParts.with(file, section, content);
        for (byte[] forged :
                section.equals("gate.host") ? List.of(ours) : List.of(ours, FileParts.asTheOriginals(ours))) {
            assertThatThrownBy(() -> world.launch(World.saved(forged))).hasMessage(reason);
        }
    }

    @ParameterizedTest
    @CsvSource({"0b, 11", "1a, 26", "1f, 31", "ffffffff07, 2147483647"})
    void trapThatThereIsNotIsRefused(String number, int trap) throws Exception {
        byte[] file = suspended("(module (func (export \"_start\")))");
        assertRefused(file, "gate.snapshot", "0000" + number + "000000", "unknown trap in gate.snapshot: " + trap);
    }

    /// The body has one instruction, its end, with its opcode at 2: the numbers are of what follows opcodes.
    @ParameterizedTest
    @CsvSource({"00, 0", "01, 1", "02, 2", "04, 4", "ffffffff0f, ffffffff"})
    void breakpointThatHitsNoInstructionIsRefused(String offset, String shown) throws Exception {
        byte[] file = suspended("(module (func (export \"_start\")))");
        assertRefused(
                file, "gate.snapshot", "000002000001" + offset, "breakpoint could not be set at offset 0x" + shown);
    }

    @ParameterizedTest
    @CsvSource({"01", "0108", "01ff", "0005", "0205", "010000"})
    void hostsStateThatIsNotOursIsRefused(String hex) throws Exception {
        byte[] file = suspended("(module (func (export \"_start\")))");
        assertRefused(file, "gate.host", hex, "the host's state isn't one of the gate profile");
    }

    /// What a later version adds to it, and a time beyond our clocks, keep no program from going on.
    @ParameterizedTest
    @CsvSource({"05000200000000aabb", "0000020080808080808080808001 00", "00000200ffffffffffffffffff01 00"})
    void programGoesOnWhateverItsFileSaysOfTheTime(String hex) throws Exception {
        byte[] file = suspended("""
                (module
                  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
                  (memory 1)
                  (func (export "_start") (result i32)
                    (i32.or
                      (call $time (i32.const 1) (i64.const 1) (i32.const 8))
                      (i64.lt_s (i64.load (i32.const 8)) (i64.const 1000000000)))))
                """);
        byte[] content = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] ours = FileParts.with(file, "gate.snapshot", content);
        for (byte[] forged : List.of(ours, FileParts.asTheOriginals(ours))) {
            World.Running running = world.launch(World.saved(forged));
            assertThat(running.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
            World.saved(running.snapshot());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 0",
        "4611686018427387905, 0",
        "-1, 0",
        "0, -9223372036854775808",
        "0, -4611686018427387905",
        "1, 9223372036854775807",
    })
    void fuelCountsThatWouldOverflowAreRefused(long used, long left) throws Exception {
        try (Store store = new Store()) {
            Module module = Module.parse(TextFormat.toBinary("(module)", TextLimits.defaults()));
            ExecutionImage forged = new ExecutionImage(-1, 0, -1, List.of(), List.of(), true, used, left);
            assertThatThrownBy(() -> Images.restore(store.allocate(module, Imports.none()), forged))
                    .isInstanceOf(CorruptImageException.class)
                    .hasMessage("fuel counts out of range");
        }
    }

    @Test
    void fuelIsAddedToAnyCountThatIsAccepted() throws Exception {
        try (Store store = new Store()) {
            Module module = Module.parse(TextFormat.toBinary("(module)", TextLimits.defaults()));
            ExecutionImage forged = new ExecutionImage(-1, 0, -1, List.of(), List.of(), true, 1L << 62, 0);
            Execution execution = Images.restore(store.allocate(module, Imports.none()), forged);
            execution.setFuel(Long.MAX_VALUE);
            assertThat(execution.fuelUsed()).isEqualTo(1L << 62);
            assertThat(execution.fuelLeft()).isEqualTo(Long.MAX_VALUE - (1L << 62));
        }
    }

    /// A clock at the end of its numbers would make the next saved state one that isn't read.
    @Test
    void clocksThatWouldOverflowAreRefused() throws CorruptWasiStateException {
        for (long time : new long[] {WasiLimits.TIME_NANOS_MAX, WasiLimits.TIME_NANOS_MAX + 1, Long.MAX_VALUE}) {
            WasiState monotonic = new WasiState(List.of(), List.of(), time, 0, List.of(), Bytes.EMPTY, null, null);
            WasiState cpu = new WasiState(List.of(), List.of(), 0, time, List.of(), Bytes.EMPTY, null, null);
            if (time == WasiLimits.TIME_NANOS_MAX) {
                assertThat(WasiState.parse(monotonic.toBytes()).monotonicNanos())
                        .isEqualTo(time);
                assertThat(WasiState.parse(cpu.toBytes()).cpuNanos()).isEqualTo(time);
                continue;
            }
            for (WasiState forged : List.of(monotonic, cpu)) {
                assertThatThrownBy(() -> WasiState.parse(forged.toBytes()))
                        .isInstanceOf(CorruptWasiStateException.class)
                        .hasMessageContaining("time");
            }
        }
    }
}
