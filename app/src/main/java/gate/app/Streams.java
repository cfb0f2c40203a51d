// SPDX-License-Identifier: Apache-2.0
package gate.app;

import java.io.PrintStream;

/// Where a command writes: what was asked for, and everything else.
public record Streams(PrintStream out, PrintStream err) {
    /// A message for the person at the terminal.
    public void say(String message) {
        err.println("gate: " + message);
    }
}
