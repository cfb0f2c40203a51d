// SPDX-License-Identifier: Apache-2.0
package gate.server.service.origin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Restored streams, whose connections are lost: the program gets what had been read, and is told that this
/// was all. One thread does it for all of them, one after another; a stream on which the program isn't
/// willing to receive makes no other one wait.
final class LostStreams {
    private final OriginStreams streams;
    private final ReentrantLock lock;
    private final Condition changed;
    private final List<OriginStream> left;

    /// @param changed signalled when something about one of the streams has changed
    LostStreams(OriginStreams streams, Condition changed, List<OriginStream> restored) {
        this.streams = streams;
        this.lock = streams.lock();
        this.changed = changed;
        this.left = new ArrayList<>(restored);
    }

    void run() {
        try {
            while (awaitWork()) {
                for (OriginStream stream : left) {
                    boolean sent = true;
                    while (sent) {
                        sent = stream.drain();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Drops the streams that are done, and waits until there is something to send.
    ///
    /// @return whether there is
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            left.removeIf(OriginStream::isDrained);
            while (!left.isEmpty() && !streams.isStopped() && left.stream().noneMatch(OriginStream::canDrain)) {
                changed.await();
            }
            return !left.isEmpty() && !streams.isStopped();
        } finally {
            lock.unlock();
        }
    }
}
