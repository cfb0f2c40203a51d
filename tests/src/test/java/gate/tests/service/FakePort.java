// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Packet;
import gate.contract.packet.PacketPort;
import gate.contract.packet.PacketViolation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A program, as its services see it; tests are the program. Whatever has to happen is waited for; nothing
/// else is.
public class FakePort implements PacketPort {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int capacity;
    private final Deque<Packet> sent = new ArrayDeque<>();
    private final Deque<Packet> received = new ArrayDeque<>();
    private boolean stopped;
    private @Nullable String violation;
    private @Nullable String failure;
    private int blocked;
    private @Nullable Runnable taker;

    /// A program that receives at once.
    public FakePort() {
        this(Integer.MAX_VALUE);
    }

    /// @param capacity packets that the program can be given before it receives one
    public FakePort(int capacity) {
        this.capacity = capacity;
    }

    // The program.

    /// The program sends packets.
    public FakePort sends(Packet... packets) {
        Runnable told;
        synchronized (this) {
            sent.addAll(Arrays.asList(packets));
            notifyAll();
            told = stopped ? null : taker;
            taker = null;
        }
        if (told != null) {
            told.run();
        }
        return this;
    }

    /// The program receives its next packet, which is waited for.
    public synchronized Packet receive() {
        await("a packet to the program", () -> !received.isEmpty());
        Packet packet = received.remove();
        notifyAll();
        return packet;
    }

    /// The program stops, for whatever reason.
    public synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /// What the program was sent and has not received.
    public synchronized List<Packet> unreceived() {
        return new ArrayList<>(received);
    }

    /// What the program has sent and nobody has taken.
    public synchronized List<Packet> untaken() {
        return new ArrayList<>(sent);
    }

    /// Waits until so many senders wait for the program.
    public synchronized void awaitBlocked(int senders) {
        await(senders + " blocked senders", () -> blocked == senders);
    }

    /// Waits until everything that the program sent has been taken, or it was ended.
    public synchronized void awaitTaken() {
        await("packets to be taken", () -> sent.isEmpty() || stopped);
    }

    /// The violation that ended the program, which is waited for.
    public synchronized String violation() {
        await("a violation", () -> violation != null);
        return String.valueOf(violation);
    }

    /// The failure that ended the program, which is waited for.
    public synchronized String failure() {
        await("a failure", () -> failure != null);
        return String.valueOf(failure);
    }

    /// Nothing has gone wrong yet.
    public synchronized void assertFaultless() {
        assertThat(violation).isNull();
        assertThat(failure).isNull();
    }

    private synchronized void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (!condition.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("no " + what + "; violation: " + violation + "; failure: " + failure);
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + what, e);
        }
    }

    // The port.

    @Override
    public synchronized @Nullable Packet poll(Runnable next) {
        if (stopped) {
            return null;
        }
        Packet packet = sent.poll();
        if (packet == null) {
            taker = next;
        }
        notifyAll();
        return packet;
    }

    @Override
    public synchronized void sendNow(Packet packet) {
        received.add(packet);
        notifyAll();
    }

    @Override
    public synchronized void send(Packet packet) throws InterruptedException {
        while (received.size() >= capacity && !stopped) {
            blocked++;
            notifyAll();
            try {
                wait();
            } finally {
                blocked--;
            }
        }
        received.add(packet);
        notifyAll();
    }

    @Override
    public synchronized boolean isOpen() {
        return !stopped;
    }

    @Override
    public synchronized void violated(PacketViolation cause) {
        if (violation == null && failure == null) {
            violation = cause.text();
        }
        stop();
    }

    @Override
    public synchronized void failed(String text) {
        if (violation == null && failure == null) {
            failure = text;
        }
        stop();
    }
}
