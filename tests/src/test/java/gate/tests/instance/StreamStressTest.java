// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.State;
import gate.server.service.origin.OriginConnection;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many streams of one program at once, each an echo: every byte is accounted for by the rules of reference 6.4.
final class StreamStressTest {
    private static final int CONNECTIONS = 200;

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    /// The one that `./bench density` measures.
    private static String reflect() throws IOException {
        return Files.readString(Repository.root().resolve("benchmarks/src/main/resources/gate/bench/reflect.wat"));
    }

    private static byte at(int client, long position) {
        return (byte) (position * 31 + (position >> 8) + client);
    }

    /// What a client sends: so many bytes, in pieces of any size.
    private static final class Sent extends InputStream {
        private final int client;
        private final Random random;
        private final long length;
        private long position;

        Sent(int client, long length) {
            this.client = client;
            this.random = new Random(client);
            this.length = length;
        }

        @Override
        public int read() {
            throw new IllegalStateException("bytes are read in pieces");
        }

        @Override
        public int read(byte[] into, int offset, int most) {
            if (position == length) {
                return -1;
            }
            int count = (int) Math.min(1 + random.nextInt(Math.min(most, 40_000)), Math.min(most, length - position));
            for (int i = 0; i < count; i++) {
                into[offset + i] = at(client, position + i);
            }
            position += count;
            return count;
        }
    }

    /// What a client receives, which must be the same.
    private static final class Received extends OutputStream {
        private final int client;
        private final AtomicReference<String> wrong;
        private volatile long position;
        private volatile boolean ended;

        Received(int client, AtomicReference<String> wrong) {
            this.client = client;
            this.wrong = wrong;
        }

        @Override
        public void write(int b) {
            throw new IllegalStateException("bytes are written in pieces");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (int i = 0; i < length; i++) {
                if (bytes[offset + i] != at(client, position + i)) {
                    wrong.compareAndSet(null, "client " + client + " at byte " + (position + i));
                }
            }
            long before = position;
            position = before + length;
        }

        @Override
        public void close() {
            ended = true;
        }
    }

    @Test
    @Tag("slow")
    void twoHundredStreamsEchoEveryByte() throws Exception {
        World.Running running = world.launch(World.text(reflect()));
        AtomicReference<String> wrong = new AtomicReference<>();
        List<Received> all = new ArrayList<>();
        List<Thread> clients = new ArrayList<>();
        Random random = new Random(1);
        long expected = 0;
        List<Long> lengths = new ArrayList<>();
        for (int client = 0; client < CONNECTIONS; client++) {
            Received received = new Received(client, wrong);
            Sent sent = new Sent(client, random.nextInt(300_000));
            lengths.add(sent.length);
            expected += sent.length;
            all.add(received);
            clients.add(Thread.ofVirtual().start(() -> transfer(running, sent, received)));
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(wrong.get()).isNull();
        long total = 0;
        for (int client = 0; client < CONNECTIONS; client++) {
            assertThat(all.get(client).position).as("client " + client).isEqualTo(lengths.get(client));
            assertThat(all.get(client).ended).isTrue();
            total += all.get(client).position;
        }
        assertThat(total).isEqualTo(expected);
        assertThat(running.instance().status().state()).isEqualTo(State.RUNNING);
    }

    private static void transfer(World.Running running, InputStream sent, OutputStream received) {
        try {
            Optional<OriginConnection> connection = running.services().connect();
            if (connection.isPresent()) {
                connection.get().transfer(sent, received);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Clients are disconnected by each stop: what they have received is what they sent, up to somewhere. The program
    /// goes on in a new instance, whose clients are served as if nothing had been.
    @Test
    @Tag("slow")
    void stoppedAndSavedAtAnyMomentEachStreamIsAPrefix() throws Exception {
        World.Running running = world.launch(World.text(reflect()));
        AtomicReference<String> wrong = new AtomicReference<>();
        Random random = new Random(2);
        int nextClient = 0;
        long received = 0;
        int cut = 0;
        for (int round = 0; round < 25; round++) {
            World.Running current = running;
            List<Received> all = new ArrayList<>();
            List<Sent> inputs = new ArrayList<>();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int client = nextClient++;
                Received output = new Received(client, wrong);
                Sent input = new Sent(client, random.nextInt(100_000));
                all.add(output);
                inputs.add(input);
                clients.add(Thread.ofVirtual().start(() -> transfer(current, input, output)));
            }
            TimeUnit.MICROSECONDS.sleep(random.nextInt(60_000));
            current.instance().suspend();
            assertThat(current.instance().await().state()).isEqualTo(State.SUSPENDED);
            for (Thread client : clients) {
                client.join();
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                assertThat(all.get(i).position).isLessThanOrEqualTo(inputs.get(i).length);
                received += all.get(i).position;
                cut += all.get(i).position < inputs.get(i).length ? 1 : 0;
            }
            byte[] file = current.snapshot();
            current.instance().close();
            running = world.launch(World.saved(round % 3 == 0 ? OriginalContainerTest.asTheOriginals(file) : file));
        }
        assertThat(wrong.get()).isNull();
        assertThat(received).isPositive();
        assertThat(cut).as("streams that a stop has cut").isPositive();
        Received last = new Received(7, wrong);
        Sent input = new Sent(7, 200_000);
        transfer(running, input, last);
        assertThat(last.position).isEqualTo(200_000);
        assertThat(wrong.get()).isNull();
    }

    /// A client that doesn't read stops its own stream, and nobody else's.
    @Test
    void slowReaderStopsItsOwnStreamOnly() throws Exception {
        World.Running running = world.launch(World.text(reflect()));
        AtomicReference<String> wrong = new AtomicReference<>();
        CountDownLatch release = new CountDownLatch(1);
        Sent endless = new Sent(0, 50_000_000);
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("bytes are written in pieces");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        Thread slow = Thread.ofVirtual().start(() -> transfer(running, endless, stuck));
        for (int client = 1; client <= 20; client++) {
            Received received = new Received(client, wrong);
            transfer(running, new Sent(client, 200_000), received);
            assertThat(received.position).isEqualTo(200_000);
        }
        assertThat(endless.position).as("taken from the one that doesn't read").isLessThan(200_000);
        assertThat(wrong.get()).isNull();
        running.instance().kill();
        running.instance().await();
        release.countDown();
        slow.join();
    }
}
