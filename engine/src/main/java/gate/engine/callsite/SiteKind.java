// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

/// What a call site is: reference 7.7.
public enum SiteKind {
    /// Before anything has run: site 0.
    ENTER,
    /// Where the start function returns to: site 1.
    START_RETURN,
    /// Where the entry function returns to: site 2.
    ENTRY_RETURN,
    /// Entry of an imported function. Resuming makes the call again.
    IMPORT_PROLOGUE,
    /// Inside the original's own code of an imported function; no stack of a stopped program has
    /// it.
    IMPORT_INSIDE,
    /// Entry of a defined function. Resuming begins it with its parameters.
    PROLOGUE,
    CALL,
    CALL_INDIRECT,
    /// A `br` or `br_if` to a loop. Resuming goes on at the loop's beginning.
    LOOP_BRANCH,
    /// A `br_table` to a loop among others, with its index on top of the operands. Resuming
    /// executes it.
    LOOP_TABLE,
    /// A set breakpoint. Resuming executes the instruction behind it.
    BREAKPOINT,
    /// An instruction that may trap, or calls the runtime. It can't be resumed.
    TRAP;

    /// Whether a frame that isn't the innermost can stand there.
    boolean isCall() {
        return this == CALL || this == CALL_INDIRECT;
    }
}
