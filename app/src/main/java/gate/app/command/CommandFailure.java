// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.ExitCode;

/// Ends a command with an exit code and a sentence for its user. Not a bug of ours: it has no stack trace.
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    public CommandFailure(ExitCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public ExitCode code() {
        return code;
    }
}
