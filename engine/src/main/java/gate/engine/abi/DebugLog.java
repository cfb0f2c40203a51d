// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import java.lang.foreign.MemorySegment;

/// Where goes what a program writes to standard output and standard error.
///
/// It takes whatever it is given, and at once: a log that can't keep up drops. Whoever reads it has to
/// expect any bytes.
@FunctionalInterface
public interface DebugLog {
    /// Nobody reads it.
    DebugLog DISCARDED = bytes -> {};

    /// Takes some bytes; the segment is the program's memory and must not be used after the return.
    void write(MemorySegment bytes);
}
