// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Restored streams, whose connections are lost: the program gets what had been read, and is told that this was all.
/// One
/// thread does it for all of them, one after another; a stream on which the program isn't willing to receive makes no
/// other one wait.
final class LostStreams {
    private final ReentrantLock lock;
    private final Condition changed;

    // Under the lock.
    /// Those that haven't been told everything.
    private final Set<OriginStream> left = new HashSet<>();
    /// Those that something may be sent on, once each.
    private final Deque<OriginStream> work = new ArrayDeque<>();

    private final Set<OriginStream> working = new HashSet<>();

    LostStreams(OriginStreams streams) {
        lock = streams.lock();
        changed = lock.newCondition();
    }

    /// Under the lock: takes care of a stream. The first time for all of them before the start, then again when the
    /// program has said something.
    void add(OriginStream stream) {
        if (working.add(stream)) {
            work.add(stream);
        }
        changed.signal();
    }

    /// Under the lock.
    void stop() {
        changed.signal();
    }

    /// Under the lock.
    void start(OriginStreams streams) {
        if (!work.isEmpty()) {
            left.addAll(work);
            Thread.ofVirtual().name("origin-restored").start(() -> run(streams));
        }
    }

    private void run(OriginStreams streams) {
        try {
            OriginStream stream = next(streams);
            while (stream != null) {
                for (Packet packet = drain(stream); packet != null; packet = drain(stream)) {
                    stream.send(packet);
                }
                stream = next(streams);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable OriginStream next(OriginStreams streams) throws InterruptedException {
        lock.lock();
        try {
            while (!streams.isStopped() && !left.isEmpty() && work.isEmpty()) {
                changed.await();
            }
            if (streams.isStopped() || left.isEmpty()) {
                return null;
            }
            OriginStream stream = work.remove();
            working.remove(stream);
            return stream;
        } finally {
            lock.unlock();
        }
    }

    /// The next packet of a stream, decided on; null where there is none for now.
    private @Nullable Packet drain(OriginStream stream) {
        lock.lock();
        try {
            if (stream.isStopped()) {
                return null;
            }
            Packet packet = stream.input().drain(stream.id());
            if (packet == null && stream.output().isSubscribing()) {
                stream.output().unsubscribed();
                packet = Flow.of(0, stream.id(), 0);
            }
            if (packet != null) {
                stream.beginSend();
            } else if (!stream.input().isSending()) {
                left.remove(stream);
            }
            return packet;
        } finally {
            lock.unlock();
        }
    }
}
