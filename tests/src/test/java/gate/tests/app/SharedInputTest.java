// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.app.instance.SharedInput;
import gate.executor.host.wasi.StreamInput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Standard input of a Gate program, which connections read one after another.
@Timeout(60)
final class SharedInputTest {
    /// What the process's input is to them.
    private static final class Source implements StreamInput {
        private final Deque<String> texts = new ArrayDeque<>();
        private final CountDownLatch watched = new CountDownLatch(1);
        private final CountDownLatch inRead = new CountDownLatch(1);
        private @Nullable CountDownLatch holdsRead;
        private @Nullable Runnable listener;
        private @Nullable IOException failure;
        private boolean ended;
        private int taken;

        /// Something comes, or the end.
        void comes(@Nullable String text) {
            Runnable told;
            synchronized (this) {
                if (text == null) {
                    ended = true;
                } else {
                    texts.add(text);
                }
                told = listener;
                listener = null;
            }
            if (told != null) {
                told.run();
            }
        }

        @Override
        public synchronized int available() throws IOException {
            if (failure != null) {
                throw failure;
            }
            return texts.isEmpty() ? (ended ? END : 0) : texts.element().length();
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            CountDownLatch hold = holdsRead;
            inRead.countDown();
            try {
                if (hold != null) {
                    hold.await();
                }
            } catch (InterruptedException e) {
                throw new AssertionError("the thread that reads is interrupted", e);
            }
            synchronized (this) {
                if (texts.isEmpty()) {
                    return ended ? END : 0;
                }
                byte[] bytes = texts.remove().getBytes(StandardCharsets.UTF_8);
                int count = Math.min(bytes.length, target.remaining());
                target.put(bytes, 0, count);
                if (count < bytes.length) {
                    texts.addFirst(new String(bytes, count, bytes.length - count, StandardCharsets.UTF_8));
                }
                taken += count;
                return count;
            }
        }

        @Override
        public void whenReady(Runnable ready) {
            boolean now;
            synchronized (this) {
                now = ended || !texts.isEmpty();
                listener = now ? null : ready;
            }
            watched.countDown();
            if (now) {
                ready.run();
            }
        }

        synchronized int taken() {
            return taken;
        }
    }

    private final Source source = new Source();
    private final SharedInput input = new SharedInput(source);

    private String read(int most) throws IOException {
        byte[] bytes = new byte[most];
        int count = input.read(bytes, 0, most);
        return count < 0 ? "END" : new String(bytes, 0, count, StandardCharsets.UTF_8);
    }

    private FutureTask<String> reader(int most) {
        return new FutureTask<>(() -> read(most));
    }

    @Test
    void noMoreIsTakenThanIsWanted() throws Exception {
        source.comes("abcdef");
        assertThat(read(4)).isEqualTo("abcd");
        assertThat(source.taken()).isEqualTo(4);
        assertThat(read(4)).isEqualTo("ef");
        source.comes(null);
        assertThat(read(4)).isEqualTo("END");
        assertThat(read(4)).isEqualTo("END");
    }

    @Test
    void readerWaitsForWhatComes() throws Exception {
        FutureTask<String> reader = reader(10);
        Thread.ofVirtual().start(reader);
        source.watched.await();
        source.comes("late");
        assertThat(reader.get()).isEqualTo("late");
    }

    @Test
    void whatComesAfterAnInterruptionIsLeftToTheNextReader() throws Exception {
        FutureTask<Boolean> first = new FutureTask<>(() -> {
            assertThatThrownBy(() -> read(10)).isInstanceOf(InterruptedIOException.class);
            return Thread.interrupted();
        });
        Thread thread = Thread.ofVirtual().start(first);
        source.watched.await();
        thread.interrupt();
        assertThat(first.get()).as("it is still interrupted").isTrue();
        source.comes("for the next");
        assertThat(source.taken()).as("nobody wants it yet").isZero();
        assertThat(read(20)).isEqualTo("for the next");
    }

    @Test
    void whatIsBeingTakenAtAnInterruptionIsStillRead() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        source.holdsRead = hold;
        source.comes("just now");
        FutureTask<String> reader = reader(20);
        Thread thread = Thread.ofVirtual().start(reader);
        source.inRead.await();
        thread.interrupt();
        hold.countDown();
        assertThat(reader.get()).isEqualTo("just now");
    }

    @Test
    void failureIsTheReaders() throws Exception {
        source.failure = new IOException("broken");
        assertThatThrownBy(() -> read(1)).hasMessage("broken");
        source.failure = null;
        source.comes("x");
        assertThat(input.read()).isEqualTo('x');
    }
}
