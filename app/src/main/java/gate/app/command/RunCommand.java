// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.instance.GateGuest;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.SnapshotFile;
import gate.engine.abi.AbiImports;
import gate.engine.wasm.Module;
import gate.executor.host.instance.Program;
import gate.executor.host.wasi.WasiWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `gate run`.
final class RunCommand implements Command {
    @Override
    public CommandSpec spec() {
        return RunOptions.runSpec();
    }

    @Override
    public int run(ParseResult parsed, Streams streams) {
        RunOptions options = RunOptions.of(parsed);
        refuseToReplaceTheProgram(options);
        @Nullable SnapshotFile file = GuestRun.snapshotFile(options);
        WasiWorld world = Guest.world(options.directories());
        Module module = Guest.readUnsaved(options);
        if (AbiImports.isProgram(module)) {
            return GuestRun.of(
                    stopping -> GateGuest.of(options, () -> Program.of(module), stopping, streams),
                    options,
                    file,
                    streams);
        }
        GateGuest.refuseFor(options);
        return GuestRun.of(_ -> Guest.of(options, module, world), options, file, streams);
    }

    private static void refuseToReplaceTheProgram(RunOptions options) {
        Path named = options.stop().snapshot();
        try {
            if (named != null && Files.isSameFile(named, options.file())) {
                throw new CommandFailure(
                        ExitCode.USAGE, "--snapshot " + named + " is the program itself, which saving would replace");
            }
        } catch (IOException e) {
            // One of them isn't there, or can't be read, which is said where it matters.
        }
    }
}
