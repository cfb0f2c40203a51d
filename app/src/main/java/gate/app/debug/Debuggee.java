// SPDX-License-Identifier: Apache-2.0
package gate.app.debug;

import gate.app.program.Saving;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.wasm.Module;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;

/// A program being debugged, of either profile. It stands still, unless it is in [#run]. For one thread at a
/// time, but for [#interrupt()].
public interface Debuggee extends AutoCloseable {
    /// Why it stands still.
    sealed interface Stop {
        /// It hasn't begun.
        record NotBegun() implements Stop {}

        /// Before an instruction at which it was to stop.
        record AtBreakpoint() implements Stop {}

        /// Somebody asked for it.
        record Interrupted() implements Stop {}

        /// It lacks something.
        record Lacking(String reason) implements Stop {}

        /// It can't go on: it trapped, or was ended. Where it did can still be looked at.
        record Failed(String reason) implements Stop {}

        /// It has ended by itself.
        record Ended(int exitStatus) implements Stop {}

        /// Whether it can't go on.
        default boolean isFinal() {
            return this instanceof Failed || this instanceof Ended;
        }
    }

    Module module();

    Stop stop();

    /// Has it go on until it stops before one of these instructions, or for another reason.
    Stop run(Breakpoints stops);

    /// Asks it to stop; any thread may.
    void interrupt();

    /// The call stack, innermost first; empty where there is none any more.
    List<FrameImage> frames();

    /// The values of all globals, raw.
    long[] globals();

    /// Bytes of memory 0: as many of those asked for as there are.
    byte[] memory(long address, int length);

    /// Bytes of an instance's memory 0: as many of those asked for as there are.
    static byte[] memory(Instance instance, long address, int length) {
        if (instance.memoryCount() == 0) {
            return new byte[0];
        }
        Memory memory = instance.memory(0);
        long from = Math.clamp(address, 0, memory.byteSize());
        return memory.slice(from, Math.min(memory.byteSize() - from, length)).toArray(ValueLayout.JAVA_BYTE);
    }

    /// What saves it as it stands, with breakpoints.
    ///
    /// @param breakpoints code offsets (reference 3.6), ascending
    Saving saving(List<Long> breakpoints);

    /// What having been saved has cost it, where it goes on here: a sentence for the user.
    default Optional<String> savingCost() {
        return Optional.empty();
    }

    @Override
    void close();
}
