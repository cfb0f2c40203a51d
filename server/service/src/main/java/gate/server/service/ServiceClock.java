// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import java.util.concurrent.TimeUnit;

/// Time for services, which tests can replace.
public interface ServiceClock {
    /// Counts on, from anywhere.
    long nanoTime();

    /// Does something later, in a thread of its own.
    ///
    /// @return what cancels it; it does nothing when it is too late
    Runnable after(long nanos, Runnable task);

    /// The system's, with a virtual thread for each task.
    static ServiceClock system() {
        return new ServiceClock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public Runnable after(long nanos, Runnable task) {
                var sleeper = new Object() {
                    private boolean awake;

                    private void run() {
                        try {
                            TimeUnit.NANOSECONDS.sleep(nanos);
                        } catch (InterruptedException e) {
                            return;
                        }
                        synchronized (this) {
                            if (Thread.interrupted()) {
                                return;
                            }
                            awake = true;
                        }
                        task.run();
                    }

                    private synchronized void cancel(Thread thread) {
                        if (!awake) {
                            thread.interrupt();
                        }
                    }
                };
                Thread thread = Thread.ofVirtual().name("service-timer").start(sleeper::run);
                return () -> sleeper.cancel(thread);
            }
        };
    }
}
