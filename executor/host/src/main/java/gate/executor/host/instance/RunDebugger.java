// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.Execution;
import java.util.Optional;

/// Watches one run of an instance. At its stops the program stands still while its services and connections go on,
/// which a suspension would end. Its methods are called on the run's own thread.
public interface RunDebugger {
    /// Whether it is to stand still though it is at no breakpoint: asked after [GateInstance#pause()].
    boolean wantsIt();

    /// The program stands still until this returns; it may be looked at by the thread that this hands it to.
    ///
    /// @return where it is to stop next; empty where the run is to end here, with the program suspended
    Optional<Breakpoints> stopped(Execution execution) throws InterruptedException;
}
