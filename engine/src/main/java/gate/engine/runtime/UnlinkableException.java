// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// A module that can't be instantiated with the imports given: core specification 4.5.4.
public final class UnlinkableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnlinkableException(String message) {
        super(message, null, false, false);
    }
}
