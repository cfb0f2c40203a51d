// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Data;
import gate.server.service.origin.OriginStream.Pump;
import java.io.InputStream;
import java.util.concurrent.locks.ReentrantLock;

/// Gives the program what the client sends, as far as it is willing to receive. A thread of its own, until this
/// direction has ended.
final class InputPump {
    private final OriginStream stream;
    private final InputHalf input;
    private final ReentrantLock lock;
    private final InputReader reader;
    private final Thread thread;

    // Under the lock.
    private Pump place = Pump.ABSENT;

    InputPump(OriginStream stream, InputStream in) {
        this.stream = stream;
        this.input = stream.input();
        this.lock = stream.lock();
        this.reader = new InputReader(in);
        this.thread =
                Thread.ofVirtual().name("origin-" + stream.id() + "-input").unstarted(this::run);
    }

    /// Under the lock.
    void start() {
        place = Pump.AWAKE;
        thread.start();
    }

    Pump place() {
        return place;
    }

    /// Under the lock.
    void release() {
        if (place == Pump.BLOCKED) {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            boolean more = true;
            while (more) {
                int most = awaitCredit();
                more = most > 0 && forward(reader.read(most));
            }
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Nothing is read for a program that has stopped: nobody would wait for it to receive that.
    ///
    /// @return how much may be read; 0 where nothing is to be read any more
    private int awaitCredit() throws InterruptedException {
        lock.lock();
        try {
            while (!stream.isStopped() && input.isOpen() && !mayRead()) {
                stream.changed().await();
            }
            if (stream.isStopped() || !input.isOpen()) {
                return 0;
            }
            place = Pump.BLOCKED;
            return input.creditBytes();
        } finally {
            lock.unlock();
        }
    }

    private boolean mayRead() {
        return input.creditBytes() > 0 && stream.isOpened() && !stream.isProgramStopped();
    }

    /// @param count bytes that were read; negative where there won't be more
    /// @return whether to go on
    private boolean forward(int count) throws InterruptedException {
        lock.lock();
        try {
            place = Pump.AWAKE;
            if (stream.isStopped()) {
                if (count > 0) {
                    stream.keep(reader.bytes(count));
                }
                stream.signalReturned();
                return false;
            }
            if (count < 0) {
                input.disconnect();
            }
            if (!input.isOpen() || count == 0) {
                return input.isOpen();
            }
            input.sent(count);
            stream.beginSend();
        } finally {
            lock.unlock();
        }
        stream.send(reader.packet(stream.id(), count));
        return true;
    }

    private void end() throws InterruptedException {
        boolean tell;
        lock.lock();
        try {
            place = Pump.ABSENT;
            tell = stream.isOpened() && input.isSending() && !stream.isStopped();
            if (tell) {
                input.ended();
                stream.beginSend();
            }
        } finally {
            lock.unlock();
        }
        if (tell) {
            stream.send(Data.end(0, stream.id(), 0));
        }
    }
}
