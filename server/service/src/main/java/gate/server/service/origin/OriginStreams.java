// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Data;
import gate.contract.packet.Domain;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import gate.server.service.ProgramLink;
import gate.server.service.ServiceInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// All streams of a program, and the connections and accepts that wait for each other. Thread-safe.
///
/// ```
///   WAITING -> STARTED   // the program has used the service, or goes on
///   WAITING, STARTED -> STOPPED
/// ```
///
/// What is sent is decided under the lock and sent outside of it; a stop waits for what has been decided,
/// so that what the program is sent and what is saved agree. It waits for what is being read from clients,
/// too, which becomes part of what is saved.
final class OriginStreams implements ServiceInstance {
    /// Accepts that wait for a connection. A program matches replies with calls in a window of this size
    /// (reference 1.3), so that more couldn't be told apart.
    static final int ACCEPTS_MAX = 256;

    /// Streams of one program, restored ones included: some hundred bytes each, whatever a saved state
    /// claims.
    static final int STREAMS_MAX = 65_536;

    /// What has been read from clients and not sent when the program stops, together. More of it is lost, as
    /// is what clients have sent and nobody has read: their connections are.
    static final int KEPT_BYTES_MAX = 1 << 20;

    /// How long a stop waits for clients that don't let go of the thread that reads from them.
    private static final long RETURN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OriginOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    /// An accept for a connection that waits.
    private final Condition accepted = lock.newCondition();
    /// Nothing that has been decided is still to be sent; or somebody has come back from a client.
    private final Condition quiet = lock.newCondition();

    /// A client has received something, or is gone.
    private final Condition drained = lock.newCondition();

    private final LostStreams lost = new LostStreams(this);
    private final TreeMap<Integer, OriginStream> streams = new TreeMap<>();
    /// Of the streams, those that are restored: they have no connections.
    private int restored;
    private int accepts;
    private int waiting;
    /// All lower stream ids are taken.
    private int lowestId;

    private int sends;
    private int kept;
    private boolean stopped;
    private @Nullable ProgramLink link;

    OriginStreams(OriginOptions options) {
        this.options = options;
    }

    ReentrantLock lock() {
        return lock;
    }

    OriginOptions options() {
        return options;
    }

    boolean isStopped() {
        return stopped;
    }

    /// The program has stopped, and so will the service.
    boolean isProgramStopped() {
        ProgramLink program = link;
        return program != null && !program.isOpen();
    }

    /// Takes over what was saved.
    void restore(OriginState state) {
        lock.lock();
        try {
            accepts = state.accepts();
            for (OriginState.Stream saved : state.streams()) {
                OriginStream stream = OriginStream.restored(this, saved, lost);
                if (!stream.isFinished()) {
                    streams.put(saved.id(), stream);
                    restored++;
                    lost.add(stream);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start(ProgramLink link) {
        lock.lock();
        try {
            this.link = link;
            accepted.signalAll();
            lost.start(this);
        } finally {
            lock.unlock();
        }
    }

    /// A stream for a connection, as soon as the program accepts one.
    Optional<OriginStream> connect() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            int wanted = waiting + streams.size();
            if (wanted - restored >= options.connections() || wanted >= STREAMS_MAX) {
                return Optional.empty();
            }
            waiting++;
            try {
                while (!stopped && (accepts == 0 || link == null)) {
                    accepted.await();
                }
            } finally {
                waiting--;
            }
            if (stopped) {
                return Optional.empty();
            }
            accepts--;
            while (streams.containsKey(lowestId)) {
                lowestId++;
            }
            OriginStream stream = OriginStream.open(this, lowestId);
            streams.put(lowestId, stream);
            return Optional.of(stream);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Packet handle(Packet packet) {
        lock.lock();
        try {
            switch (packet.domain()) {
                case CALL -> accept();
                case INFO -> {}
                case FLOW -> {
                    for (int i = 0; i < Flow.count(packet); i++) {
                        stream(Flow.stream(packet, i)).flow(Flow.value(packet, i));
                    }
                }
                case DATA -> stream(Data.stream(packet)).data(packet);
            }
        } finally {
            lock.unlock();
        }
        return null;
    }

    private void accept() {
        if (accepts == ACCEPTS_MAX) {
            throw new PacketViolation("too many outstanding accepts");
        }
        accepts++;
        accepted.signal();
    }

    private OriginStream stream(int id) {
        OriginStream stream = streams.get(id);
        if (stream == null) {
            throw new PacketViolation("stream not found: " + id);
        }
        return stream;
    }

    /// Under the lock: something is going to be sent.
    void beginSend() {
        sends++;
    }

    /// Under the lock: it has been sent.
    void endSend() {
        sends--;
        if (sends == 0) {
            quiet.signalAll();
        }
    }

    /// Outside of the lock.
    void send(Packet packet) throws InterruptedException {
        ProgramLink program = link;
        if (program == null) {
            throw new IllegalStateException("not started");
        }
        program.send(packet);
    }

    /// Under the lock: see [#KEPT_BYTES_MAX].
    boolean takeRoom(int bytes) {
        if (bytes > KEPT_BYTES_MAX - kept) {
            return false;
        }
        kept += bytes;
        return true;
    }

    /// Under the lock: see [#suspend()].
    void signalQuiet() {
        quiet.signalAll();
    }

    /// Under the lock: a stream is over, so its id is free.
    void remove(OriginStream stream) {
        streams.remove(stream.id());
        restored -= stream.isRestored() ? 1 : 0;
        lowestId = Math.min(lowestId, stream.id());
    }

    /// Under the lock: see [#flush].
    void signalDrained() {
        drained.signalAll();
    }

    /// Waits until clients have received what the program has sent.
    void flush(long nanosAtMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanosAtMost;
            while (left > 0 && !stopped && !streams.values().stream().allMatch(OriginStream::isFlushed)) {
                left = drained.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Connections are lost, and those that wait aren't made.
    void stop() {
        lock.lock();
        try {
            stopUnderLock();
        } finally {
            lock.unlock();
        }
    }

    private void stopUnderLock() {
        stopped = true;
        accepted.signalAll();
        streams.values().forEach(OriginStream::signal);
        drained.signalAll();
        lost.stop();
    }

    @Override
    public byte[] suspend() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            stopUnderLock();
            streams.values().forEach(OriginStream::release);
            long left = RETURN_NANOS;
            while (left > 0 && streams.values().stream().anyMatch(OriginStream::isReading)) {
                left = quiet.awaitNanos(left);
            }
            while (sends > 0) {
                quiet.await();
            }
            List<OriginState.Stream> states = new ArrayList<>();
            for (OriginStream stream : streams.values()) {
                states.add(stream.state());
            }
            return new OriginState(accepts, states).toBytes();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void shutdown() {
        stop();
    }

    /// The reply to an accept.
    static Packet acceptReply(int stream) {
        byte[] content = new byte[8];
        for (int i = 0; i < 4; i++) {
            content[i] = (byte) (stream >> 8 * i);
        }
        return Packet.of(0, Domain.CALL, 0, content);
    }
}
