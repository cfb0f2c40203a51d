// SPDX-License-Identifier: Apache-2.0
package gate.app;

import gate.app.command.Commands;
import gate.app.program.Leftovers;
import java.util.Optional;

/// The launcher.
public final class Main {
    private Main() {}

    /// Ends the process without `System.exit`, which sets up the JDK's logging just to log that it was
    /// called, and which nothing here needs: what a shutdown hook would do has been done.
    public static void main(String[] args) {
        int status = run(args);
        System.err.flush();
        Leftovers.halt(status);
    }

    /// Runs a command line and returns its exit status.
    static int run(String... args) {
        StandardOutput out = StandardOutput.open();
        Streams streams = new Streams(out.stream(), System.err);
        int status = Commands.run(args, streams);
        Optional<String> lost = out.lost();
        if (lost.isEmpty()) {
            return status;
        }
        streams.say("standard output can't be written: " + lost.get());
        return ExitCode.LOST_OUTPUT.number();
    }
}
