// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.RESULT;
import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.HostFunction.Outcome;
import gate.executor.host.wasi.StreamInput;
import gate.executor.host.wasi.StreamOutput;
import gate.executor.host.wasi.Wasi;
import gate.executor.host.wasi.WasiClocks;
import gate.executor.host.wasi.WasiPreview1;
import gate.executor.host.wasi.WasiRandom;
import gate.executor.host.wasi.WasiState;
import gate.executor.host.wasi.WasiWorld;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A guest that copies its input to its output, stopped at a thousand random moments.
@Timeout(120)
class StreamSuspensionHammerTest {
    private static final int SUSPENSIONS = 1000;
    private static final int PIECE = 70_000;

    private final BurstInput input = new BurstInput();
    private final SlowOutput output = new SlowOutput();
    private volatile @Nullable FakeCall current;
    private volatile boolean finished;

    private WasiWorld world() {
        return new WasiWorld(input, output, output, WasiClocks.system(), WasiRandom.system(), List.of());
    }

    /// Each time it is saved to bytes, and goes on from them.
    @Test
    void noByteIsReadOrWrittenTwiceOrLost() throws InterruptedException {
        Thread stopper = new Thread(this::stopAtRandomMoments);
        stopper.start();
        try (WasiGuest memory = WasiGuest.alone()) {
            new Copier(memory).copy();
        } finally {
            finished = true;
            stopper.join();
        }
        byte[] got = output.received();
        assertThat(got.length).isEqualTo(input.given());
        for (int i = 0; i < got.length; i++) {
            if (got[i] != BurstInput.at(i)) {
                throw new AssertionError("byte " + i + " differs");
            }
        }
    }

    private void stopAtRandomMoments() {
        Random moments = new Random(42);
        while (!finished) {
            LockSupport.parkNanos(moments.nextInt(300_000));
            FakeCall call = current;
            if (call != null) {
                call.suspend();
            }
        }
    }

    /// The guest.
    private final class Copier {
        private final WasiGuest memory;
        private Wasi wasi = Wasi.create(List.of(), List.of(), world());
        private int suspensions;

        Copier(WasiGuest memory) {
            this.memory = memory;
        }

        void copy() {
            while (true) {
                if (suspensions >= SUSPENSIONS) {
                    input.end();
                }
                int held = complete("fd_read", 0, BUFFER, PIECE);
                if (held == 0) {
                    break;
                }
                int written = 0;
                while (written < held) {
                    written += complete("fd_write", 1, BUFFER + written, held - written);
                }
            }
            wasi.close();
            assertThat(suspensions).isGreaterThanOrEqualTo(SUSPENSIONS);
        }

        /// Makes a call, again where it is stopped without effect.
        private int complete(String name, int descriptor, int address, int length) {
            while (true) {
                FakeCall call = memory.prepare(descriptor, memory.buffers(address, length), 1, RESULT);
                current = call;
                Outcome outcome = WasiPreview1.of(wasi)
                        .function(WasiGuest.MODULE, name)
                        .orElseThrow()
                        .function()
                        .call(call);
                current = null;
                if (call.suspendRequested()) {
                    goOnElsewhere();
                }
                if (outcome == Outcome.DONE) {
                    assertThat(call.errno()).isZero();
                    return memory.result();
                }
            }
        }

        private void goOnElsewhere() {
            suspensions++;
            WasiState state = WasiState.parse(wasi.save().toBytes());
            wasi.close();
            wasi = Wasi.restore(state, world());
        }
    }

    /// Bytes that come in bursts, until it is told to end.
    private static final class BurstInput implements StreamInput {
        private final Random random = new Random(1);
        private long position;
        private boolean ended;
        private int ready;

        synchronized void end() {
            ended = true;
        }

        synchronized long given() {
            return position;
        }

        static byte at(long index) {
            return (byte) (index * 0x9E3779B97F4A7C15L >>> 56);
        }

        @Override
        public synchronized int available() {
            return ended && ready == 0 ? END : ready;
        }

        @Override
        public synchronized int read(ByteBuffer target) {
            if (available() == END) {
                return END;
            }
            int count = Math.min(ready, target.remaining());
            for (int i = 0; i < count; i++) {
                target.put(at(position++));
            }
            ready -= count;
            return count;
        }

        @Override
        public void whenReady(Runnable listener) {
            Thread.ofVirtual().start(() -> {
                LockSupport.parkNanos(random.nextInt(200_000));
                synchronized (this) {
                    ready = ready == 0 && !ended ? 1 + random.nextInt(20_000) : ready;
                }
                listener.run();
            });
        }
    }

    /// Output that is full now and then.
    private static final class SlowOutput implements StreamOutput {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final Random random = new Random(2);
        private int room;

        synchronized byte[] received() {
            return received.toByteArray();
        }

        @Override
        public synchronized boolean writable() {
            return room > 0;
        }

        @Override
        public synchronized int write(ByteBuffer source) {
            int count = Math.min(room, source.remaining());
            for (int i = 0; i < count; i++) {
                received.write(source.get());
            }
            room -= count;
            return count;
        }

        @Override
        public void whenWritable(Runnable listener) {
            Thread.ofVirtual().start(() -> {
                LockSupport.parkNanos(random.nextInt(200_000));
                synchronized (this) {
                    room = room == 0 ? 1 + random.nextInt(20_000) : room;
                }
                listener.run();
            });
        }
    }
}
