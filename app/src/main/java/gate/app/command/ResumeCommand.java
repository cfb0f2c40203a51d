// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.Streams;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.SnapshotFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `gate resume`.
final class ResumeCommand implements Command {
    @Override
    public CommandSpec spec() {
        return RunOptions.resumeSpec();
    }

    @Override
    public int run(ParseResult parsed, Streams streams) {
        RunOptions options = RunOptions.of(parsed);
        @Nullable SnapshotFile file = GuestRun.snapshotFile(options);
        try (Guest guest = Guest.resumed(options, Guest.world(options.directories()))) {
            return GuestRun.of(guest, options, file, streams);
        }
    }
}
