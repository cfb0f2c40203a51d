// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.runtime.GuestExit;
import gate.engine.runtime.HostFunction.Outcome;
import gate.engine.wasm.ValueType;
import gate.executor.host.wasi.Errno;
import gate.executor.host.wasi.Wasi;
import gate.executor.host.wasi.WasiClocks;
import gate.executor.host.wasi.WasiFunction;
import gate.executor.host.wasi.WasiPreview1;
import gate.executor.host.wasi.WasiRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Functions that need no file, and the look-up.
class ProcessCallsTest {
    private static final List<String> NAMES = List.of(
            "args_get",
            "args_sizes_get",
            "environ_get",
            "environ_sizes_get",
            "clock_res_get",
            "clock_time_get",
            "fd_advise",
            "fd_allocate",
            "fd_close",
            "fd_datasync",
            "fd_fdstat_get",
            "fd_fdstat_set_flags",
            "fd_fdstat_set_rights",
            "fd_filestat_get",
            "fd_filestat_set_size",
            "fd_filestat_set_times",
            "fd_pread",
            "fd_prestat_get",
            "fd_prestat_dir_name",
            "fd_pwrite",
            "fd_read",
            "fd_readdir",
            "fd_renumber",
            "fd_seek",
            "fd_sync",
            "fd_tell",
            "fd_write",
            "path_create_directory",
            "path_filestat_get",
            "path_filestat_set_times",
            "path_link",
            "path_open",
            "path_readlink",
            "path_remove_directory",
            "path_rename",
            "path_symlink",
            "path_unlink_file",
            "poll_oneoff",
            "proc_exit",
            "proc_raise",
            "sched_yield",
            "random_get",
            "sock_accept",
            "sock_recv",
            "sock_send",
            "sock_shutdown");

    private final WasiGuest guest = WasiGuest.alone();

    @AfterEach
    void close() {
        guest.close();
    }

    @Test
    void all46FunctionsAreThereAndNoneOfPreview0() {
        WasiPreview1 functions = WasiPreview1.of(guest.wasi);
        assertThat(NAMES).hasSize(46);
        for (String name : NAMES) {
            assertThat(functions.function("wasi_snapshot_preview1", name))
                    .as(name)
                    .isPresent();
            assertThat(functions.function("wasi_unstable", name)).as(name).isEmpty();
        }
        assertThat(functions.function("wasi_snapshot_preview1", "fd_dup")).isEmpty();
        assertThat(functions.function("env", "fd_read")).isEmpty();
    }

    @Test
    void signaturesAreThoseOfTheSpecification() {
        WasiPreview1 functions = WasiPreview1.of(guest.wasi);
        int i = ValueType.I32;
        int l = ValueType.I64;
        WasiFunction open = functions.function(WasiGuest.MODULE, "path_open").orElseThrow();
        assertThat(open.parameters()).containsExactly(i, i, i, i, i, l, l, i, i);
        assertThat(open.results()).containsExactly(i);
        WasiFunction seek = functions.function(WasiGuest.MODULE, "fd_seek").orElseThrow();
        assertThat(seek.parameters()).containsExactly(i, l, i, i);
        WasiFunction exit = functions.function(WasiGuest.MODULE, "proc_exit").orElseThrow();
        assertThat(exit.parameters()).containsExactly(i);
        assertThat(exit.results()).isEmpty();
        WasiFunction yield = functions.function(WasiGuest.MODULE, "sched_yield").orElseThrow();
        assertThat(yield.parameters()).isEmpty();
    }

    @Test
    void argumentsAreZeroTerminatedTexts() {
        guest.done("args_sizes_get", 64, 68);
        assertThat(guest.memory.loadInt(64)).isEqualTo(3);
        assertThat(guest.memory.loadInt(68)).isEqualTo(8 + 4 + 3);
        guest.done("args_get", 1000, 2000);
        assertThat(guest.memory.loadInt(1000)).isEqualTo(2000);
        assertThat(guest.memory.loadInt(1004)).isEqualTo(2008);
        assertThat(guest.memory.loadInt(1008)).isEqualTo(2012);
        assertThat(guest.string(2000, 15)).isEqualTo("program\0a b\0ä\0");
    }

    @Test
    void environmentIsZeroTerminatedTexts() {
        guest.done("environ_sizes_get", 64, 68);
        assertThat(guest.memory.loadInt(64)).isEqualTo(2);
        assertThat(guest.memory.loadInt(68)).isEqualTo(7 + 3);
        guest.done("environ_get", 1000, 2000);
        assertThat(guest.string(2000, 10)).isEqualTo("HOME=/\0X=\0");
    }

    @Test
    void pointersOutsideTheMemoryAreFaultsAndNotTraps() {
        long end = guest.memory.byteSize();
        assertThat(guest.call("args_get", end - 4, 2000)).isEqualTo(Errno.FAULT);
        assertThat(guest.call("args_get", 1000, end - 3)).isEqualTo(Errno.FAULT);
        assertThat(guest.call("args_sizes_get", -1, 64)).isEqualTo(Errno.FAULT);
        assertThat(guest.call("clock_time_get", 0, 0, end - 7)).isEqualTo(Errno.FAULT);
        assertThat(guest.call("random_get", end - 1, 2)).isEqualTo(Errno.FAULT);
        assertThat(guest.call("random_get", 0, -1)).isEqualTo(Errno.FAULT);
        assertThat(guest.call("fd_fdstat_get", 0, end)).isEqualTo(Errno.FAULT);
        assertThat(guest.call("poll_oneoff", end - 47, 0, 1, 64)).isEqualTo(Errno.FAULT);
    }

    @Test
    void aModuleWithoutMemoryGetsFaults() {
        FakeCall call = new FakeCall(null, 64, 68);
        assertThat(guest.make("args_sizes_get", call)).isEqualTo(Outcome.DONE);
        assertThat(WasiGuest.errno(call)).isEqualTo(Errno.FAULT);
    }

    @Test
    void addressZeroIsAnAddress() {
        guest.done("random_get", 0, 4);
        assertThat(guest.memory.loadInt(0)).isEqualTo(0x04030201);
    }

    @Test
    void clocksTellWhatTheWorldSays() {
        guest.done("clock_time_get", 0, 0, 64);
        assertThat(guest.longResult()).isEqualTo(1_700_000_000_000_000_000L);
        guest.done("clock_time_get", 1, 0, 64);
        long start = guest.longResult();
        assertThat(start).isPositive();
        guest.clocks.monotonic += 7;
        guest.done("clock_time_get", 1, 0, 64);
        assertThat(guest.longResult()).isEqualTo(start + 7);
        guest.done("clock_time_get", 2, 0, 64);
        assertThat(guest.longResult()).isEqualTo(42);
        guest.done("clock_time_get", 3, 0, 64);
        assertThat(guest.longResult()).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void everyClockHasAResolution(int clock) {
        guest.done("clock_res_get", clock, 64);
        assertThat(guest.longResult()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, -1, 1000})
    void anUnknownClockIsInvalid(int clock) {
        assertThat(guest.call("clock_time_get", clock, 0, 64)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("clock_res_get", clock, 64)).isEqualTo(Errno.INVAL);
    }

    @Test
    void randomFillsExactlyWhatIsAsked() {
        guest.memory.storeByte(1005, (byte) 99);
        guest.done("random_get", 1000, 5);
        assertThat(guest.memory.loadByte(1004)).isEqualTo((byte) 5);
        assertThat(guest.memory.loadByte(1005)).isEqualTo((byte) 99);
        guest.done("random_get", 1000, 0);
    }

    @Test
    void aStoppedRandomGoesOnWhereItWas() {
        int size = 1_000_000;
        AtomicInteger looks = new AtomicInteger();
        int stops = 0;
        while (true) {
            FakeCall call = guest.prepare(WasiGuest.BUFFER, size);
            call.suspendWhen(() -> looks.incrementAndGet() % 3 == 0);
            if (guest.make("random_get", call) == Outcome.DONE) {
                assertThat(call.errno()).isZero();
                break;
            }
            assertThat(call.hasResult()).isFalse();
            stops++;
        }
        // 16 pieces, a look after each but the last, a stop at each third look.
        assertThat(looks.get()).isEqualTo(15);
        assertThat(stops).isEqualTo(5);
        for (int at = 0; at < size; at++) {
            assertThat(guest.memory.loadByte(WasiGuest.BUFFER + at)).isEqualTo((byte) (at % 65_536 + 1));
        }
    }

    @Test
    void exitEndsTheGuestWithAll32Bits() {
        assertThatThrownBy(() -> guest.make("proc_exit", guest.prepare(0xFFFF_FFF0L)))
                .isInstanceOfSatisfying(
                        GuestExit.class, e -> assertThat(e.status()).isEqualTo(0xFFFF_FFF0));
        assertThat(guest.wasi.exitStatus()).isEqualTo(0xFFFF_FFF0);
    }

    @Test
    void raisedSignalsHaveTheirDefaultEffect() {
        guest.done("proc_raise", 0);
        for (int ignored : new int[] {16, 17, 22, 27}) {
            guest.done("proc_raise", ignored);
        }
        for (int stopping : new int[] {18, 19, 20, 21}) {
            assertThat(guest.call("proc_raise", stopping)).isEqualTo(Errno.NOTSUP);
        }
        assertThat(guest.call("proc_raise", 31)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("proc_raise", -1)).isEqualTo(Errno.INVAL);
        for (int ending : new int[] {1, 2, 6, 9, 11, 15, 30}) {
            assertThatThrownBy(() -> guest.make("proc_raise", guest.prepare(ending)))
                    .isInstanceOfSatisfying(
                            GuestExit.class, e -> assertThat(e.status()).isEqualTo(128 + ending));
        }
    }

    @Test
    void yieldingSucceeds() {
        guest.done("sched_yield");
    }

    @Test
    void noDescriptorIsASocket() {
        for (String name : List.of("sock_accept", "sock_recv", "sock_send", "sock_shutdown")) {
            assertThat(guest.call(name, 0, 0, 0, 0, 0, 0)).as(name).isEqualTo(Errno.NOTSOCK);
            assertThat(guest.call(name, 77, 0, 0, 0, 0, 0)).as(name).isEqualTo(Errno.BADF);
        }
    }

    @Test
    void argumentsWithAZeroOrNoTextAreRefused() {
        assertThatThrownBy(() -> Wasi.create(List.of("a\0b"), List.of(), WasiGuest.world(List.of())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Wasi.create(List.of(), List.of("\uD800=1"), WasiGuest.world(List.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHostsClocksRunAndItsRandomnessDiffers() {
        WasiClocks clocks = WasiClocks.system();
        assertThat(clocks.realtimeNanos()).isGreaterThan(1_700_000_000_000_000_000L);
        assertThat(clocks.monotonicNanos()).isLessThanOrEqualTo(clocks.monotonicNanos());
        assertThat(clocks.cpuNanos()).isPositive();
        byte[] one = new byte[32];
        byte[] other = new byte[32];
        WasiRandom.system().fill(one);
        WasiRandom.system().fill(other);
        assertThat(one).isNotEqualTo(other);
    }
}
