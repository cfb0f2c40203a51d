// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Data;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A stream between a client and a program. It is over when both sides have ended both directions; then its
/// id is free.
///
/// Each direction has a thread, its *pump*. An end that comes while the pump is in the client's hands
/// (reading, writing) or isn't there is told to the program by a thread made for it, so that it depends on
/// no client.
final class OriginStream {
    /// Where the thread of a direction is.
    private enum Pump {
        /// There is none, or no longer one.
        ABSENT,
        /// It will see what has changed.
        AWAKE,
        /// It is in the client's hands.
        BLOCKED
    }

    private final OriginStreams streams;
    private final ReentrantLock lock;
    private final int id;
    private final Condition changed;
    private final InputHalf input;
    private final OutputHalf output;

    // All that follows under the lock.
    private Pump inputPump = Pump.ABSENT;
    private Pump outputPump = Pump.ABSENT;
    private @Nullable Thread inputThread;
    private @Nullable Thread outputThread;
    private @Nullable OutputStream client;
    /// Packets that have been decided on and are being sent.
    private int sends;
    /// The program has been told, or there is nothing to tell.
    private boolean opened;

    /// Of a restored stream, if its connection isn't opened.
    OriginStream(OriginStreams streams, int id, Condition changed, InputHalf input, OutputHalf output) {
        this.streams = streams;
        this.lock = streams.lock();
        this.id = id;
        this.changed = changed;
        this.input = input;
        this.output = output;
    }

    int id() {
        return id;
    }

    OriginState.Stream state() {
        return new OriginState.Stream(id, input.state(), output.state());
    }

    void signal() {
        changed.signalAll();
    }

    /// Under the lock: its client has received what the program has sent, or never will.
    boolean isFlushed() {
        return output.isDrained();
    }

    boolean isFinished() {
        return input.isFinished() && output.isFinished();
    }

    /// Nothing more is to be done for the client.
    private boolean isOver() {
        return streams.isStopped() || !input.isSending() && !output.isSubscribing();
    }

    // Sending.

    private void beginSend() {
        sends++;
        streams.beginSend();
    }

    private void endSend() {
        lock.lock();
        try {
            sends--;
            streams.endSend();
            removeIfFinished();
        } finally {
            lock.unlock();
        }
    }

    /// The id must not be used anew before everything of this stream has been sent.
    private void removeIfFinished() {
        if (isFinished() && sends == 0) {
            streams.remove(this);
        }
        changed.signalAll();
    }

    /// What was decided on with [#beginSend()].
    private void send(Packet packet) throws InterruptedException {
        try {
            streams.send(packet);
        } finally {
            endSend();
        }
    }

    // What the program says. Under the lock, by the session's thread.

    void flow(int value) {
        if (value > 0) {
            input.subscribe(value);
            changed.signalAll();
        } else if (value == 0) {
            input.unsubscribe();
            endInput();
            removeIfFinished();
        }
    }

    void data(Packet packet) {
        output.receive(packet);
        removeIfFinished();
    }

    // Ends.

    /// Under the lock: the input has ended; somebody tells the program.
    private void endInput() {
        changed.signalAll();
        boolean ownerless = inputPump != Pump.AWAKE && opened;
        if (ownerless && input.isSending() && !streams.isStopped() && !isRestored()) {
            input.ended();
            beginSend();
            sendApart(Data.end(0, id, 0));
        }
    }

    /// Under the lock: the output has ended; somebody tells the program.
    private void endOutput() {
        changed.signalAll();
        if (outputPump == Pump.BLOCKED && output.isSubscribing() && !streams.isStopped()) {
            output.unsubscribed();
            beginSend();
            sendApart(Flow.of(0, id, 0));
        }
    }

    private void sendApart(Packet packet) {
        Thread.ofVirtual().name("origin-" + id + "-end").start(() -> {
            try {
                send(packet);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// [LostStreams] takes care of it.
    private boolean isRestored() {
        return outputThread == null;
    }

    /// The client is gone.
    void disconnect() {
        lock.lock();
        try {
            input.disconnect();
            output.disconnect();
            endInput();
            endOutput();
            streams.signalDrained();
        } finally {
            lock.unlock();
        }
    }

    // The program's data.

    /// Under the lock: begins to tell the program.
    void open() {
        beginSend();
        beginSend();
        outputPump = Pump.AWAKE;
        outputThread = Thread.ofVirtual().name("origin-" + id + "-output").start(() -> {
            try {
                send(OriginStreams.acceptReply(id));
                send(Flow.of(0, id, streams.options().bufferBytes() - 1));
                finishOpening();
                pumpOutput();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void finishOpening() {
        lock.lock();
        try {
            opened = true;
            if (!input.isOpen()) {
                endInput();
            }
        } finally {
            lock.unlock();
        }
    }

    private void pumpOutput() throws InterruptedException {
        boolean wroteAll = false;
        while (!wroteAll) {
            OutputStream target;
            OutputBuffer.Piece piece = null;
            boolean last;
            lock.lock();
            try {
                while (!streams.isStopped() && output.isWriting() && (client == null || !output.hasWork())) {
                    changed.await();
                }
                target = client;
                if (streams.isStopped() || !output.isWriting() || target == null) {
                    break;
                }
                wroteAll = output.buffer().isEmpty();
                if (!wroteAll) {
                    piece = output.buffer().first();
                }
                last = piece != null && piece.length() == output.buffer().bytes();
                outputPump = Pump.BLOCKED;
            } finally {
                lock.unlock();
            }
            written(piece, write(target, piece, last));
        }
        endedOutput();
    }

    /// Writes a piece, or ends the client's output where there is none.
    ///
    /// @return whether the client takes it
    private static boolean write(OutputStream target, OutputBuffer.@Nullable Piece piece, boolean last) {
        try {
            if (piece == null) {
                target.flush();
                target.close();
            } else {
                target.write(piece.array(), piece.offset(), piece.length());
                if (last) {
                    target.flush();
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            return false; // the client is gone, in whatever way its stream says it
        }
    }

    private void written(OutputBuffer.@Nullable Piece piece, boolean taken) throws InterruptedException {
        int granted = 0;
        lock.lock();
        try {
            outputPump = Pump.AWAKE;
            if (!taken) {
                output.disconnect();
            } else if (piece != null && !streams.isStopped()) {
                granted = output.written(piece.length(), streams.options().bufferBytes() / 2);
            }
            streams.signalDrained();
            if (granted > 0) {
                beginSend();
            }
        } finally {
            lock.unlock();
        }
        if (granted > 0) {
            send(Flow.of(0, id, granted));
        }
    }

    private void endedOutput() throws InterruptedException {
        boolean tell;
        lock.lock();
        try {
            outputPump = Pump.ABSENT;
            tell = output.isSubscribing() && !streams.isStopped();
            if (tell) {
                output.unsubscribed();
                beginSend();
            }
        } finally {
            lock.unlock();
        }
        if (tell) {
            send(Flow.of(0, id, 0));
        }
    }

    // The client's data.

    /// Moves data both ways until the connection is over.
    void transfer(InputStream in, OutputStream out) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (client != null) {
                throw new IllegalStateException("the connection has its streams");
            }
            client = out;
            changed.signalAll();
            if (input.isOpen() && !streams.isStopped()) {
                inputPump = Pump.AWAKE;
                inputThread = Thread.ofVirtual().name("origin-" + id + "-input").start(() -> runInput(in));
            }
            while (!isOver()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// When the client's streams have been closed, whoever is still in there is called back: it has nothing
    /// more to tell the program.
    void release() {
        lock.lock();
        try {
            if (inputPump == Pump.BLOCKED && inputThread != null) {
                inputThread.interrupt();
            }
            if (outputPump == Pump.BLOCKED && outputThread != null) {
                outputThread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private void runInput(InputStream in) {
        try {
            InputReader reader = new InputReader(in);
            boolean more = true;
            while (more) {
                int most = awaitCredit();
                if (most == 0) {
                    break;
                }
                more = forward(reader, reader.read(most));
            }
            endedInput();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return how much may be read; 0 where nothing is to be read any more
    private int awaitCredit() throws InterruptedException {
        lock.lock();
        try {
            while (!streams.isStopped() && input.isOpen() && input.creditBytes() == 0) {
                changed.await();
            }
            if (streams.isStopped() || !input.isOpen()) {
                return 0;
            }
            inputPump = Pump.BLOCKED;
            return input.creditBytes();
        } finally {
            lock.unlock();
        }
    }

    /// @param count bytes that were read; negative where there won't be more
    /// @return whether to go on
    private boolean forward(InputReader reader, int count) throws InterruptedException {
        lock.lock();
        try {
            inputPump = Pump.AWAKE;
            if (count < 0) {
                input.disconnect();
            }
            if (streams.isStopped() || !input.isOpen()) {
                return false;
            }
            if (count == 0) {
                return true;
            }
            input.sent(count);
            beginSend();
        } finally {
            lock.unlock();
        }
        send(reader.packet(id, count));
        return true;
    }

    private void endedInput() throws InterruptedException {
        boolean tell;
        lock.lock();
        try {
            inputPump = Pump.ABSENT;
            tell = input.isSending() && !streams.isStopped();
            if (tell) {
                input.ended();
                beginSend();
            }
        } finally {
            lock.unlock();
        }
        if (tell) {
            send(Data.end(0, id, 0));
        }
    }

    // Restored streams.

    /// The next packet of a stream whose connection is lost, sent.
    ///
    /// @return whether there was one
    boolean drain() throws InterruptedException {
        Packet packet;
        lock.lock();
        try {
            if (streams.isStopped()) {
                return false;
            }
            packet = input.drain(id);
            if (packet == null && output.isSubscribing()) {
                output.unsubscribed();
                packet = Flow.of(0, id, 0);
            }
            if (packet == null) {
                return false;
            }
            beginSend();
        } finally {
            lock.unlock();
        }
        send(packet);
        return true;
    }

    /// Under the lock: the program has been told everything.
    boolean isDrained() {
        return !input.isSending() && !output.isSubscribing();
    }

    /// Under the lock: there is something that the program can be told.
    boolean canDrain() {
        return input.canDrain() || output.isSubscribing();
    }
}
