// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import gate.contract.packet.Data;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.server.service.ProgramLink;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A stream for each lane: what comes goes back changed, in other pieces and later, as far as the program grants. A
/// suspension keeps everything that is on its way.
///
/// Call: u8 lane. Reply: i32 stream id, which is 100 and the lane.
final class MillService implements Service {
    private static final int FIRST_STREAM = 100;
    private static final int WINDOW = 900;
    private static final int PAUSE_NANOS_MAX = 200_000;
    private static final int STATE_BYTES = 1 + 6 * Integer.BYTES + 2;

    private final Consumer<String> notes;
    private final SplittableRandom random;

    /// @param notes is told of what each stream has brought, at its end; thread-safe
    MillService(Consumer<String> notes, long seed) {
        this.notes = notes;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public String name() {
        return "house/mill";
    }

    @Override
    public boolean streams() {
        return true;
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        return new Mill(state);
    }

    /// How many streams of a saved state have been sent only in part.
    static int halfSent(byte[] state) {
        int count = 0;
        for (ByteBuffer saved = ByteBuffer.wrap(state); saved.hasRemaining(); ) {
            Stream stream = new Stream(saved);
            count += stream.received > 0 && !stream.endSent ? 1 : 0;
        }
        return count;
    }

    private static final class Stream {
        private final int lane;
        /// What the program may still send, and what it has sent that it hasn't been granted anew.
        private int granted;
        private int taken;
        /// What it may still be sent.
        private int credit;
        private int received;
        private int hash;
        private boolean ended;
        private boolean endSent;
        private byte[] grist;

        Stream(int lane) {
            this.lane = lane;
            hash = Lanes.Hash.EMPTY;
            grist = new byte[0];
        }

        Stream(ByteBuffer saved) {
            lane = saved.get();
            granted = saved.getInt();
            taken = saved.getInt();
            credit = saved.getInt();
            received = saved.getInt();
            hash = saved.getInt();
            grist = new byte[saved.getInt()];
            ended = saved.get() != 0;
            endSent = saved.get() != 0;
            saved.get(grist);
        }

        void save(DataOutputStream out) throws IOException {
            out.write(lane);
            out.writeInt(granted);
            out.writeInt(taken);
            out.writeInt(credit);
            out.writeInt(received);
            out.writeInt(hash);
            out.writeInt(grist.length);
            out.write(ended ? 1 : 0);
            out.write(endSent ? 1 : 0);
            out.write(grist);
        }

        int id() {
            return FIRST_STREAM + lane;
        }

        boolean hasWork() {
            return grist.length > 0 && credit > 0 || grist.length == 0 && ended && !endSent || grants();
        }

        boolean grants() {
            return taken > WINDOW / 2 || grist.length == 0 && taken > 0;
        }

        void receive(ByteBuffer data) {
            int count = data.remaining();
            granted -= count;
            taken += count;
            if (granted < 0 || ended) {
                throw new IllegalStateException("the program sends what it may not");
            }
            byte[] all = new byte[grist.length + count];
            System.arraycopy(grist, 0, all, 0, grist.length);
            data.get(all, grist.length, count);
            for (int i = grist.length; i < all.length; i++) {
                hash = Lanes.Hash.with(hash, all[i]);
            }
            received += count;
            grist = all;
        }

        /// Some of what goes back.
        byte[] grind(int most) {
            byte[] flour = new byte[Math.min(most, Math.min(credit, grist.length))];
            int position = received - grist.length;
            for (int i = 0; i < flour.length; i++) {
                flour[i] = Lanes.milled(grist[i], lane, position + i);
            }
            byte[] rest = new byte[grist.length - flour.length];
            System.arraycopy(grist, flour.length, rest, 0, rest.length);
            grist = rest;
            credit -= flour.length;
            return flour;
        }
    }

    private final class Mill implements ServiceInstance {
        private final TreeMap<Integer, Stream> streams = new TreeMap<>();
        private boolean stopped;
        private @Nullable ProgramLink link;

        Mill(byte[] state) {
            for (ByteBuffer saved = ByteBuffer.wrap(state); saved.hasRemaining(); ) {
                Stream stream = new Stream(saved);
                streams.put(stream.id(), stream);
            }
        }

        private ProgramLink link() {
            return Objects.requireNonNull(link);
        }

        @Override
        public synchronized void start(ProgramLink given) {
            link = given;
            Thread.ofVirtual().name("house-mill").start(this::run);
        }

        @Override
        public synchronized @Nullable Packet handle(Packet packet) throws InterruptedException {
            switch (packet.domain()) {
                case CALL -> open(packet.content().get());
                case INFO -> throw new IllegalStateException("no call of house/mill: " + packet);
                case FLOW -> {
                    for (int i = 0; i < Flow.count(packet); i++) {
                        stream(Flow.stream(packet, i)).credit += Flow.value(packet, i);
                    }
                }
                case DATA -> data(stream(Data.stream(packet)), packet);
            }
            notifyAll();
            return null;
        }

        private Stream stream(int id) {
            return Objects.requireNonNull(streams.get(id), "a stream that isn't open");
        }

        private void open(int lane) throws InterruptedException {
            Stream stream = new Stream(lane);
            if (streams.put(stream.id(), stream) != null) {
                throw new IllegalStateException("lane " + lane + " was opened before");
            }
            stream.granted = WINDOW;
            ByteBuffer id = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            link().send(Packet.call(0, id.putInt(stream.id()).array()));
            link().send(Flow.of(0, stream.id(), WINDOW));
        }

        private void data(Stream stream, Packet packet) {
            if (Data.length(packet) > 0) {
                stream.receive(Data.data(packet));
            } else if (stream.ended) {
                throw new IllegalStateException("stream " + stream.id() + " ends twice");
            } else {
                stream.ended = true;
                notes.accept("mill-" + stream.lane + " %d %08x".formatted(stream.received, stream.hash));
            }
        }

        private void run() {
            try {
                while (awaitWork()) {
                    LockSupport.parkNanos(random.nextInt(PAUSE_NANOS_MAX));
                    work();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized boolean awaitWork() throws InterruptedException {
            while (!stopped && streams.values().stream().noneMatch(Stream::hasWork)) {
                wait();
            }
            return !stopped;
        }

        private synchronized void work() throws InterruptedException {
            if (stopped) {
                return;
            }
            List<Stream> busy = new ArrayList<>(streams.values());
            busy.removeIf(stream -> !stream.hasWork());
            Stream stream = busy.get(random.nextInt(busy.size()));
            byte[] flour = stream.grind(1 + random.nextInt(400));
            if (flour.length > 0) {
                link().send(Data.copy(0, stream.id(), ByteBuffer.wrap(flour)));
            }
            if (stream.grants()) {
                int more = stream.taken;
                stream.taken = 0;
                stream.granted += more;
                link().send(Flow.of(0, stream.id(), more));
            } else if (stream.grist.length == 0 && stream.ended && !stream.endSent) {
                stream.endSent = true;
                link().send(Flow.of(0, stream.id(), 0));
                link().send(Data.end(0, stream.id(), 0));
            }
        }

        @Override
        public synchronized byte[] suspend() {
            shutdown();
            ByteArrayOutputStream state = new ByteArrayOutputStream(STATE_BYTES);
            try (DataOutputStream out = new DataOutputStream(state)) {
                for (Stream stream : streams.values()) {
                    stream.save(out);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return state.toByteArray();
        }

        @Override
        public synchronized void shutdown() {
            stopped = true;
            notifyAll();
        }
    }
}
