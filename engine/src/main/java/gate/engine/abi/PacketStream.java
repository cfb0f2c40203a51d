// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import java.lang.foreign.MemorySegment;

/// The program's end of the packet channel (descriptor 4): a stream of bytes in each direction, which knows
/// nothing of the packets in it.
///
/// Called by the thread that runs the program; [#wake()] by any.
public interface PacketStream {
    /// Takes bytes out of the channel; doesn't wait. The segment is the program's memory and must not be
    /// used after the return.
    ///
    /// @return how many, from the segment's beginning; 0 where none are there
    int read(MemorySegment into);

    /// Puts bytes into the channel; doesn't wait. A segment can be as large as the program's memory: what
    /// is taken of it is bounded here.
    ///
    /// @return how many, from the segment's beginning; 0 where there is no room
    int write(MemorySegment from);

    /// Whether [#read] would give something.
    boolean readable();

    /// Whether [#write] would take something.
    boolean writable();

    /// Whether a wait without an end, for the channel to become readable or, if that is wanted, writable, is
    /// left to the embedder: the program stops then as for
    /// [gate.engine.runtime.HostFunction.Outcome#AGAIN], and the embedder runs it again when there is
    /// something to do. So a program that waits holds no thread.
    default boolean defers(boolean writable) {
        return false;
    }

    /// Waits until the channel is readable, if that is wanted, or writable, if that is wanted, or so much
    /// time has passed. May return early.
    ///
    /// @param nanosAtMost more than 0; `Long.MAX_VALUE` means without an end
    void await(boolean readable, boolean writable, long nanosAtMost);

    /// Ends [#await], or where none is in progress the next one, at once: as `LockSupport.unpark` does.
    /// Quick; doesn't throw.
    void wake();
}
