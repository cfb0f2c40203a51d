// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// A run of guest code that can be stopped and continued.
public final class Execution {
    /// Frames that a trap carries at most.
    public static final int TRACE_FRAMES_MAX = 64;

    private volatile boolean suspendRequested;

    Execution() {}

    boolean suspendRequested() {
        return suspendRequested;
    }

    /// Runs.
    public void run() {}

    /// Asks the guest to stop; any thread may call it.
    public void suspend() {
        suspendRequested = true;
    }
}
