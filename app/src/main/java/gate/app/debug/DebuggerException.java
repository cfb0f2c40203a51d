// SPDX-License-Identifier: Apache-2.0
package gate.app.debug;

/// A command that can't be done, with a sentence for its user.
final class DebuggerException extends Exception {
    private static final long serialVersionUID = 1L;

    DebuggerException(String sentence) {
        super(sentence, null, false, false);
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
