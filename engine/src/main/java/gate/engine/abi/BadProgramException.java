// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// A module that can't be run as a program, by the fault of whoever made it. The message is meant for them.
public final class BadProgramException extends Exception {
    private static final long serialVersionUID = 1L;

    BadProgramException(String publicText) {
        super(publicText, null, false, false);
    }

    /// What is wrong.
    public String publicText() {
        return String.valueOf(getMessage());
    }
}
