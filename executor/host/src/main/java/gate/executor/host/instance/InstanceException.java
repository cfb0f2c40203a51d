// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

/// What was asked for can't be done, by the fault of whoever asked. The message is public.
public final class InstanceException extends Exception {
    private static final long serialVersionUID = 1L;

    /// Whose fault.
    public enum Kind {
        /// The module or saved program can't be run.
        BAD_PROGRAM,
        /// What was named doesn't exist.
        NOT_FOUND,
        /// The instance isn't in a state for it.
        CONFLICT
    }

    private final Kind kind;

    InstanceException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    static InstanceException badProgram(String message) {
        return new InstanceException(Kind.BAD_PROGRAM, message);
    }

    static InstanceException notFound(String message) {
        return new InstanceException(Kind.NOT_FOUND, message);
    }

    static InstanceException conflict(String message) {
        return new InstanceException(Kind.CONFLICT, message);
    }

    public Kind kind() {
        return kind;
    }
}
