// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// An image that no execution of the module could have left.
public final class CorruptImageException extends Exception {
    private static final long serialVersionUID = 1L;

    public CorruptImageException(String message) {
        super(message, null, false, false);
    }
}
