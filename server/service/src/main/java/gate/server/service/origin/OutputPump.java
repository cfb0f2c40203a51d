// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Flow;
import gate.server.service.origin.OriginStream.Pump;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Tells the program of a connection, and gives the client what the program sends. A thread of its own, until this
/// direction has ended.
final class OutputPump {
    private final OriginStream stream;
    private final OutputHalf output;
    private final ReentrantLock lock;
    private final int bufferBytes;
    private final Thread thread;

    // Under the lock.
    private Pump place = Pump.AWAKE;
    private @Nullable OutputStream client;

    OutputPump(OriginStream stream, int bufferBytes) {
        this.stream = stream;
        this.output = stream.output();
        this.lock = stream.lock();
        this.bufferBytes = bufferBytes;
        this.thread =
                Thread.ofVirtual().name("origin-" + stream.id() + "-output").unstarted(this::run);
    }

    /// The reply and the grant have been decided on.
    void start() {
        thread.start();
    }

    Pump place() {
        return place;
    }

    /// Under the lock.
    void attach(OutputStream out) {
        client = out;
    }

    /// Under the lock.
    void release() {
        if (place == Pump.BLOCKED) {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            stream.send(OriginStreams.acceptReply(stream.id()));
            stream.send(Flow.of(0, stream.id(), bufferBytes));
            lock.lock();
            try {
                stream.opened();
            } finally {
                lock.unlock();
            }
            pump();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump() throws InterruptedException {
        boolean done = false;
        while (!done) {
            OutputStream target = null;
            OutputBuffer.Piece piece = null;
            boolean last = false;
            lock.lock();
            try {
                while (!stream.isStopped() && output.isWriting() && (client == null || !output.hasWork())) {
                    stream.changed().await();
                }
                if (!stream.isStopped() && output.isWriting()) {
                    target = client;
                    place = Pump.BLOCKED;
                    if (!output.buffer().isEmpty()) {
                        piece = output.buffer().first();
                        last = piece.length() == output.buffer().bytes();
                    }
                }
            } finally {
                lock.unlock();
            }
            if (target != null) {
                written(piece, write(target, piece, last));
            }
            done = piece == null;
        }
        end();
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
            place = Pump.AWAKE;
            if (stream.isStopped()) {
                return;
            }
            if (!taken) {
                output.disconnect();
            } else if (piece != null) {
                granted = output.written(piece.length(), bufferBytes / 2);
            }
            stream.signalDrained();
            if (granted > 0) {
                stream.beginSend();
            }
        } finally {
            lock.unlock();
        }
        if (granted > 0) {
            stream.send(Flow.of(0, stream.id(), granted));
        }
    }

    private void end() throws InterruptedException {
        boolean tell;
        lock.lock();
        try {
            place = Pump.ABSENT;
            tell = output.isSubscribing() && !stream.isStopped();
            if (tell) {
                output.unsubscribed();
                stream.beginSend();
            }
        } finally {
            lock.unlock();
        }
        if (tell) {
            stream.send(Flow.of(0, stream.id(), 0));
        }
    }
}
