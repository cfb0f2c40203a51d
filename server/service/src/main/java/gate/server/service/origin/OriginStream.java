// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Data;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A stream between a client and a program. It is over when both sides have ended both directions; then its
/// id is free.
///
/// Each direction of a connection has a thread, its *pump*: [InputPump], [OutputPump]. An end that comes
/// while the pump is in the client's hands (reading, writing) or isn't there is told to the program by a thread
/// made for it, so that it depends on no client. A restored stream has no connection, and [LostStreams] in the
/// place of pumps.
///
/// Methods are called under the lock of [OriginStreams], but for those that say otherwise.
final class OriginStream {
    /// Where the thread of a direction is.
    enum Pump {
        /// There is none, or no longer one.
        ABSENT,
        /// It will see what has changed.
        AWAKE,
        /// It is in the client's hands.
        BLOCKED
    }

    private final OriginStreams streams;
    private final ReentrantLock lock;
    private final Condition changed;
    private final int id;
    private final InputHalf input;
    private final OutputHalf output;
    private final @Nullable LostStreams lost;

    private @Nullable InputPump inputPump;
    private @Nullable OutputPump outputPump;
    /// Packets that have been decided on and are being sent.
    private int sends;
    /// The program has been told of the stream.
    private boolean opened;

    private OriginStream(
            OriginStreams streams, int id, InputHalf input, OutputHalf output, @Nullable LostStreams lost) {
        this.streams = streams;
        this.lock = streams.lock();
        this.changed = lock.newCondition();
        this.id = id;
        this.input = input;
        this.output = output;
        this.lost = lost;
    }

    /// A stream for a new connection, of which the program begins to be told.
    static OriginStream open(OriginStreams streams, int id) {
        int credit = streams.options().bufferBytes() - 1;
        OriginStream stream = new OriginStream(streams, id, new InputHalf(), OutputHalf.opened(credit), null);
        OutputPump pump = new OutputPump(stream, credit);
        stream.outputPump = pump;
        stream.beginSend(); // the reply
        stream.beginSend(); // the grant
        pump.start();
        return stream;
    }

    static OriginStream restored(OriginStreams streams, OriginState.Stream saved, LostStreams lost) {
        return new OriginStream(
                streams, saved.id(), InputHalf.restored(saved.input()), OutputHalf.restored(saved.output()), lost);
    }

    int id() {
        return id;
    }

    ReentrantLock lock() {
        return lock;
    }

    InputHalf input() {
        return input;
    }

    OutputHalf output() {
        return output;
    }

    OriginState.Stream state() {
        return new OriginState.Stream(id, input.state(), output.state());
    }

    boolean isStopped() {
        return streams.isStopped();
    }

    /// See [OriginStreams#isProgramStopped()].
    boolean isProgramStopped() {
        return streams.isProgramStopped();
    }

    boolean isRestored() {
        return lost != null;
    }

    boolean isFinished() {
        return input.isFinished() && output.isFinished();
    }

    /// Its client has received what the program has sent, or never will.
    boolean isFlushed() {
        return output.isDrained();
    }

    /// See [OriginStreams#flush(long)].
    void signalDrained() {
        streams.signalDrained();
    }

    /// The program has stopped, with what was read for it on the way.
    void keep(byte[] bytes) {
        if (streams.takeRoom(bytes.length)) {
            input.keep(bytes);
        }
    }

    /// The input's pump is no longer in the client's hands.
    void signalReturned() {
        streams.signalQuiet();
    }

    /// Whether something may still be on its way from the client.
    boolean isReading() {
        return inputPump != null && inputPump.place() == Pump.BLOCKED;
    }

    /// Something has changed.
    void signal() {
        changed.signalAll();
    }

    /// To be called in a loop.
    Condition changed() {
        return changed;
    }

    // Sending.

    /// A packet is going to be sent: [#send(Packet)].
    void beginSend() {
        sends++;
        streams.beginSend();
    }

    /// Outside of the lock: sends what was decided on.
    void send(Packet packet) throws InterruptedException {
        try {
            streams.send(packet);
        } finally {
            lock.lock();
            try {
                sends--;
                streams.endSend();
                removeIfFinished();
            } finally {
                lock.unlock();
            }
        }
    }

    /// The id must not be used anew before everything of this stream has been sent.
    private void removeIfFinished() {
        if (isFinished() && sends == 0) {
            streams.remove(this);
        }
        signal();
    }

    private void sendApart(Packet packet) {
        beginSend();
        Thread.ofVirtual().name("origin-" + id + "-end").start(() -> {
            try {
                send(packet);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    // What the program says.

    void flow(int value) {
        if (value > 0) {
            input.subscribe(value);
        } else if (value == 0) {
            input.unsubscribe();
            endInput();
            removeIfFinished();
        }
        if (lost != null) {
            lost.add(this);
        }
        signal();
    }

    void data(Packet packet) {
        output.receive(packet);
        removeIfFinished();
    }

    // Ends.

    /// The program has been told of the stream, and may be told of its end.
    void opened() {
        opened = true;
        if (!input.isOpen()) {
            endInput();
        }
        signal();
    }

    /// Whatever the program has said already: it isn't told anything else before.
    boolean isOpened() {
        return opened;
    }

    /// The input has ended: somebody tells the program.
    private void endInput() {
        boolean ownerless = inputPump == null || inputPump.place() != Pump.AWAKE;
        if (ownerless && opened && input.isSending() && !isStopped()) {
            input.ended();
            sendApart(Data.end(0, id, 0));
        }
        signal();
    }

    /// The output has ended: somebody tells the program.
    private void endOutput() {
        boolean ownerless = outputPump != null && outputPump.place() == Pump.BLOCKED;
        if (ownerless && output.isSubscribing() && !isStopped()) {
            output.unsubscribed();
            sendApart(Flow.of(0, id, 0));
        }
        signal();
    }

    /// Outside of the lock: the client is gone. That a program's stop loses its clients isn't in what is
    /// saved of them.
    void disconnect() {
        lock.lock();
        try {
            if (!isStopped()) {
                input.disconnect();
                output.disconnect();
                endInput();
                endOutput();
                signalDrained();
            }
        } finally {
            lock.unlock();
        }
    }

    // The client.

    /// Outside of the lock: moves data both ways until the connection is over.
    void transfer(InputStream in, OutputStream out) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (inputPump != null || outputPump == null) {
                throw new IllegalStateException("the connection has its streams");
            }
            outputPump.attach(out);
            InputPump pump = new InputPump(this, in);
            inputPump = pump;
            if (input.isOpen() && !isStopped()) {
                pump.start();
            }
            signal();
            while (!isStopped() && (input.isSending() || output.isSubscribing())) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// In the lock or outside of it: when the connection is over, pumps that are in the client's hands have
    /// nothing more to tell
    /// the program, and are called back.
    void release() {
        lock.lock();
        try {
            if (inputPump != null) {
                inputPump.release();
            }
            if (outputPump != null) {
                outputPump.release();
            }
        } finally {
            lock.unlock();
        }
    }
}
