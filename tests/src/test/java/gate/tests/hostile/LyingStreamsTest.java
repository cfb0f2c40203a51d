// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Data;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.executor.host.instance.InstanceLimits;
import gate.executor.host.instance.Launch;
import gate.server.service.origin.OriginConnection;
import gate.tests.instance.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Streams whose counters lie, of programs that run and of saved ones that have been forged: reference 1.3, 1.4, 6.4
/// and 7.4. They are ended as the reference says, and nothing is kept for them that limits don't allow.
final class LyingStreamsTest {
    /// What a program may send on a new stream.
    private static final int GRANTED = 32_767;

    private final World world = new World();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> clients = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        over.countDown();
        world.close();
        for (Thread client : clients) {
            client.join();
        }
    }

    // ---- of programs that run ----

    /// Sends without end, and counts what is taken.
    private final class Endless extends InputStream {
        private final AtomicLong taken = new AtomicLong();

        @Override
        public int read() {
            throw new IllegalStateException("bytes are read in pieces");
        }

        @Override
        public int read(byte[] into, int offset, int most) {
            taken.addAndGet(most);
            return over.getCount() == 0 ? -1 : most;
        }
    }

    /// A client that receives nothing.
    private final class Stuck extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[1], 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private void connect(World.Running running, InputStream in, OutputStream out) {
        clients.add(Thread.ofPlatform().start(() -> {
            try {
                OriginConnection connection = running.services().connect().orElseThrow();
                connection.transfer(in, out);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /// A program that accepts a client, which receives nothing and sends without end, and then sends these packets.
    private World.Running streaming(Endless client, String then, Packet... packets) throws Exception {
        byte[] sent = SpeakingProgram.sent(List.of(SpeakingProgram.discover("origin"), Packet.call(0)));
        byte[] rest = SpeakingProgram.sent(List.of(packets));
        // The replies to discovery and accept, and what is granted, have 16 bytes each.
        String text = SpeakingProgram.text(sent, "(call $await (i32.const 48)) (call $rest) " + then, rest);
        World.Running running = world.launch(World.text(text), Launch.of("lying"));
        connect(running, client, new Stuck());
        return running;
    }

    private void assertViolation(String text, Packet... packets) throws Exception {
        World.Running running = streaming(new Endless(), SpeakingProgram.SPIN, packets);
        assertThat(running.instance().await()).isEqualTo(new Status(State.KILLED, Cause.ABI_VIOLATION, 0, text));
    }

    private static Packet data(int bytes) {
        return Data.copy(0, 0, ByteBuffer.allocate(bytes));
    }

    private static Packet flows(int... values) {
        byte[] entries = new byte[8 + 8 * values.length];
        ByteBuffer out = ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN).position(8);
        for (int value : values) {
            out.putInt(0).putInt(value);
        }
        return Packet.of(entries, entries.length, 0, gate.contract.packet.Domain.FLOW, 0);
    }

    @Test
    void moreDataThanGranted() throws Exception {
        String text = "write stream buffer overflow";
        assertViolation(text, data(GRANTED + 1));
        assertViolation(text, data(GRANTED), data(1));
        assertViolation(text, data(20_000), data(20_000));
        assertViolation(text, data(Data.LENGTH_MAX));
    }

    @Test
    void flowThatAddsUpToMoreThanThereCanBe() throws Exception {
        String text = "stream flow overflow";
        // The client is stuck in nothing: what is granted last comes before it has used 2 GiB.
        assertViolation(text, flows(Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertViolation(text, flows(Integer.MAX_VALUE, 1 << 30, 1 << 30));
        assertViolation(text, Flow.of(0, 0, Integer.MAX_VALUE), Flow.of(0, 0, Integer.MAX_VALUE));
    }

    @Test
    void streamsThatAreNotThere() throws Exception {
        assertViolation("stream not found: 1", Flow.of(0, 1, 1));
        assertViolation("stream not found: 1", Data.end(0, 1, 0));
        assertViolation("stream not found: -1", Flow.of(0, -1, 0));
    }

    @Test
    void dataAfterItsEnd() throws Exception {
        assertViolation("data after end of stream", data(1), Data.end(0, 0, 0), data(1));
    }

    /// Notes, ends that are told twice, flow that is granted after it was ended: nothing of it counts.
    @Test
    void whatIsIgnored() throws Exception {
        World.Running running = streaming(
                new Endless(),
                SpeakingProgram.SPIN,
                flows(-1, Integer.MIN_VALUE, 0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, -1),
                data(10),
                Data.end(0, 0, -1),
                Data.end(0, 0, Integer.MIN_VALUE));
        TimeUnit.MILLISECONDS.sleep(50);
        running.instance().suspend();
        assertThat(running.instance().await().state()).isEqualTo(State.SUSPENDED);
    }

    /// A program that grants all that can be granted and receives none of it.
    @Test
    void clientIsReadOnlyAsFarAsLimitsAllow() throws Exception {
        Endless client = new Endless();
        World.Running running = streaming(client, SpeakingProgram.SPIN, Flow.of(0, 0, Integer.MAX_VALUE));
        long most = InstanceLimits.INPUT_BYTES_QUEUED_MAX + 2L * Packet.SIZE_MAX;
        while (client.taken.get() < InstanceLimits.INPUT_BYTES_QUEUED_MAX / 2) {
            assertThat(running.instance().status().state()).isEqualTo(State.RUNNING);
            TimeUnit.MILLISECONDS.sleep(1);
        }
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(client.taken.get()).isLessThanOrEqualTo(most);
        running.instance().suspend();
        assertThat(running.instance().await().state()).isEqualTo(State.SUSPENDED);
        assertThat((long) running.snapshot().length).isLessThan(most + 10_000);
    }

    /// A program that calls for ever and receives no reply: it waits.
    @Test
    void callsWhoseRepliesNobodyReceives() throws Exception {
        byte[] sent = SpeakingProgram.sent(List.of(SpeakingProgram.discover("internal/test")));
        byte[] echoed = SpeakingProgram.sent(List.of(Packet.call(0, new byte[60_000])));
        World.Running running = world.launch(
                World.text(SpeakingProgram.text(sent, "(loop $more (call $rest) (br $more)) (unreachable)", echoed)),
                Launch.of("lying"));
        TimeUnit.MILLISECONDS.sleep(200);
        running.instance().suspend();
        assertThat(running.instance().await().state()).isEqualTo(State.SUSPENDED);
        assertThat(running.snapshot().length)
                .isLessThan(
                        InstanceLimits.INPUT_BYTES_QUEUED_MAX + InstanceLimits.OUTPUT_BYTES_MAX + 3 * Packet.SIZE_MAX);
    }

    // ---- of saved programs that have been forged ----

    /// A program that has discovered origin and random and waits. It is told of its services when it goes on: then it
    /// sends `rest`, and spins.
    private byte[] saved(byte[] rest) throws Exception {
        byte[] sent = SpeakingProgram.sent(List.of(SpeakingProgram.discover("origin", "random")));
        String text =
                SpeakingProgram.text(sent, "(call $await (i32.const 32)) (call $rest) " + SpeakingProgram.SPIN, rest);
        for (int patience = 1; ; patience *= 2) {
            World.Running running = world.launch(World.text(text), Launch.of("saved"));
            TimeUnit.MILLISECONDS.sleep(patience);
            running.instance().suspend();
            running.instance().await();
            byte[] file = running.snapshot();
            if (FileParts.has(FileParts.of(file), "gate.buffer")) {
                BufferParts left = BufferParts.of(FileParts.content(file, "gate.buffer"));
                if (left.names.size() == 2 && left.input.length == 0 && left.output.length == 0) {
                    return file;
                }
            }
        }
    }

    private Status launched(byte[] file) throws Exception {
        World.Running running = world.launch(World.saved(file), Launch.of("forged"));
        TimeUnit.MILLISECONDS.sleep(20);
        running.instance().suspend();
        return running.instance().await();
    }

    private static byte[] buffers(byte[] output, String... services) {
        BufferParts parts = new BufferParts();
        parts.output = output;
        for (int i = 0; i < services.length; i += 2) {
            parts.names.add(services[i]);
            parts.states.add(HexFormat.ofDelimiter(" ").parseHex(services[i + 1]));
        }
        return parts.toArray();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            origin | 81 02                                                | outstanding accepts: 257
            origin | ff ff ff ff 0f                                       | a number is too large
            origin | 00 81 80 04                                          | streams: 65537
            origin | 00 ff ff ff ff 07                                    | streams: 2147483647
            origin | 00 01 00 08                                          | stream flags 8
            origin | 00 01 ff ff ff ff 0f 07 00 00 07 00 00               | a number is too large
            origin | 00 01 00 07 ff ff ff ff 0f 00 07 00 00               | a number is too large
            origin | 00 01 00 07 00 ff ff ff ff 07 07 00 00               | it is truncated
            origin | 00 02 05 07 00 00 07 00 00 05 07 00 00 07 00 00      | stream 5 is there twice
            origin | 00 01 00 07 00 00 07 00 00 ff                        | it has 1 bytes too many
            random | 01 01                                                | it has 1 bytes too many
            """)
    void malformedState(String service, String state, String what) throws Exception {
        byte[] file = FileParts.with(saved(new byte[0]), "gate.buffer", buffers(new byte[0], service, state));
        assertThat(launched(file))
                .isEqualTo(new Status(
                        State.KILLED, Cause.ABI_VIOLATION, 0, "malformed state of service " + service + ": " + what));
    }

    /// What the state claims to have been granted and used up holds for the program, and for nobody else.
    @Test
    void countersThatAreForgedAreKeptTo() throws Exception {
        // 2^31-1 bytes granted both ways, 3 bytes that had been read, and the program grants one more.
        String most = "ff ff ff ff 07";
        byte[] granting = saved(SpeakingProgram.sent(List.of(Flow.of(0, 0, 1))));
        byte[] full = buffers(new byte[0], "origin", "00 01 00 07 " + most + " 00 07 " + most + " 00");
        assertThat(launched(FileParts.with(granting, "gate.buffer", full)).error())
                .isEqualTo("stream flow overflow");
        // Nothing granted, and the program sends.
        byte[] sending = saved(SpeakingProgram.sent(List.of(data(1))));
        byte[] none = buffers(new byte[0], "origin", "00 01 00 07 00 00 07 00 00");
        assertThat(launched(FileParts.with(sending, "gate.buffer", none)).error())
                .isEqualTo("write stream buffer overflow");
        // More had been read than the program has granted: it gets what it has granted.
        byte[] more = buffers(new byte[0], "origin", "00 01 00 07 02 04 61 62 63 64 07 00 00");
        World.Running running =
                world.launch(World.saved(FileParts.with(saved(new byte[0]), "gate.buffer", more)), Launch.of("more"));
        TimeUnit.MILLISECONDS.sleep(50);
        running.instance().suspend();
        running.instance().await();
        BufferParts left = BufferParts.of(FileParts.content(running.snapshot(), "gate.buffer"));
        assertThat(HexFormat.ofDelimiter(" ").formatHex(left.states.getFirst()))
                .isEqualTo("00 01 00 05 00 02 63 64 04 00 00");
    }

    @Test
    void serviceThatIsThereTwice() throws Exception {
        byte[] twice = buffers(new byte[0], "origin", "01", "origin", "02", "random", "01", "random", "01");
        World.Running running =
                world.launch(World.saved(FileParts.with(saved(new byte[0]), "gate.buffer", twice)), Launch.of("twice"));
        TimeUnit.MILLISECONDS.sleep(50);
        running.instance().suspend();
        assertThat(running.instance().await().state()).isEqualTo(State.SUSPENDED);
        BufferParts left = BufferParts.of(FileParts.content(running.snapshot(), "gate.buffer"));
        assertThat(left.names).containsExactly("origin", "origin", "random", "random");
        // The program has been told that the second ones aren't there.
        assertThat(HexFormat.ofDelimiter(" ").formatHex(running.instance().memory(1024, 14)))
                .isEqualTo("0e 00 00 00 ff ff 01 00 04 00 01 00 01 00");
    }

    /// As if the program had sent them now: reference 7.4.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            07 00 00 00 00 00 00 00                         | runtime: invalid op packet size: 7
            01 00 01 00                                     | runtime: invalid op packet size: 65537
            08 00 00 00 00 00 01 00 ff ff ff ff             | runtime: invalid op packet size: 4294967295
            08 00 00 00 fe ff 00 00                         | invalid code in incoming packet: -2
            08 00 00 00 02 00 00 00                         | invalid service code in packet: 2
            08 00 00 00 00 00 04 00                         | invalid domain in packet: 4
            08 00 00 00 00 00 03 00                         | data packet is too short: 8 bytes
            """)
    void bufferedOutput(String output, String text) throws Exception {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(output);
        boolean cut = bytes.length % 8 == 4; // a header that isn't complete, which the program completes
        byte[] file = FileParts.with(
                saved(cut ? new byte[4] : new byte[0]), "gate.buffer", buffers(bytes, "origin", "", "random", ""));
        assertThat(launched(file)).isEqualTo(new Status(State.KILLED, Cause.ABI_VIOLATION, 0, text));
        World.Running waiting =
                world.launch(World.saved(file), Launch.of("later").asSuspended());
        assertThat(waiting.instance().status().state()).isEqualTo(State.SUSPENDED);
        waiting.instance().resume("");
        assertThat(waiting.instance().await()).isEqualTo(new Status(State.KILLED, Cause.ABI_VIOLATION, 0, text));
    }
}
