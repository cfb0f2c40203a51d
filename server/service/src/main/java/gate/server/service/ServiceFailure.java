// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

/// A service can't go on, and that is not the program's fault. It ends the program: KILLED with cause
/// INTERNAL.
public final class ServiceFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param text public
    public ServiceFailure(String text) {
        super(text);
    }

    /// @param text public
    /// @param cause not public
    public ServiceFailure(String text, Throwable cause) {
        super(text, cause);
    }

    /// The public text.
    public String text() {
        return String.valueOf(getMessage());
    }
}
