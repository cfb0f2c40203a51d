// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

/// A breakpoint that hits no instruction: reference 3.6.
public final class BreakpointException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long breakpoint;

    BreakpointException(long breakpoint) {
        super("breakpoint could not be set at offset 0x" + Long.toHexString(breakpoint), null, false, false);
        this.breakpoint = breakpoint;
    }

    public long breakpoint() {
        return breakpoint;
    }
}
