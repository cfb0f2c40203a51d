// SPDX-License-Identifier: Apache-2.0
package gate.tests.fuzz;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Tries numbered inputs, on as many threads as there are processors, and fails for one that doesn't end: a test that
/// merely waited would hang with it and name no number.
public final class WatchedInputs {
    private static final long NONE = Long.MIN_VALUE;

    /// A thread and what it is at.
    private final class Worker implements Runnable {
        private final Thread thread =
                Thread.ofPlatform().daemon().name("inputs").unstarted(this);
        private volatile long input = NONE;
        private volatile long begun;

        @Override
        public void run() {
            try {
                while (failure.get() == null) {
                    long next = inputs.getAndIncrement();
                    if (next >= end) {
                        break;
                    }
                    begun = System.nanoTime();
                    input = next;
                    each.accept(next);
                    input = NONE;
                }
            } catch (Throwable e) {
                failure.compareAndSet(null, new AssertionError("input " + input, e));
            } finally {
                ended.countDown();
            }
        }

        /// What is wrong if it has been at one input for too long.
        private @Nullable AssertionError hang() {
            long at = input;
            long nanos = System.nanoTime() - begun;
            if (at == NONE || nanos < longest.toNanos() || at != input) {
                return null;
            }
            AssertionError error =
                    new AssertionError("input " + at + " hangs: it has taken " + nanos / 1_000_000 + " ms");
            error.setStackTrace(thread.getStackTrace());
            return error;
        }
    }

    private final long end;
    private final AtomicLong inputs;
    private final Duration longest;
    private final LongConsumer each;
    private final AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();
    private final CountDownLatch ended;
    private final List<Worker> workers = new ArrayList<>();

    private WatchedInputs(long first, long count, Duration longest, LongConsumer each) {
        this.end = first + count;
        this.inputs = new AtomicLong(first);
        this.longest = longest;
        this.each = each;
        int threads = Runtime.getRuntime().availableProcessors();
        this.ended = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            workers.add(new Worker());
        }
    }

    /// Hands each number to `each`, whose first exception fails it.
    ///
    /// @param longest time that one may take by the clock
    /// @throws AssertionError for the first that fails, or hangs, with where it was
    public static void tryAll(long first, long count, Duration longest, LongConsumer each) throws InterruptedException {
        new WatchedInputs(first, count, longest, each).watch();
    }

    private void watch() throws InterruptedException {
        workers.forEach(worker -> worker.thread.start());
        while (!ended.await(Math.min(longest.toMillis(), 500), TimeUnit.MILLISECONDS)) {
            for (Worker worker : workers) {
                AssertionError hang = worker.hang();
                if (hang != null) {
                    failure.set(hang); // the others end; this one is a daemon
                    throw hang;
                }
            }
        }
        AssertionError found = failure.get();
        if (found != null) {
            throw found;
        }
    }
}
