// SPDX-License-Identifier: Apache-2.0
package gate.app;

/// Ends a command with an exit code and a sentence for its user. Not a bug of ours: it has no stack trace.
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final String sentence;

    public CommandFailure(ExitCode code, String sentence) {
        super(sentence, null, false, false);
        this.code = code;
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }

    public ExitCode code() {
        return code;
    }
}
