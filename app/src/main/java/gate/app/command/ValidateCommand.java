// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.PathSyntax;
import gate.app.program.ProgramFile;
import gate.engine.wasm.InvalidModuleException;
import gate.engine.wasm.MalformedModuleException;
import gate.engine.wasm.ModuleException;
import gate.engine.wasm.ModuleLimitException;
import gate.engine.wasm.UnsupportedFeatureException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `gate validate FILE...`: as core specification 7 tells "malformed" from "invalid".
final class ValidateCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addPositional(PositionalParamSpec.builder()
                        .index("0..*")
                        .paramLabel("FILE")
                        .arity("1..*")
                        .required(true)
                        .type(List.class)
                        .auxiliaryTypes(Path.class)
                        .converters(PathSyntax.converter())
                        .description("A module in the binary or the text format.")
                        .build());
    }

    @Override
    public int run(ParseResult options, Streams streams) {
        List<Path> files = options.matchedPositionalValue(0, List.of());
        ExitCode status = ExitCode.OK;
        int refused = 0;
        for (Path file : files) {
            try {
                ProgramFile.parse(ProgramFile.readBinary(file));
                streams.out().println(file + ": valid");
            } catch (ModuleException e) {
                streams.out().println(file + ": " + kind(e) + ": " + e.getMessage());
                status = status == ExitCode.OK ? ExitCode.INVALID : status;
                refused++;
            } catch (CommandFailure e) {
                streams.say(e.sentence());
                status = e.code();
            }
            streams.out().flush(); // each may take a while
        }
        if (refused > 0) {
            streams.say("not valid: " + refused + " of " + files.size() + "; standard output says why");
        }
        return status.number();
    }

    private static String kind(ModuleException e) {
        return switch (e) {
            case MalformedModuleException _ -> "malformed";
            case InvalidModuleException _ -> "invalid";
            case UnsupportedFeatureException _ -> "unsupported";
            case ModuleLimitException _ -> "too large";
        };
    }
}
