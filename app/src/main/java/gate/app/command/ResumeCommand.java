// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.Streams;
import gate.app.instance.GateGuest;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.SnapshotFile;
import gate.engine.abi.AbiImports;
import gate.engine.snapshot.Snapshot;
import gate.executor.host.instance.Program;
import gate.executor.host.wasi.WasiWorld;
import java.lang.foreign.Arena;
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
        WasiWorld world = Guest.world(options.directories());
        try (Arena arena = Arena.ofShared()) {
            Snapshot snapshot = Guest.readSaved(options, arena);
            if (AbiImports.isProgram(snapshot.module())) {
                return GuestRun.of(
                        stopping -> GateGuest.of(options, () -> Program.of(snapshot), stopping, streams),
                        options,
                        file,
                        streams);
            }
            GateGuest.refuseFor(options);
            return GuestRun.of(_ -> Guest.resumed(options, snapshot, world), options, file, streams);
        }
    }
}
