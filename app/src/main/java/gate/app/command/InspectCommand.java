// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.inspect.Inspection;
import gate.app.options.PathSyntax;
import gate.app.program.ProgramFile;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.ModuleException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `gate inspect [--json] FILE`.
final class InspectCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(OptionSpec.builder("--json")
                        .description("As JSON, with nothing left out.")
                        .build())
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .paramLabel("FILE")
                        .arity("1")
                        .required(true)
                        .type(Path.class)
                        .converters(PathSyntax.converter())
                        .description("A module in the binary or the text format, or a saved program.")
                        .build());
    }

    @Override
    public int run(ParseResult options, Streams streams) {
        Path file = options.matchedPositionalValue(0, Path.of(""));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = ProgramFile.map(file, arena);
            Inspection inspection = Snapshot.isSnapshot(bytes)
                    ? Inspection.of(Snapshot.read(bytes, Feature.allSupported(), Limits.DEFAULT), bytes.byteSize())
                    : Inspection.of(ProgramFile.readModule(file), bytes.byteSize());
            if (options.hasMatchedOption("--json")) {
                inspection.json(file.toString(), streams.out());
            } else {
                inspection.text(file.toString(), streams.out());
            }
            return ExitCode.OK.number();
        } catch (InternalError e) {
            throw ProgramFile.changed(file);
        } catch (ModuleException e) {
            throw ProgramFile.notAModule(file, e);
        } catch (CorruptSnapshotException e) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT, file + " is a saved program that is broken: " + e.getMessage());
        }
    }
}
