// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

/// Somebody has asked for a stop before the program began, so there is none.
public final class StoppedEarly extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoppedEarly() {
        super("stopped before the program began", null, false, false);
    }
}
