// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import org.jspecify.annotations.Nullable;

/// A host call's view of its caller: arguments, results, memory, and the wish that it end soon.
///
/// Valid until the host function returns, and for the thread that it runs on. Values are raw: an `i32` is
/// sign-extended, an `f32` is its bits in the low half, a reference is the engine's handle, null is 0.
public interface HostCall {
    long argument(int index);

    default int i32(int index) {
        return (int) argument(index);
    }

    void result(int index, long value);

    /// The calling instance's memory 0, or null where it has none.
    @Nullable
    Memory memory();

    /// The calling instance.
    Instance instance();

    /// Someone has called [Execution#suspend()]. A host function that waits returns AGAIN then, or what it has done
    /// so far where short counts are allowed.
    boolean suspendRequested();

    /// What [Execution#suspend()] runs, on its caller's thread, to end a wait of this call; it must be quick and
    /// must not throw. Set it before waiting, look at [#suspendRequested()] after setting it, and set null after
    /// the wait.
    void wakeWith(@Nullable Runnable wake);
}
