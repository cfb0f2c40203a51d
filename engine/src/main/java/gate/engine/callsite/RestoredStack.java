// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.runtime.ExecutionImage;

/// What a portable stack says.
///
/// @param image frames, and calls to be made after them; without fuel counting, for an instance
///     that is initialised
/// @param entries which function is the start function, where it hasn't ended, and which the entry;
///     -1 where the stack doesn't say
/// @param innermost the site at which the program stands
public record RestoredStack(ExecutionImage image, Entries entries, Site innermost) {
    /// Whether it can go on from there. A stack at a trap has values in the place of operands that
    /// were in registers: it is for looking at.
    public boolean resumable() {
        return innermost.kind() != SiteKind.TRAP;
    }
}
