// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// A function was asked for that a program can't be started with. The message is meant for whoever asked.
public final class EntryException extends Exception {
    private static final long serialVersionUID = 1L;

    EntryException(String publicText) {
        super(publicText, null, false, false);
    }

    /// What is wrong.
    public String publicText() {
        return String.valueOf(getMessage());
    }
}
