// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// Where a guest's time comes from. Nanoseconds everywhere.
public interface WasiClocks {
    /// Since 1970, in UTC.
    long realtimeNanos();

    /// Since any moment; never goes back. The guest sees it moved so that it goes on where it was when the guest was
    /// saved.
    long monotonicNanos();

    /// What this process, or the guest, has used of a processor; never goes back.
    long cpuNanos();

    /// The smallest step of the clocks.
    default long resolutionNanos() {
        return 1;
    }

    /// Waits until `alarm` rings, or at most so long; may return early.
    void pause(Alarm alarm, long nanosAtMost);

    /// The host's own clocks.
    static WasiClocks system() {
        return SystemClocks.INSTANCE;
    }
}
