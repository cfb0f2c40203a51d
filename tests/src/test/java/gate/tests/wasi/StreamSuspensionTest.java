// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.RESULT;
import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.HostFunction.Outcome;
import gate.executor.host.wasi.Alarm;
import gate.executor.host.wasi.StreamInput;
import gate.executor.host.wasi.StreamOutput;
import gate.executor.host.wasi.Wasi;
import gate.executor.host.wasi.WasiClocks;
import gate.executor.host.wasi.WasiPreview1;
import gate.executor.host.wasi.WasiRandom;
import gate.executor.host.wasi.WasiState;
import gate.executor.host.wasi.WasiWorld;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Waits for streams, ended by a suspension from another thread.
@Timeout(60)
class StreamSuspensionTest {
    /// A guest's call on a thread of its own, with real waiting.
    private static final class Running {
        final FakeCall call;
        final Thread thread;
        final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();

        Running(WasiPreview1 functions, String name, FakeCall call) {
            this.call = call;
            this.thread = new Thread(() -> outcome.set(functions
                    .function(WasiGuest.MODULE, name)
                    .orElseThrow()
                    .function()
                    .call(call)));
            thread.start();
        }

        void awaitWaiting() throws InterruptedException {
            while (!call.hasWake() || thread.getState() == Thread.State.RUNNABLE) {
                assertThat(thread.isAlive()).isTrue();
                Thread.sleep(1);
            }
        }

        Outcome end() throws InterruptedException {
            thread.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(thread.isAlive()).isFalse();
            Outcome ended = outcome.get();
            if (ended == null) {
                throw new AssertionError("the call threw");
            }
            return ended;
        }
    }

    private static WasiWorld world(StreamInput input, StreamOutput output) {
        return new WasiWorld(input, output, output, WasiClocks.system(), WasiRandom.system(), List.of());
    }

    @Test
    void aBlockedReadIsStoppedWithoutEffectAndReadsWhatComesLater() throws Exception {
        FakeInput input = new FakeInput();
        try (WasiGuest memory = WasiGuest.alone();
                Wasi wasi = Wasi.create(List.of(), List.of(), world(input, new FakeOutput()))) {
            WasiPreview1 functions = WasiPreview1.of(wasi);
            long[] arguments = {0, memory.buffers(BUFFER, 10), 1, RESULT};
            Running running = new Running(functions, "fd_read", memory.prepare(arguments));
            running.awaitWaiting();
            long before = System.nanoTime();
            running.call.suspend();
            assertThat(running.end()).isEqualTo(Outcome.AGAIN);
            assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(1));
            assertThat(running.call.hasResult()).isFalse();
            assertThat(running.call.hasWake()).isFalse();
            input.type("late");
            Running again = new Running(functions, "fd_read", memory.prepare(arguments));
            assertThat(again.end()).isEqualTo(Outcome.DONE);
            assertThat(memory.string(BUFFER, memory.result())).isEqualTo("late");
        }
    }

    @Test
    void aBlockedReadEndsWhenBytesCome() throws Exception {
        FakeInput input = new FakeInput();
        try (WasiGuest memory = WasiGuest.alone();
                Wasi wasi = Wasi.create(List.of(), List.of(), world(input, new FakeOutput()))) {
            Running running = new Running(
                    WasiPreview1.of(wasi), "fd_read", memory.prepare(0, memory.buffers(BUFFER, 10), 1, RESULT));
            running.awaitWaiting();
            input.type("now");
            assertThat(running.end()).isEqualTo(Outcome.DONE);
            assertThat(memory.string(BUFFER, memory.result())).isEqualTo("now");
        }
    }

    @Test
    void aBlockedWriteReportsWhatItWroteOrHadNoEffect() throws Exception {
        FakeOutput output = new FakeOutput();
        try (WasiGuest memory = WasiGuest.alone();
                Wasi wasi = Wasi.create(List.of(), List.of(), world(new FakeInput(), output))) {
            WasiPreview1 functions = WasiPreview1.of(wasi);
            output.room(7);
            int text = memory.text("0123456789");
            Running running =
                    new Running(functions, "fd_write", memory.prepare(1, memory.buffers(text, 10), 1, RESULT));
            running.awaitWaiting();
            running.call.suspend();
            assertThat(running.end()).isEqualTo(Outcome.DONE);
            assertThat(memory.result()).isEqualTo(7);
            long[] rest = {1, memory.buffers(text + 7, 3), 1, RESULT};
            Running blocked = new Running(functions, "fd_write", memory.prepare(rest));
            blocked.awaitWaiting();
            blocked.call.suspend();
            assertThat(blocked.end()).isEqualTo(Outcome.AGAIN);
            assertThat(output.text()).isEqualTo("0123456");
            Running last = new Running(functions, "fd_write", memory.prepare(rest));
            last.awaitWaiting();
            output.room(100);
            assertThat(last.end()).isEqualTo(Outcome.DONE);
            assertThat(output.text()).isEqualTo("0123456789");
        }
    }

    @Test
    void aSleepIsStoppedPromptlyAndAnInterruptIsNot() throws Exception {
        try (WasiGuest memory = WasiGuest.alone();
                Wasi wasi = Wasi.create(List.of(), List.of(), world(new FakeInput(), new FakeOutput()))) {
            memory.memory.storeInt(BUFFER + 16, 1);
            memory.memory.storeLong(BUFFER + 24, TimeUnit.MINUTES.toNanos(10));
            Running running =
                    new Running(WasiPreview1.of(wasi), "poll_oneoff", memory.prepare(BUFFER, BUFFER + 1000, 1, RESULT));
            running.awaitWaiting();
            running.thread.interrupt();
            Thread.sleep(20);
            assertThat(running.thread.isAlive()).isTrue();
            long before = System.nanoTime();
            running.call.suspend();
            assertThat(running.end()).isEqualTo(Outcome.AGAIN);
            assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(1));
            assertThat(wasi.save().pending()).satisfies(pending -> {
                assertThat(pending).isNotNull();
                assertThat(pending.function()).isEqualTo("poll_oneoff");
                assertThat(pending.progress()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(15));
            });
        }
    }

    @Test
    void bytesThatWereTakenFromInputButNotReadTravelInTheState() throws Exception {
        PipedOutputStream typing = new PipedOutputStream();
        StreamInput input = StreamInput.pumped(new PipedInputStream(typing));
        try (WasiGuest memory = WasiGuest.alone();
                Wasi wasi = Wasi.create(List.of(), List.of(), world(input, new FakeOutput()))) {
            typing.write("hello world".getBytes(StandardCharsets.UTF_8));
            typing.flush();
            Running running = new Running(
                    WasiPreview1.of(wasi), "fd_read", memory.prepare(0, memory.buffers(BUFFER, 5), 1, RESULT));
            assertThat(running.end()).isEqualTo(Outcome.DONE);
            assertThat(memory.string(BUFFER, memory.result())).isEqualTo("hello");
            WasiState state = WasiState.parse(wasi.save().toBytes());
            assertThat(state.input().toString()).isEqualTo(" world");
            FakeInput next = new FakeInput();
            next.type("!");
            try (Wasi restored = Wasi.restore(state, world(next, new FakeOutput()))) {
                WasiPreview1 functions = WasiPreview1.of(restored);
                StringBuilder read = new StringBuilder();
                while (read.length() < 7) {
                    Running again =
                            new Running(functions, "fd_read", memory.prepare(0, memory.buffers(BUFFER, 4), 1, RESULT));
                    assertThat(again.end()).isEqualTo(Outcome.DONE);
                    read.append(memory.string(BUFFER, memory.result()));
                    if (read.length() == 4) {
                        // Saved again in the middle, the rest is still there.
                        assertThat(restored.save().input().toString()).isEqualTo("ld");
                    }
                }
                assertThat(read).hasToString(" world!");
            }
        }
    }

    @Test
    void theEndAndFailureOfAPumpedInputAreTold() throws Exception {
        try (WasiGuest memory = WasiGuest.alone();
                Wasi wasi = Wasi.create(List.of(), List.of(), world(StreamInput.empty(), new FakeOutput()))) {
            Running running = new Running(
                    WasiPreview1.of(wasi), "fd_read", memory.prepare(0, memory.buffers(BUFFER, 5), 1, RESULT));
            assertThat(running.end()).isEqualTo(Outcome.DONE);
            assertThat(running.call.errno()).isZero();
            assertThat(memory.result()).isZero();
        }
        StreamInput broken = StreamInput.pumped(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("broken");
            }
        });
        try (WasiGuest memory = WasiGuest.alone();
                Wasi wasi = Wasi.create(List.of(), List.of(), world(broken, new FakeOutput()))) {
            Running running = new Running(
                    WasiPreview1.of(wasi), "fd_read", memory.prepare(0, memory.buffers(BUFFER, 5), 1, RESULT));
            assertThat(running.end()).isEqualTo(Outcome.DONE);
            assertThat(running.call.errno()).isEqualTo(29);
        }
    }

    @Test
    void anAlarmRungBeforeTheWaitEndsIt() {
        Alarm alarm = new Alarm();
        alarm.ring();
        long before = System.nanoTime();
        alarm.await(TimeUnit.MINUTES.toNanos(1));
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
}
