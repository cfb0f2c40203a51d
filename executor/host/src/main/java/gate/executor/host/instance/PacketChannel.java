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

        /// The program's thread begins or ends to wait.
        void waiting(boolean begins);
    }

    private final Faults faults;
    private final PacketAssembler assembler;
    private final PacketQueue input = new PacketQueue();
    private final Deque<Packet> output = new ArrayDeque<>(1);
    private long outputBytes;
    private State state = State.OPEN;
    private volatile @Nullable Thread parked;
    /// The wait in progress, or the next one, is to end.
    private volatile boolean woken;

    /// @param buffered what another channel was left with
    PacketChannel(Faults faults, ChannelBuffers buffered) {
        this.faults = faults;
        input.restore(buffered.input());
        ByteBuffer rest = ByteBuffer.wrap(buffered.output());
        PacketAssembler restoring = new PacketAssembler(new byte[0], 0);
        while (rest.hasRemaining()) {
            Packet packet = restoring.next(rest);
            if (packet != null) {
                add(packet);
                restoring = new PacketAssembler(new byte[0], 0); // there is no padding between these
            }
        }
        byte[] partial = restoring.partial();
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
        synchronized (this) {
            try {
                while (bytes.hasRemaining() && hasRoom()) {
                    Packet packet = assembler.next(bytes);
                    if (packet != null) {
                        add(packet);
                        notifyAll();
                    }
                }
                // The original knows no channel that stands between a packet and its padding.
                bytes.limit(whole);
                assembler.skipPadding(bytes);
            } catch (PacketViolation violation) {
                state = State.CLOSED;
                notifyAll();
                faults.violated(violation);
            }
            return bytes.position();
        }
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
    public void await(boolean readable, boolean writable, long nanosAtMost) {
        parked = Thread.currentThread();
        faults.waiting(true);
        try {
            if (woken || readable && readable() || writable && writable()) {
                return;
            }
            if (nanosAtMost == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanosAtMost);
            }
        } finally {
            woken = false;
            parked = null;
            faults.waiting(false);
        }
    }

    @Override
    public void wake() {
        woken = true;
        Thread thread = parked;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    // ---- the services' side ----

    @Override
    public @Nullable Packet take() throws InterruptedException {
        Packet packet;
        synchronized (this) {
            while (output.isEmpty() && state == State.OPEN) {
                wait();
            }
            if (state == State.CLOSED || output.isEmpty()) {
                close();
                return null;
            }
            packet = output.remove();
            outputBytes -= packet.size();
        }
        wake();
        return packet;
    }

    @Override
    public void send(Packet packet) throws InterruptedException {
        synchronized (this) {
            while (state == State.OPEN && input.byteCount() >= InstanceLimits.INPUT_BYTES_QUEUED_MAX) {
                wait();
            }
            input.add(packet);
        }
        wake();
    }

    @Override
    public void sendNow(Packet packet) {
        synchronized (this) {
            input.add(packet);
        }
        wake();
    }

    @Override
    public void violated(PacketViolation violation) {
        close();
        faults.violated(violation);
    }

    @Override
    public void failed(String text) {
        close();
        faults.failed(text);
    }

    // ---- the end ----

    /// The program has stopped, and nobody waits for it any more.
    synchronized void close() {
        state = State.CLOSED;
        notifyAll();
    }

    /// The program has exited: services get what it has sent, for some time.
    ///
    /// @return whether they have got all of it
    boolean drain(long nanosAtMost) throws InterruptedException {
        long until = System.nanoTime() + nanosAtMost;
        synchronized (this) {
            if (state == State.OPEN) {
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
            boolean all = output.isEmpty();
            close();
            return all;
        }
    }

    /// What is left when it is closed.
    synchronized ChannelBuffers left() {
        byte[] partial = assembler.partial();
        ByteBuffer rest = ByteBuffer.allocate(Math.toIntExact(outputBytes + partial.length));
        output.forEach(packet -> rest.put(packet.buffer()));
        rest.put(partial);
        return new ChannelBuffers(input.toArray(), rest.array(), assembler.padding());
    }
}
