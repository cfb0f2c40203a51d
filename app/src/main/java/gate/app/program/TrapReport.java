// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.app.Streams;
import gate.engine.runtime.Execution;
import gate.engine.runtime.StackFrame;
import java.util.List;

/// What is said of a program that has trapped.
public final class TrapReport {
    private TrapReport() {}

    /// @param frames innermost first
    public static void print(Streams streams, String reason, List<StackFrame> frames) {
        streams.say("the program trapped: " + reason);
        for (StackFrame frame : frames) {
            streams.err().println("  at " + frame);
        }
        if (frames.size() == Execution.TRACE_FRAMES_MAX) {
            streams.err().println("  ...");
        }
    }
}
