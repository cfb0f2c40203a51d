// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.contract.packet.Packet;
import gate.contract.packet.PacketAssembler;
import gate.contract.packet.PacketPort;
import gate.contract.packet.PacketQueue;
import gate.contract.packet.PacketViolation;
import gate.engine.abi.PacketStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The packets of one run of a program, from its start or resumption until it stops: on one side bytes to and from the
/// thread that runs the program, on the other packets for its services. Thread-safe.
///
/// ```
///       OPEN -> DRAINING   // the program has exited: services take what is left
///       OPEN -> CLOSED     // it has stopped for another reason: what is left stays
///   DRAINING -> CLOSED     // nothing is left, or it takes too long
/// ```
final class PacketChannel implements PacketPort, PacketStream {
    private enum State {
        OPEN,
        DRAINING,
        CLOSED
    }

    /// What ends a program from here.
    interface Faults {
        void violated(PacketViolation violation);

        void failed(String text);

        /// The program begins or ends to wait.
        void waiting(boolean begins);

        /// There is something to do for a program that rests. Called once for each [#rest()].
        void ready();
    }

    private final Faults faults;
    private final PacketAssembler assembler;
    private final PacketQueue input = new PacketQueue();
    private final Deque<Packet> output = new ArrayDeque<>(1);
    /// Whole packets that another channel was left with, to be taken first; there is no padding between them.
    private final ByteBuffer restored;

    private long outputBytes;
    private State state = State.OPEN;
    /// Called when there is output: the services have taken all before.
    private @Nullable Runnable taker;

    private volatile @Nullable Thread parked;
    /// The wait in progress, or the next one, is to end.
    private boolean woken;
    /// The program won't go on: nothing is kept for it.
    private boolean discarding;
    /// The program's last call has left its wait to us.
    private boolean deferred;
    /// That wait is also for room.
    private boolean deferredWritable;
    /// The program waits and has no thread.
    private boolean resting;

    /// @param buffered what another channel was left with
    PacketChannel(Faults faults, ChannelBuffers buffered) {
        this.faults = faults;
        input.restore(buffered.input());
        int whole = PacketAssembler.wholeBytes(buffered.output());
        byte[] partial = Arrays.copyOfRange(buffered.output(), whole, buffered.output().length);
        this.restored = ByteBuffer.wrap(buffered.output(), 0, whole);
        this.outputBytes = whole;
        this.assembler = new PacketAssembler(partial, partial.length > 0 ? 0 : buffered.padding());
    }

    private void add(Packet packet) {
        output.add(packet);
        outputBytes += packet.size();
    }

    // ---- the program's side ----

    @Override
    public int read(MemorySegment into) {
        synchronized (this) {
            int count = (int) input.take(into);
            if (count > 0) {
                notifyAll();
            }
            return count;
        }
    }

    @Override
    public int write(MemorySegment from) {
        int whole = (int) Math.min(from.byteSize(), InstanceLimits.TRANSFER_BYTES_MAX + (long) Packet.ALIGNMENT);
        ByteBuffer bytes = from.asSlice(0, whole).asByteBuffer();
        bytes.limit(Math.min(whole, InstanceLimits.TRANSFER_BYTES_MAX));
        Runnable told = null;
        synchronized (this) {
            try {
                while (bytes.hasRemaining() && hasRoom()) {
                    Packet packet = assembler.next(bytes);
                    if (packet != null) {
                        add(packet);
                    }
                }
                // The original knows no channel that stands between a packet and its padding.
                bytes.limit(whole);
                assembler.skipPadding(bytes);
            } catch (PacketViolation violation) {
                violated(violation);
            }
            if (!output.isEmpty() && state == State.OPEN) {
                told = taker;
                taker = null;
            }
        }
        if (told != null) {
            told.run();
        }
        return bytes.position();
    }

    private boolean hasRoom() {
        return state == State.OPEN && outputBytes < InstanceLimits.OUTPUT_BYTES_MAX;
    }

    @Override
    public synchronized boolean readable() {
        return !input.isEmpty();
    }

    @Override
    public synchronized boolean writable() {
        return hasRoom();
    }

    @Override
    public synchronized boolean defers(boolean writable) {
        deferred = true;
        deferredWritable = writable;
        return true;
    }

    /// Whether the program has stopped running only to wait.
    synchronized boolean isDeferred() {
        return deferred;
    }

    /// The program, which is deferred, is to have no thread until there is something to do.
    ///
    /// @return false where there is something by now
    boolean rest() {
        faults.waiting(true);
        synchronized (this) {
            deferred = false;
            resting = !woken && !isReady();
            woken = false;
            if (resting) {
                return true;
            }
        }
        faults.waiting(false);
        return false;
    }

    private boolean isReady() {
        return !input.isEmpty() || deferredWritable && hasRoom();
    }

    @Override
    public void await(boolean readable, boolean writable, long nanosAtMost) {
        parked = Thread.currentThread();
        faults.waiting(true);
        try {
            if (isAwaited(readable, writable)) {
                return;
            }
            if (nanosAtMost == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanosAtMost);
            }
        } finally {
            parked = null;
            synchronized (this) {
                woken = false;
            }
            faults.waiting(false);
        }
    }

    private synchronized boolean isAwaited(boolean readable, boolean writable) {
        return woken || readable && readable() || writable && writable();
    }

    @Override
    public void wake() {
        boolean rested;
        synchronized (this) {
            rested = resting;
            resting = false;
            woken = !rested;
        }
        goOn(rested);
    }

    /// Whether the program, which rests, is to go on because of what has changed.
    private boolean endsRest() {
        boolean ends = resting && isReady();
        if (ends) {
            resting = false;
        }
        return ends;
    }

    /// @param rested whether the program has ended to rest
    private void goOn(boolean rested) {
        if (rested) {
            faults.ready();
            return;
        }
        Thread thread = parked;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    // ---- the services' side ----

    @Override
    public @Nullable Packet poll(Runnable next) {
        Packet packet;
        boolean rested;
        synchronized (this) {
            packet = state == State.CLOSED ? null : oldest();
            if (packet == null) {
                if (state == State.OPEN) {
                    taker = next;
                } else {
                    close();
                }
                return null;
            }
            outputBytes -= packet.size();
            rested = endsRest();
        }
        goOn(rested);
        return packet;
    }

    /// @throws PacketViolation where what was restored is no packet
    private @Nullable Packet oldest() {
        if (restored.hasRemaining()) {
            return new PacketAssembler().next(restored);
        }
        return output.poll();
    }

    @Override
    public void send(Packet packet) throws InterruptedException {
        synchronized (this) {
            while (state == State.OPEN && input.byteCount() >= InstanceLimits.INPUT_BYTES_QUEUED_MAX) {
                wait();
            }
        }
        sendNow(packet);
    }

    @Override
    public void sendNow(Packet packet) {
        boolean rested;
        synchronized (this) {
            if (discarding) {
                return;
            }
            input.add(packet);
            rested = endsRest();
        }
        goOn(rested);
    }

    @Override
    public synchronized boolean isOpen() {
        return state == State.OPEN;
    }

    @Override
    public void violated(PacketViolation violation) {
        faults.violated(violation);
        close();
    }

    @Override
    public void failed(String text) {
        faults.failed(text);
        close();
    }

    // ---- the end ----

    /// The program has stopped, and nobody waits for it any more.
    synchronized void close() {
        state = State.CLOSED;
        taker = null;
        notifyAll();
    }

    /// The program has ended, and nobody waits for it any more.
    synchronized void discard() {
        discarding = true;
        input.clear();
        close();
    }

    /// The program has exited: services get what it has sent, for some time.
    ///
    /// @return whether they have got all of it
    boolean drain(long nanosAtMost) throws InterruptedException {
        long until = System.nanoTime() + nanosAtMost;
        synchronized (this) {
            discarding = true;
            if (state == State.OPEN && taker == null) {
                state = State.DRAINING;
                notifyAll();
            }
            while (state == State.DRAINING) {
                long millis = (until - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    break;
                }
                wait(millis);
            }
            boolean all = output.isEmpty() && !restored.hasRemaining();
            close();
            return all;
        }
    }

    /// What is left when it is closed.
    synchronized ChannelBuffers left() {
        byte[] partial = assembler.partial();
        ByteBuffer rest = ByteBuffer.allocate(Math.toIntExact(outputBytes + partial.length));
        rest.put(restored.duplicate());
        output.forEach(packet -> rest.put(packet.buffer()));
        rest.put(partial);
        return new ChannelBuffers(input.toArray(), rest.array(), assembler.padding());
    }
}
