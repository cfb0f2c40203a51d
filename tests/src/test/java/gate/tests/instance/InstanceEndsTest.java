// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.contract.packet.Packet;
import gate.contract.packet.PacketPort;
import gate.contract.packet.PacketViolation;
import gate.engine.abi.AbiPolicy;
import gate.engine.abi.Cause;
import gate.engine.abi.DebugLog;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.Execution;
import gate.engine.runtime.MemoryBackend;
import gate.engine.snapshot.Buffers;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.InstancePolicy;
import gate.executor.host.instance.InstanceServices;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.LineLog;
import gate.executor.host.instance.Program;
import gate.executor.host.instance.RunDebugger;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Ends that others than the program have a part in: services that fail or don't return, kills that come late, logs and
/// channels that don't take what they are given.
@Timeout(60)
final class InstanceEndsTest {
    private static final String RETURNS = "(module (func (export \"_start\") (result i32) (i32.const 0)))";
    private static final String SPINS = "(module (func (export \"_start\") (loop (br 0))))";

    private final InstanceHost host = InstanceHost.system(MemoryBackend.mapped());
    private final List<GateInstance> instances = new ArrayList<>();

    @AfterEach
    void close() {
        instances.forEach(GateInstance::close);
        host.close();
    }

    private GateInstance launch(InstanceServices services, String text) throws Exception {
        return launch(services, World.text(text), Launch.of("test"));
    }

    private GateInstance launch(InstanceServices services, Program program, Launch launch) throws Exception {
        GateInstance instance = GateInstance.launch(host, services, program, launch);
        instances.add(instance);
        return instance;
    }

    private static byte[] snapshot(GateInstance instance) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        instance.snapshot(Channels.newChannel(out));
        return out.toByteArray();
    }

    /// Services that do as a test wants.
    private static class Served implements InstanceServices, InstanceServices.Run {
        private @Nullable PacketPort port;

        PacketPort port() {
            return Objects.requireNonNull(port);
        }

        @Override
        public Run begin(PacketPort given, List<Buffers.ServiceState> restored) {
            port = given;
            return this;
        }

        @Override
        public void flush(long nanosAtMost) throws InterruptedException {}

        @Override
        public List<Buffers.ServiceState> suspend() throws InterruptedException {
            return List.of();
        }

        @Override
        public void shutdown() throws InterruptedException {}
    }

    /// Services that are idle, so that nothing is waited for before they flush.
    private static class Idle extends Served {
        @Override
        public Run begin(PacketPort given, List<Buffers.ServiceState> restored) {
            assertThat(given.poll(() -> {})).isNull();
            return super.begin(given, restored);
        }
    }

    // ---- services ----

    @Test
    void servicesThatFailToSuspendEndTheProgram() throws Exception {
        GateInstance spinning = launch(
                new Served() {
                    @Override
                    public List<Buffers.ServiceState> suspend() {
                        throw new IllegalStateException("not now");
                    }
                },
                SPINS);
        spinning.suspend();
        assertThat(spinning.await()).isEqualTo(new Status(State.KILLED, Cause.INTERNAL, 0, "internal error"));
    }

    @Test
    void servicesThatFailToShutDownEndTheProgram() throws Exception {
        GateInstance returning = launch(
                new Idle() {
                    @Override
                    public void shutdown() {
                        throw new IllegalStateException("not at all");
                    }
                },
                RETURNS);
        assertThat(returning.await().cause()).isEqualTo(Cause.INTERNAL);
    }

    @Test
    void servicesThatFailToBeginLeaveNothing() throws Exception {
        Program program = World.text(RETURNS);
        InstanceServices failing = (port, restored) -> {
            throw new IllegalStateException("none today");
        };
        assertThatThrownBy(() -> launch(failing, program, Launch.of("test"))).hasMessage("none today");
    }

    @Test
    void killEndsWaitingForServicesThatDoNotTake() throws Exception {
        GateInstance returning = launch(new Served(), RETURNS);
        returning.kill();
        assertThat(returning.await().state()).isEqualTo(State.KILLED);
    }

    @Test
    void killEndsWaitingForServicesThatDoNotReturn() throws Exception {
        CountDownLatch flushing = new CountDownLatch(1);
        GateInstance returning = launch(
                new Idle() {
                    @Override
                    public void flush(long nanosAtMost) throws InterruptedException {
                        flushing.countDown();
                        new CountDownLatch(1).await();
                    }
                },
                RETURNS);
        flushing.await();
        assertThat(returning.status().state()).isEqualTo(State.RUNNING);
        returning.kill();
        assertThat(returning.await()).isEqualTo(new Status(State.KILLED, Cause.NORMAL, 0, ""));
    }

    @Test
    void killEndsWaitingForServicesThatDoNotSuspend() throws Exception {
        CountDownLatch suspending = new CountDownLatch(1);
        GateInstance spinning = launch(
                new Served() {
                    @Override
                    public List<Buffers.ServiceState> suspend() throws InterruptedException {
                        suspending.countDown();
                        new CountDownLatch(1).await();
                        return List.of();
                    }
                },
                SPINS);
        spinning.suspend();
        suspending.await();
        spinning.kill();
        assertThat(spinning.await().state()).isEqualTo(State.KILLED);
    }

    @Test
    void failureOfAServiceAfterTheExitIsReported() throws Exception {
        GateInstance returning = launch(
                new Idle() {
                    @Override
                    public void flush(long nanosAtMost) {
                        port().failed("lost");
                    }
                },
                RETURNS);
        assertThat(returning.await()).isEqualTo(new Status(State.KILLED, Cause.INTERNAL, 0, "lost"));
    }

    @Test
    void violationFoundByAnotherThreadAfterTheExitIsReported() throws Exception {
        for (int i = 0; i < 200; i++) {
            CountDownLatch begun = new CountDownLatch(1);
            Served served = new Served() {
                @Override
                public Run begin(PacketPort given, List<Buffers.ServiceState> restored) {
                    Thread.ofVirtual().start(() -> {
                        try {
                            begun.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        given.violated(new PacketViolation("found late"));
                    });
                    return super.begin(given, restored);
                }
            };
            GateInstance returning = launch(served, RETURNS);
            begun.countDown();
            assertThat(returning.await()).isEqualTo(new Status(State.KILLED, Cause.ABI_VIOLATION, 0, "found late"));
            returning.close();
        }
    }

    /// More than fits into memory.
    @Test
    void whatServicesSendToAnExitedProgramIsNotKept() throws Exception {
        long heap = Runtime.getRuntime().maxMemory();
        GateInstance returning = launch(
                new Idle() {
                    @Override
                    public void flush(long nanosAtMost) throws InterruptedException {
                        for (long sent = 0; sent < 2 * heap; sent += Packet.SIZE_MAX) {
                            port().send(Packet.info(0, new byte[Packet.SIZE_MAX - Packet.HEADER_BYTES]));
                        }
                    }
                },
                RETURNS);
        assertThat(returning.await()).isEqualTo(Status.exited(State.HALTED, 0));
    }

    @Test
    void whoResumesItDecidesOnItsClocksAndServices() throws Exception {
        String text = """
                (module
                  (import "wasi_snapshot_preview1" "clock_res_get" (func $resolution (param i32 i32) (result i32)))
                  (memory 1)
                  (func (export "main") (result i32) (call $resolution (i32.const 1) (i32.const 8))))
                """;
        GateInstance halted = launch(
                new Idle(),
                World.text(text),
                Launch.of("test").withFunction("main").withPolicy(resolution(1000)));
        assertThat(halted.await()).isEqualTo(Status.exited(State.HALTED, 0));
        assertThat(littleEndian(halted.memory(8, 8))).isEqualTo(1024);
        Idle others = new Idle();
        AbiPolicy coarse = new AbiPolicy(1_000_000, 16);
        assertThatThrownBy(() -> halted.resume("nothing", coarse, others))
                .hasMessage("function not exported or it cannot be used as entry function");
        halted.resume("main", coarse, others);
        assertThat(halted.await()).isEqualTo(Status.exited(State.HALTED, 0));
        assertThat(littleEndian(halted.memory(8, 8))).isEqualTo(1 << 20);
        assertThat(others.port().isOpen()).isFalse();
    }

    private static InstancePolicy resolution(long nanos) {
        return new InstancePolicy(1, 1000, new AbiPolicy(nanos, 16));
    }

    private static long littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    // ---- logs, channels, debuggers ----

    @Test
    void logThatFailsDoesNotKeepTheInstanceRunning() throws Exception {
        LineLog log = new LineLog(line -> {
            throw new IllegalStateException("full");
        });
        GateInstance writing =
                launch(new Idle(), World.text(writing(3)), Launch.of("test").withLog(log));
        assertThat(writing.await().cause()).isEqualTo(Cause.INTERNAL);
    }

    @Test
    void instanceWhoseStateIsLostIsKilledAndCannotBeSaved() throws Exception {
        DebugLog log = bytes -> {
            throw new IllegalStateException("broken");
        };
        GateInstance writing =
                launch(new Idle(), World.text(writing(3)), Launch.of("test").withLog(log));
        assertThat(writing.await()).isEqualTo(new Status(State.KILLED, Cause.INTERNAL, 0, "internal error"));
        assertThatThrownBy(() -> snapshot(writing)).hasMessage("instance state is invalid");
    }

    @Test
    void whoReadsASnapshotSlowlyHoldsUpNobodyElse() throws Exception {
        GateInstance spinning = launch(new Served(), SPINS);
        spinning.suspend();
        spinning.await();
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        Thread saving = Thread.ofVirtual().start(() -> {
            try {
                spinning.snapshot(new Slow(writing, read));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        writing.await();
        assertThat(spinning.status().state()).isEqualTo(State.SUSPENDED);
        spinning.suspend();
        spinning.kill();
        assertThat(spinning.breakpoints()).isEmpty();
        assertThat(spinning.await().state()).isEqualTo(State.SUSPENDED);
        read.countDown();
        saving.join();
    }

    private record Slow(CountDownLatch writing, CountDownLatch read) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) {
            writing.countDown();
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            int count = source.remaining();
            source.position(source.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void killEndsADebuggersStop() throws Exception {
        GateInstance spinning =
                launch(new Served(), World.text(SPINS), Launch.of("test").asSuspended());
        CountDownLatch standing = new CountDownLatch(1);
        spinning.debug(
                new RunDebugger() {
                    @Override
                    public boolean wantsIt() {
                        return true;
                    }

                    @Override
                    public Optional<Breakpoints> stopped(Execution execution) throws InterruptedException {
                        standing.countDown();
                        new CountDownLatch(1).await();
                        return Optional.empty();
                    }
                },
                Breakpoints.NONE);
        spinning.pause();
        standing.await();
        spinning.kill();
        assertThat(spinning.await().state()).isEqualTo(State.KILLED);
    }

    /// Writes many bytes to the log, so often that its slices end in the middle; the result says how often one was
    /// short.
    static String writing(int times) {
        return """
                (module
                  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
                  (memory 20)
                  (data (i32.const 8) "\\\\00\\\\01\\\\00\\\\00\\\\00\\\\00\\\\10\\\\00")
                  (func (export "_start") (result i32) (local $i i32) (local $short i32)
                    (loop $next
                      (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))
                      (if (i32.ne (i32.load (i32.const 16)) (i32.const 0x100000))
                        (then (local.set $short (i32.const 1))))
                      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const TIMES))))
                    (local.get $short)))
                """.replace("\\\\", "\\").replace("TIMES", Integer.toString(times));
    }
}
