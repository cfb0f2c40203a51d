// SPDX-License-Identifier: Apache-2.0
package gate.app;

import gate.app.command.Commands;

/// The launcher.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /// Runs a command line and returns its exit status.
    static int run(String... args) {
        int status = Commands.run(args, Streams.ofProcess());
        System.out.flush();
        return status;
    }
}
