// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Packet;
import gate.contract.packet.PacketPort;
import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.MemoryBackend;
import gate.engine.snapshot.Buffers;
import gate.engine.snapshot.Snapshot;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.InstanceLimits;
import gate.executor.host.instance.InstanceServices;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.tests.equivalence.SavedFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is on its way between a program and its services: how much of it, and what becomes of it when the program is
/// stopped in the middle. Reference 1.3 and 7.4, `docs/limits.md`.
@Timeout(60)
final class InstancePacketsTest {
    private static final String IMPORTS = """
              (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
              (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
            """;

    private final InstanceHost host = InstanceHost.system(MemoryBackend.mapped());
    private final List<GateInstance> instances = new ArrayList<>();

    @AfterEach
    void close() {
        instances.forEach(GateInstance::close);
        host.close();
    }

    private GateInstance launch(Program program, InstanceServices services) throws Exception {
        GateInstance instance = GateInstance.launch(host, services, program, Launch.of("test"));
        instances.add(instance);
        return instance;
    }

    private static byte[] snapshot(GateInstance instance) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        instance.snapshot(Channels.newChannel(out));
        return out.toByteArray();
    }

    private static byte[] content(Packet packet) {
        return Arrays.copyOf(packet.array(), packet.size());
    }

    private static String text(byte[] bytes) {
        return bytes.length == 0 ? "" : "\\" + HexFormat.ofDelimiter("\\").formatHex(bytes);
    }

    private static int number(GateInstance instance, int address) throws Exception {
        return ByteBuffer.wrap(instance.memory(address, 4))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
    }

    // ---- between a packet and its padding ----

    /// Sends first bytes, waits for any, sends the rest.
    private static String sendingInTwo(byte[] first, byte[] rest) {
        return """
                (module
                  IMPORTS
                  (memory 1)
                  (data (i32.const 0) "\\00\\04\\00\\00\\00\\10\\00\\00" "\\40\\00\\00\\00\\FIRST\\00\\00\\00"
                    "\\80\\00\\00\\00\\REST\\00\\00\\00")
                  (data (i32.const 64) "BEGINNING")
                  (data (i32.const 128) "END")
                  (func (export "_start") (result i32)
                    (call $io (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 32)
                      (i64.const 0) (i32.const 0))
                    (loop $wait
                      (call $io (i32.const 0) (i32.const 1) (i32.const 36) (i32.const 0) (i32.const 0) (i32.const 0)
                        (i64.const -1) (i32.const 0))
                      (br_if $wait (i32.eqz (i32.load (i32.const 36)))))
                    (call $io (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 40)
                      (i64.const 0) (i32.const 0))
                    (i32.or
                      (i32.ne (i32.load (i32.const 32)) (i32.load (i32.const 12)))
                      (i32.ne (i32.load (i32.const 40)) (i32.load (i32.const 20))))))
                """.replace("IMPORTS", IMPORTS)
                .replace("FIRST", String.format("%02x", first.length))
                .replace("REST", String.format("%02x", rest.length))
                .replace("BEGINNING", text(first))
                .replace("END", text(rest));
    }

    /// The packet has 11 bytes, and 5 of padding. The original knows no place in between.
    @ParameterizedTest
    @CsvSource({"0", "1", "4", "5"})
    void paddingIsSentAfterTheProgramHasBeenSavedAndRestored(int paddingSent) throws Exception {
        Packet first = Packet.info(0, new byte[] {1, 2, 3});
        Packet second = Packet.info(1, new byte[] {4, 5, 6, 7});
        byte[] beginning = Arrays.copyOf(first.array(), 11 + paddingSent);
        byte[] end = new byte[5 - paddingSent + 16];
        System.arraycopy(second.array(), 0, end, 5 - paddingSent, 12);
        RecordedServices services = new RecordedServices();
        GateInstance sending = launch(World.text(sendingInTwo(beginning, end)), services);
        assertThat(services.received()).isEqualTo(content(first));
        sending.suspend();
        assertThat(sending.await().state()).isEqualTo(State.SUSPENDED);
        byte[] file = snapshot(sending);
        Snapshot saved = SavedFile.read(file);
        assertThat(saved.buffers().output()).isEmpty();
        assertThat(saved.hostState()).containsExactly(1, 5 - paddingSent);
        assertThat(saved.sections().stream().anyMatch(section -> section.name().equals("gate.stack")))
                .isEqualTo(paddingSent == 5);

        RecordedServices others = new RecordedServices();
        GateInstance restored = launch(World.saved(file), others);
        others.port().sendNow(Packet.info(0, new byte[0]));
        assertThat(restored.await()).isEqualTo(Status.exited(State.HALTED, 0));
        assertThat(others.received()).isEqualTo(content(second));
        sending.resume("");
        services.port().sendNow(Packet.info(0, new byte[0]));
        assertThat(sending.await()).isEqualTo(Status.exited(State.HALTED, 0));
        assertThat(services.received()).isEqualTo(content(second));
    }

    /// In the middle of the second packet.
    @Test
    void partOfAPacketIsKeptForTheNextRun() throws Exception {
        byte[] packet = content(Packet.info(3, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}));
        byte[] beginning = new byte[24 + 10];
        System.arraycopy(packet, 0, beginning, 0, packet.length);
        System.arraycopy(packet, 0, beginning, 24, 10);
        RecordedServices services = new RecordedServices();
        GateInstance sending =
                launch(World.text(sendingInTwo(beginning, Arrays.copyOfRange(packet, 10, 17))), services);
        assertThat(services.received()).isEqualTo(packet);
        sending.suspend();
        sending.await();
        byte[] file = snapshot(sending);
        assertThat(SavedFile.read(file).buffers().output()).isEqualTo(Arrays.copyOf(packet, 10));
        RecordedServices others = new RecordedServices();
        GateInstance restored = launch(World.saved(file), others);
        others.port().sendNow(Packet.info(0, new byte[0]));
        assertThat(restored.await()).isEqualTo(Status.exited(State.HALTED, 0));
        assertThat(others.received()).isEqualTo(packet);
    }

    // ---- how much there can be ----

    /// Takes nothing.
    private static class Deaf extends RecordedServices {
        private @Nullable PacketPort given;

        @Override
        public Run begin(PacketPort port, List<Buffers.ServiceState> restored) {
            given = port;
            return this;
        }

        @Override
        PacketPort port() {
            return java.util.Objects.requireNonNull(given);
        }
    }

    /// Sends once what has been prepared at the second page, and then again as often as it is told; the number of bytes
    /// that were taken is at 40, those of the last time at 44.
    private static String sending(int prepared, int bytes, int times, String before) {
        return """
                (module
                  IMPORTS
                  (memory 5)
                  (func $send (param $at i32) (param $bytes i32)
                    (i32.store (i32.const 8) (local.get $at))
                    (i32.store (i32.const 12) (local.get $bytes))
                    (call $io (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 44)
                      (i64.const 0) (i32.const 0))
                    (i32.store (i32.const 40) (i32.add (i32.load (i32.const 40)) (i32.load (i32.const 44)))))
                  (func (export "_start") (result i32) (local $i i32)
                    (loop $prepare
                      (i32.store (i32.add (local.get $i) (i32.const 65536)) (i32.const PREPARED))
                      (local.set $i (i32.add (local.get $i) (i32.const PREPARED)))
                      (br_if $prepare (i32.lt_u (local.get $i) (i32.const 131072))))
                    BEFORE
                    (local.set $i (i32.const TIMES))
                    (loop $more
                      (call $send (i32.const 65536) (i32.const BYTES))
                      (br_if $more (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
                    (call $close (i32.const 1))))
                """.replace("IMPORTS", IMPORTS)
                .replace("BEFORE", before)
                .replace("PREPARED", Integer.toString(prepared))
                .replace("TIMES", Integer.toString(times))
                .replace("BYTES", Integer.toString(bytes));
    }

    private GateInstance deficient(String text) throws Exception {
        GateInstance sending = launch(World.text(text), new Deaf());
        assertThat(sending.await().cause()).isEqualTo(Cause.ABI_DEFICIENCY);
        return sending;
    }

    /// A packet is taken whole where there is room for a byte.
    @ParameterizedTest
    @CsvSource({"65536, 131072", "40000, 160000", "8, 131072", "43688, 174752"})
    void whatServicesDoNotTakeStaysWithTheProgram(int size, int taken) throws Exception {
        assertThat(InstanceLimits.OUTPUT_BYTES_MAX).isEqualTo(131_072);
        int bytes = 65_536 / size * size;
        GateInstance sending = deficient(sending(size, bytes, 12, ""));
        assertThat(number(sending, 44)).isZero();
        assertThat(number(sending, 40)).isEqualTo(taken);
        assertThat(SavedFile.read(snapshot(sending)).buffers().output()).hasSize(taken);
    }

    @Test
    void transferIsShort() throws Exception {
        assertThat(InstanceLimits.TRANSFER_BYTES_MAX).isEqualTo(65_536);
        GateInstance sending = deficient(sending(8, 131_072, 1, ""));
        assertThat(number(sending, 44)).isEqualTo(65_536);
    }

    /// So that no stop comes between a packet and its padding without need: 5 bytes follow the 65,536th.
    @Test
    void transferTakesThePaddingBehindIt() throws Exception {
        String head = "(i32.store (i32.const 65544) (i32.const 65531)) (call $send (i32.const 65536) (i32.const 3))";
        // The rest of a packet of 8, one that ends with the transfer, its padding, and others.
        String text = sending(8, 131_000, 1, head)
                .replace("(i32.const 65536) (i32.const 131000)", "(i32.const 65539) (i32.const 131000)");
        GateInstance sending = deficient(text);
        assertThat(number(sending, 44)).isEqualTo(65_541);
        assertThat(SavedFile.read(snapshot(sending)).hostState()).containsExactly(1, 0);
    }

    /// Who sends more than a program receives waits until that has stopped; nothing is lost.
    @Test
    void whatAProgramDoesNotReceiveWaitsAtItsSender() throws Exception {
        int packets = 6;
        AtomicInteger sent = new AtomicInteger();
        Deaf services = new Deaf() {
            private @Nullable Thread sender;

            @Override
            public Run begin(PacketPort port, List<Buffers.ServiceState> restored) {
                sender = Thread.ofPlatform().name("sender").start(() -> {
                    try {
                        for (int i = 0; i < packets; i++) {
                            port.send(Packet.info(0, new byte[Packet.SIZE_MAX - Packet.HEADER_BYTES]));
                            sent.incrementAndGet();
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                Thread started = sender;
                while (started.isAlive() && started.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                return super.begin(port, restored);
            }

            @Override
            public List<Buffers.ServiceState> suspend() throws InterruptedException {
                java.util.Objects.requireNonNull(sender).join();
                return List.of();
            }
        };
        GateInstance spinning = launch(World.text("(module (func (export \"_start\") (loop (br 0))))"), services);
        assertThat(sent.get() * Packet.SIZE_MAX).isEqualTo(InstanceLimits.INPUT_BYTES_QUEUED_MAX);
        spinning.suspend();
        assertThat(spinning.await().state()).isEqualTo(State.SUSPENDED);
        assertThat(SavedFile.read(snapshot(spinning)).buffers().input()).hasSize(packets * Packet.SIZE_MAX);
    }
}
