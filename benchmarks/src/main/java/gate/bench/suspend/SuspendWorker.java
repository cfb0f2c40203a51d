// SPDX-License-Identifier: Apache-2.0
package gate.bench.suspend;

import com.sun.management.ThreadMXBean;
import gate.engine.runtime.Execution;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// A process that stops guests at random moments.
///
/// Prints a line for each stop: the guest, nanoseconds of wall time and of the guest's thread's running time from the
/// request to the return.
public final class SuspendWorker {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// A thread that runs an execution and notes when that returned.
    private static final class Runner extends Thread {
        private final Execution execution;
        volatile boolean begun;
        volatile long returned;
        volatile long ran;

        Runner(Execution execution) {
            super(null, null, "guest", 64 << 20);
            this.execution = execution;
        }

        @Override
        public void run() {
            begun = true;
            execution.run();
            ran = THREADS.getCurrentThreadCpuTime();
            returned = System.nanoTime();
        }
    }

    private SuspendWorker() {}

    /// Arguments: samples of each guest at most.
    public static void main(String[] args) throws InterruptedException {
        int most = Integer.parseInt(args[0]);
        Random random = new Random(1);
        for (Victim victim : Victim.all()) {
            int samples = Math.min(most, victim.samples());
            int warmUp = samples / 10;
            for (int i = -warmUp; i < samples; i++) {
                stop(victim, random.nextLong(victim.waitNanos()), i >= 0);
            }
        }
    }

    private static void stop(Victim victim, long waitNanos, boolean measured) throws InterruptedException {
        Execution execution = victim.source().next();
        Runner runner = new Runner(execution);
        runner.start();
        while (!runner.begun) {
            Thread.onSpinWait();
        }
        LockSupport.parkNanos(waitNanos);
        long ranBefore = THREADS.getThreadCpuTime(runner.threadId());
        long requested = System.nanoTime();
        execution.suspend();
        runner.join();
        // What had ended before the request tells nothing. What ended after it didn't stop for it: too late, as any.
        if (measured && runner.returned > requested && ranBefore >= 0) {
            System.out.println(victim.name() + "\t" + (runner.returned - requested) + "\t" + (runner.ran - ranBefore));
        }
    }
}
