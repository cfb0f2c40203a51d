// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.server.service.ProgramLink;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Gives a key for a block, some time later and in any order. What it gives depends on all blocks of the lane before,
/// so that one that is lost, doubled or out of order changes everything after.
///
/// Call: u8 lane, u8 block, u16 0, u32 hash. Reply: u64 key.
final class KeysService implements Service {
    private static final int PENDING_BYTES = 9;
    private static final int PAUSE_NANOS_MAX = 300_000;
    private static final int LONG_PAUSE_NANOS_MAX = 20_000_000;

    private final Consumer<String> notes;
    private final SplittableRandom random;

    /// @param notes is told of every call; thread-safe
    KeysService(Consumer<String> notes, long seed) {
        this.notes = notes;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public String name() {
        return "house/keys";
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        return new Keys(state);
    }

    /// How many calls wait for their replies in a saved state.
    static int pending(byte[] state) {
        return Math.max(0, (state.length - Lanes.COUNT * Long.BYTES) / PENDING_BYTES);
    }

    private record Pending(int lane, long key) {}

    private final class Keys implements ServiceInstance {
        private final long[] chains = new long[Lanes.COUNT];
        private final List<Pending> pending = new ArrayList<>();
        private boolean stopped;
        private @Nullable ProgramLink link;

        Keys(byte[] state) {
            ByteBuffer saved = ByteBuffer.wrap(state);
            if (saved.hasRemaining()) {
                for (int lane = 0; lane < Lanes.COUNT; lane++) {
                    chains[lane] = saved.getLong();
                }
            }
            while (saved.hasRemaining()) {
                pending.add(new Pending(saved.get(), saved.getLong()));
            }
        }

        @Override
        public synchronized void start(ProgramLink link) {
            this.link = link;
            Thread.ofVirtual().name("house-keys").start(this::reply);
        }

        @Override
        public synchronized @Nullable Packet handle(Packet packet) {
            if (packet.domain() != Domain.CALL || packet.content().remaining() != 8) {
                throw new IllegalStateException("not a call of house/keys: " + packet);
            }
            ByteBuffer content = packet.content().slice().order(ByteOrder.LITTLE_ENDIAN);
            int lane = content.get(0);
            int hash = content.getInt(4);
            chains[lane] = Lanes.next(chains[lane], lane, hash);
            notes.accept("keys-" + lane + " %02x %08x".formatted(content.get(1), hash));
            pending.add(new Pending(lane, chains[lane]));
            notifyAll();
            return null;
        }

        private void reply() {
            try {
                while (awaitCall()) {
                    LockSupport.parkNanos(
                            random.nextInt(random.nextInt(4) == 0 ? LONG_PAUSE_NANOS_MAX : PAUSE_NANOS_MAX));
                    replyToOne();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized boolean awaitCall() throws InterruptedException {
            while (!stopped && pending.isEmpty()) {
                wait();
            }
            return !stopped;
        }

        /// That it is pending no more and that it is sent is one step: indexes are as the program counts them.
        private synchronized void replyToOne() throws InterruptedException {
            if (stopped) {
                return;
            }
            int index = random.nextInt(pending.size());
            ByteBuffer key = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            key.putLong(pending.remove(index).key);
            Objects.requireNonNull(link).send(Packet.of(0, Domain.CALL, index, key.array()));
        }

        @Override
        public synchronized byte[] suspend() {
            shutdown();
            ByteBuffer state = ByteBuffer.allocate(Lanes.COUNT * Long.BYTES + PENDING_BYTES * pending.size());
            for (long chain : chains) {
                state.putLong(chain);
            }
            pending.forEach(call -> state.put((byte) call.lane).putLong(call.key));
            return state.array();
        }

        @Override
        public synchronized void shutdown() {
            stopped = true;
            notifyAll();
        }
    }
}
