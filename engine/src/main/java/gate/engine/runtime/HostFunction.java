// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// A function that the embedder gives to a module as an import.
///
/// It is called on the thread that runs the [Execution]. It may throw [Trap] or [GuestExit]; any other exception
/// is the embedder's bug and leaves [Execution#run()] as it is.
@FunctionalInterface
public interface HostFunction {
    /// What became of a call.
    enum Outcome {
        /// It completed, with the results set through [HostCall#result(int, long)].
        DONE,
        /// It had no effect, because [HostCall#suspendRequested()]: the execution stops here, and the call is made
        /// again, with the same arguments, when it goes on, maybe in another process.
        AGAIN
    }

    Outcome call(HostCall call);
}
