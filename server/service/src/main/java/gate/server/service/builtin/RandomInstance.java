// SPDX-License-Identifier: Apache-2.0
package gate.server.service.builtin;

import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.server.service.ProgramLink;
import gate.server.service.ServiceClock;
import gate.server.service.ServiceInstance;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A program's random bytes: one call at a time waits for its turn, further ones get nothing at once.
///
/// A reply's index depends on whether a call is waiting, so replies are sent one by one in the order in
/// which that was decided: `turn` is held while sending, which waits for this program only. Who holds it
/// needs nothing of anybody who waits for it.
final class RandomInstance implements ServiceInstance {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long NANOS_PER_MINUTE = 60_000_000_000L;
    private static final byte[] WAITING = {1};

    private final int bitsPerMinute;
    private final ServiceClock clock;
    private final Semaphore turn = new Semaphore(1);
    private long lastSent;
    /// Bytes that the waiting call wants; 0 if none waits. Under `turn`, as all that follows.
    private int wanted;

    private Runnable cancelTimer = () -> {};
    private boolean stopped;
    private @Nullable ProgramLink link;

    /// @param waiting a restored call, which is answered with one byte at once
    RandomInstance(int bitsPerMinute, ServiceClock clock, boolean waiting) {
        this.bitsPerMinute = bitsPerMinute;
        this.clock = clock;
        this.lastSent = clock.nanoTime();
        this.wanted = waiting ? 1 : 0;
    }

    @Override
    public void start(ProgramLink link) throws InterruptedException {
        turn.acquire();
        try {
            this.link = link;
            if (wanted > 0) {
                send(link, reply(wanted, 0));
                wanted = 0;
            }
        } finally {
            turn.release();
        }
    }

    @Override
    public @Nullable Packet handle(Packet packet) throws InterruptedException {
        if (packet.domain() != Domain.CALL) {
            return null;
        }
        ByteBuffer content = packet.content();
        int count = content.hasRemaining() ? content.get() & 0xFF : 0;
        turn.acquire();
        try {
            ProgramLink program = link;
            if (program == null) {
                throw new IllegalStateException("not started");
            }
            if (wanted > 0) {
                // The oldest call is the one that waits.
                send(program, reply(0, 1));
            } else if (count == 0 || bitsPerMinute <= 0) {
                send(program, reply(0, 0));
            } else {
                answerInTime(program, count);
            }
        } finally {
            turn.release();
        }
        return null;
    }

    private void answerInTime(ProgramLink program, int count) throws InterruptedException {
        long interval = count * 8L * NANOS_PER_MINUTE / bitsPerMinute;
        long wait = lastSent + interval - clock.nanoTime();
        if (wait > 0) {
            wanted = count;
            cancelTimer = clock.after(wait, this::answerWaiting);
        } else {
            send(program, reply(count, 0));
        }
    }

    /// In the timer's thread.
    private void answerWaiting() {
        try {
            turn.acquire();
            try {
                ProgramLink program = link;
                if (program != null && wanted > 0 && !stopped) {
                    int count = wanted;
                    wanted = 0;
                    send(program, reply(count, 0));
                }
            } finally {
                turn.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(ProgramLink program, Packet reply) throws InterruptedException {
        if (reply.size() > Packet.HEADER_BYTES) {
            lastSent = clock.nanoTime();
        }
        program.send(reply);
    }

    private static Packet reply(int count, int index) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return Packet.of(0, Domain.CALL, index, bytes);
    }

    @Override
    public byte[] suspend() throws InterruptedException {
        turn.acquire();
        try {
            stop();
            return wanted > 0 ? WAITING.clone() : new byte[0];
        } finally {
            turn.release();
        }
    }

    /// Whoever sends is let go by the port.
    @Override
    public void shutdown() {
        turn.acquireUninterruptibly();
        try {
            stop();
        } finally {
            turn.release();
        }
    }

    private void stop() {
        stopped = true;
        cancelTimer.run();
    }
}
