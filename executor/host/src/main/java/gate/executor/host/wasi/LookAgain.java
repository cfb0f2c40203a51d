// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// When to look again at something that can't tell by itself that it has changed: soon at first, then ever
/// later.
final class LookAgain {
    private static final long FIRST_NANOS = 50_000;

    /// As late as this a change is noticed; as often as this a waiting guest makes a system call.
    private static final long MOST_NANOS = 10_000_000;

    private long next = FIRST_NANOS;

    long nanos() {
        long now = next;
        next = Math.min(2 * now, MOST_NANOS);
        return now;
    }
}
