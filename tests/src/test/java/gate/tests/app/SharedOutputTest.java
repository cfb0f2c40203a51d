// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.app.instance.SharedOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Standard output of a Gate program.
@Timeout(60)
final class SharedOutputTest {
    /// Nobody reads until somebody says so.
    private static final class Pipe extends OutputStream {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch read = new CountDownLatch(1);
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int oneByte) {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            assertThat(Thread.currentThread().isVirtual()).isFalse();
            begun.countDown();
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new AssertionError("the thread that writes is interrupted", e);
            }
            bytes.write(source, offset, length);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void writerThatIsInterruptedGivesUpAndTheNextComesBehindIt() throws Exception {
        Pipe pipe = new Pipe();
        try (SharedOutput output = new SharedOutput(pipe, "test")) {
            FutureTask<Boolean> first = new FutureTask<>(() -> {
                assertThatThrownBy(() -> output.write(bytes("first "))).isInstanceOf(InterruptedIOException.class);
                return Thread.interrupted();
            });
            Thread thread = Thread.ofVirtual().start(first);
            pipe.begun.await();
            thread.interrupt();
            assertThat(first.get()).as("it is still interrupted").isTrue();
            FutureTask<Boolean> second = new FutureTask<>(() -> {
                output.write(bytes("second"));
                return true;
            });
            Thread.ofVirtual().start(second);
            pipe.read.countDown();
            assertThat(second.get()).isTrue();
            assertThat(pipe.bytes).hasToString("first second");
            assertThat(output.lost()).isEmpty();
        }
    }

    @Test
    void failureIsToldAndRemembered() throws Exception {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int oneByte) throws IOException {
                throw new IOException("full");
            }
        };
        try (SharedOutput output = new SharedOutput(full, "test")) {
            assertThatThrownBy(() -> output.write(bytes("x"))).hasMessage("full");
            assertThat(output.lost()).contains("full");
        }
    }
}
