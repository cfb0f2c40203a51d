// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.Streams;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// One command of the command line.
interface Command {
    /// Its options and operands, for picocli. Built only when this command is run or explained.
    CommandSpec spec();

    /// Runs it and returns the exit status.
    ///
    /// @throws CommandFailure where the user should see one sentence
    int run(ParseResult options, Streams streams);
}
