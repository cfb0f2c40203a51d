// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// Stops at every suspend point, which no other thread could do by calling [Execution#suspend()] in time.
public final class SuspendPoints {
    private SuspendPoints() {}

    /// Makes the next run stop at the suspend point after the one at which the execution stands.
    public static void stopAtNext(Execution execution) {
        execution.machine.atLabel = false;
        execution.suspend();
    }

    /// Whether a run with a suspend request would get anywhere: initialisation stops before its first step.
    public static boolean isInitialised(Execution execution) {
        return execution.initialised() < 0;
    }
}
