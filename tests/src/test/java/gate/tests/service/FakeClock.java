// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import gate.server.service.ServiceClock;
import java.util.ArrayList;
import java.util.List;

/// Time that tests let pass.
final class FakeClock implements ServiceClock {
    private record Task(long time, Runnable work) {}

    private final List<Task> tasks = new ArrayList<>();
    private long now;

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Runnable after(long nanos, Runnable work) {
        Task task = new Task(now + nanos, work);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    synchronized int tasks() {
        return tasks.size();
    }

    void passMillis(long millis) {
        List<Task> due = new ArrayList<>();
        synchronized (this) {
            now += millis * 1_000_000;
            tasks.removeIf(task -> task.time <= now && due.add(task));
        }
        due.forEach(task -> task.work.run());
    }
}
