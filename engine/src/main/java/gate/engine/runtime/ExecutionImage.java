// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.List;

/// What an execution that isn't running has still to do, as data. Memories, tables and globals are the instance's.
///
/// @param initialised segments copied so far where the instance is still being initialised, else -1
/// @param initialisedPart elements or bytes copied of the next segment
/// @param entry the function whose call is in progress; -1 for none
/// @param frames outermost first; empty where no call is in progress
/// @param pending calls to be made after that
/// @param counting whether fuel is counted
/// @param fuelUsed instructions executed
/// @param fuelLeft instructions that may still be executed
public record ExecutionImage(
        int initialised,
        int initialisedPart,
        int entry,
        List<FrameImage> frames,
        List<PendingCall> pending,
        boolean counting,
        long fuelUsed,
        long fuelLeft) {
    /// A call waiting for its turn.
    ///
    /// @param arguments raw
    public record PendingCall(int function, long[] arguments) {}

    /// Whether there is nothing to go on with: no call in progress or waiting, and no initialisation.
    public boolean isIdle() {
        return initialised < 0 && entry < 0 && pending.isEmpty();
    }

    /// The same but for the call stack.
    public ExecutionImage withoutFrames() {
        return new ExecutionImage(
                initialised, initialisedPart, entry, List.of(), pending, counting, fuelUsed, fuelLeft);
    }

    public ExecutionImage {
        frames = List.copyOf(frames);
        pending = List.copyOf(pending);
    }
}
