// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Packet;
import gate.engine.abi.AbiPolicy;
import gate.engine.abi.HostClock;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.MemoryBackend;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.InstancePolicy;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.tests.equivalence.SavedFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An instance's clocks over its stops: reference 1.2, "Time", and 7.10.
@Timeout(60)
final class InstanceClockTest {
    private static final long SECOND = 1_000_000_000;

    /// Stores both clocks at 200, sends a packet, waits for one, and stores them at 216.
    private static final String TEXT = """
            (module
              (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
              (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
              (memory 1)
              (data (i32.const 0) "\\10\\00\\00\\00\\08\\00\\00\\00" "\\00\\04\\00\\00\\00\\10\\00\\00" "\\08\\00\\00\\00")
              (func $clocks (param $at i32) (result i32)
                (i32.or
                  (call $time (i32.const 0) (i64.const 1) (local.get $at))
                  (call $time (i32.const 1) (i64.const 1) (i32.add (local.get $at) (i32.const 8)))))
              (func (export "_start") (result i32) (local $errors i32)
                (local.set $errors (call $clocks (i32.const 200)))
                (call $io (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 32)
                  (i64.const 0) (i32.const 0))
                (loop $wait
                  (call $io (i32.const 8) (i32.const 1) (i32.const 36) (i32.const 0) (i32.const 0) (i32.const 0)
                    (i64.const -1) (i32.const 0))
                  (br_if $wait (i32.eqz (i32.load (i32.const 36)))))
                (i32.or (local.get $errors) (call $clocks (i32.const 216)))))
            """;

    private final AtomicLong realtime = new AtomicLong(1_700_000_000L * SECOND + 987_654_321);
    private final AtomicLong monotonic = new AtomicLong(-77 * SECOND);
    private final InstanceHost host = new InstanceHost(
            new HostClock() {
                @Override
                public long realtimeNanos() {
                    return realtime.get();
                }

                @Override
                public long monotonicNanos() {
                    return monotonic.get();
                }
            },
            bytes -> {},
            MemoryBackend.mapped());
    private final List<GateInstance> instances = new ArrayList<>();

    @AfterEach
    void close() {
        instances.forEach(GateInstance::close);
        host.close();
    }

    private GateInstance launch(Program program, RecordedServices services, long resolution) throws Exception {
        InstancePolicy policy = new InstancePolicy(1, 1000, new AbiPolicy(resolution, 16));
        GateInstance instance =
                GateInstance.launch(host, services, program, Launch.of("test").withPolicy(policy));
        instances.add(instance);
        return instance;
    }

    private static long time(GateInstance instance, int address) throws Exception {
        return ByteBuffer.wrap(instance.memory(address, 8))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    private void passes(long nanos) {
        realtime.addAndGet(nanos);
        monotonic.addAndGet(nanos);
    }

    /// The time at which it stands isn't counted, neither in the same process nor in another.
    @ParameterizedTest
    @CsvSource({
        "1,          987654320, 444444444",
        "10000000,   973078528, 436207616",
        "1000000000, 0,         0",
    })
    void monotonicClockGoesOnFromTheSavedValue(long resolution, long realtimePart, long restoredPart) throws Exception {
        RecordedServices services = new RecordedServices();
        GateInstance stopped = launch(World.text(TEXT), services, resolution);
        services.received();
        passes(5 * SECOND + 123_456_789);
        stopped.suspend();
        assertThat(stopped.await().state()).isEqualTo(State.SUSPENDED);
        assertThat(time(stopped, 200)).isEqualTo(1_700_000_000L * SECOND + realtimePart);
        assertThat(time(stopped, 208)).isEqualTo(SECOND);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        stopped.snapshot(Channels.newChannel(out));
        long saved = 6 * SECOND + 123_456_789;
        assertThat(SavedFile.read(out.toByteArray()).info().monotonicNanos()).isEqualTo(saved);

        passes(3600 * SECOND);
        RecordedServices others = new RecordedServices();
        GateInstance restored = launch(World.saved(out.toByteArray()), others, resolution);
        stopped.resume("");
        passes(2 * SECOND + 320_987_655);
        for (GateInstance instance : List.of(stopped, restored)) {
            (instance == stopped ? services : others).port().sendNow(Packet.info(0, new byte[0]));
            assertThat(instance.await()).isEqualTo(Status.exited(State.HALTED, 0));
            assertThat(time(instance, 224)).isEqualTo(8 * SECOND + restoredPart);
            assertThat(time(instance, 216) / SECOND).isEqualTo(realtime.get() / SECOND);
        }
    }

    /// It shows nothing before that value, although it isn't one that the resolution has.
    @ParameterizedTest
    @CsvSource({"1", "10000000", "1000000000"})
    void clockThatHasNotGoneOnShowsTheSavedValue(long resolution) throws Exception {
        RecordedServices services = new RecordedServices();
        GateInstance stopped = launch(World.text(TEXT), services, resolution);
        services.received();
        passes(123_456_789);
        stopped.suspend();
        stopped.await();
        passes(3600 * SECOND);
        stopped.resume("");
        services.port().sendNow(Packet.info(0, new byte[0]));
        assertThat(stopped.await()).isEqualTo(Status.exited(State.HALTED, 0));
        assertThat(time(stopped, 224)).isEqualTo(SECOND + 123_456_789);
    }
}
