// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.AbiHost;
import gate.engine.abi.AbiPolicy;
import gate.engine.abi.AbiState;
import gate.engine.abi.DebugLog;
import gate.engine.abi.GateAbi;
import gate.engine.abi.PacketStream;
import gate.engine.runtime.Execution;
import gate.engine.runtime.Execution.Status;
import gate.engine.runtime.Store;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Another thread stops a program and sends it bytes at any moment of its waits: no wish to stop is missed,
/// and no byte is lost or comes twice.
final class AbiSuspensionHammerTest {
    private static final int ROUNDS = 3000;

    /// What comes back is what was sent, as soon as [#echo()] says so.
    private static final class Echo implements PacketStream {
        private final byte[] bytes = new byte[64];
        private int written;
        private int echoed;
        private int read;
        private boolean woken;

        @Override
        public synchronized int read(MemorySegment into) {
            int count = (int) Math.min(into.byteSize(), echoed - read);
            for (int i = 0; i < count; i++) {
                into.set(ValueLayout.JAVA_BYTE, i, bytes[read++ % bytes.length]);
            }
            return count;
        }

        @Override
        public synchronized int write(MemorySegment from) {
            int count = (int) Math.min(from.byteSize(), bytes.length - (written - read));
            for (int i = 0; i < count; i++) {
                bytes[written++ % bytes.length] = from.get(ValueLayout.JAVA_BYTE, i);
            }
            return count;
        }

        @Override
        public synchronized boolean readable() {
            return echoed > read;
        }

        @Override
        public synchronized boolean writable() {
            return written - read < bytes.length;
        }

        @Override
        public synchronized void await(boolean readable, boolean writable, long nanosAtMost) {
            try {
                while (!woken && !(readable && readable()) && !(writable && writable())) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            woken = false;
        }

        @Override
        public synchronized void wake() {
            woken = true;
            notifyAll();
        }

        /// @return whether there was anything
        synchronized boolean echo() {
            if (echoed == written) {
                return false;
            }
            echoed++;
            notifyAll();
            return true;
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void programIsStoppedInWhateverItWaitsFor() throws InterruptedException {
        Echo echo = new Echo();
        AbiHost host = new AbiHost(new FakeClock(), _ -> {}, DebugLog.DISCARDED, echo);
        try (Store store = new Store()) {
            GateAbi abi = new GateAbi(host, AbiPolicy.DEFAULT, AbiState.FRESH);
            Execution execution =
                    Execution.instantiate(store.allocate(AbiGuest.parse(AbiGuest.text("conversation.wat")), abi));
            assertThat(execution.run()).isEqualTo(Status.FINISHED);
            execution.call(execution.instance().exportedFunction("talk").orElseThrow(), ROUNDS);
            AtomicReference<Status> ended = new AtomicReference<>(Status.SUSPENDED);
            Thread other = Thread.ofPlatform().start(() -> {
                int turn = 0;
                while (ended.get() != Status.FINISHED) {
                    turn++;
                    if (!echo.echo() || turn % 7 == 0) {
                        execution.suspend();
                    }
                }
            });
            int stops = 0;
            try {
                while (execution.run() != Status.FINISHED) {
                    stops++;
                    abi.begin(host, AbiPolicy.DEFAULT, abi.state());
                }
            } finally {
                ended.set(Status.FINISHED);
                other.join();
            }
            assertThat(execution.results()).as("rounds that went wrong").containsExactly(0);
            assertThat(stops).isPositive();
        }
    }

    /// The other thread's one wish to stop has to be enough.
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void oneWishToStopIsEnough() throws InterruptedException {
        Echo echo = new Echo();
        AbiHost host = new AbiHost(new FakeClock(), _ -> {}, DebugLog.DISCARDED, echo);
        try (Store store = new Store()) {
            GateAbi abi = new GateAbi(host, AbiPolicy.DEFAULT, AbiState.FRESH);
            Execution execution = Execution.instantiate(store.allocate(AbiGuest.parse(AbiGuest.text("io.wat")), abi));
            assertThat(execution.run()).isEqualTo(Status.FINISHED);
            execution.call(execution.instance().exportedFunction("io").orElseThrow(), 0, 0, 0, 0, 0, 0, -1, 0);
            for (int i = 0; i < ROUNDS; i++) {
                int spins = i % 500;
                Thread other = Thread.ofVirtual().start(() -> {
                    for (int spin = 0; spin < spins; spin++) {
                        Thread.onSpinWait();
                    }
                    execution.suspend();
                });
                assertThat(execution.run()).isEqualTo(Status.SUSPENDED);
                other.join();
                execution.resetSuspend();
            }
        }
    }
}
