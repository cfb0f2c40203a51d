// SPDX-License-Identifier: Apache-2.0
package gate.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class WatchedInputsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void everyInputIsTriedOnce() throws Exception {
        AtomicLong sum = new AtomicLong();
        WatchedInputs.tryAll(5, 1_000, LONG, sum::addAndGet);
        assertThat(sum.get()).isEqualTo((5 + 1_004) * 500L);
    }

    @Test
    void inputThatHangsIsNamedWithWhereItWas() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            assertThatThrownBy(() -> WatchedInputs.tryAll(1, 100, Duration.ofMillis(100), input -> {
                        if (input == 42) {
                            hang(never);
                        }
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("input 42 hangs")
                    .satisfies(e -> assertThat(e.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("hang")));
        } finally {
            never.countDown();
        }
    }

    private static void hang(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void inputThatFailsIsNamed() {
        assertThatThrownBy(() -> WatchedInputs.tryAll(1, 100, LONG, input -> {
                    if (input == 42) {
                        throw new IllegalStateException("broken");
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("input 42")
                .hasRootCauseMessage("broken");
    }
}
