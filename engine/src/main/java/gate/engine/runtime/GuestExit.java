// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// Thrown by a host function to end the guest as the guest asked (WASI's `proc_exit`). It has no Java stack trace.
public final class GuestExit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /// @param status the guest's exit status, all 32 bits of it
    public GuestExit(int status) {
        super("exit status " + Integer.toUnsignedString(status), null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
