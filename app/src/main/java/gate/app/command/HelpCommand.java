// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `gate help [COMMAND | exit-codes]`.
final class HelpCommand implements Command {
    private static final String EXIT_CODES = "exit-codes";

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("TOPIC")
                        .arity("0..1")
                        .type(String.class)
                        .description("A command, or " + EXIT_CODES + ".")
                        .build());
    }

    @Override
    public int run(ParseResult options, Streams streams) {
        List<String> topics = options.matchedPositionals().stream()
                .<String>map(position -> position.getValue())
                .toList();
        if (topics.isEmpty()) {
            streams.out().print(overview());
            return ExitCode.OK.number();
        }
        String topic = topics.getFirst();
        if (topic.equals(EXIT_CODES)) {
            streams.out().print(exitCodes());
            return ExitCode.OK.number();
        }
        Optional<Commands.Entry> entry = Commands.find(topic);
        if (entry.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "there is no command or topic '" + topic + "'; `gate help` lists them");
        }
        Commands.commandLine(entry.get(), entry.get().command().get()).usage(streams.out());
        return ExitCode.OK.number();
    }

    /// What `gate` can do, on one screen.
    static String overview() {
        StringBuilder text = new StringBuilder("""
                Gate for the JVM runs WebAssembly programs that can be stopped anywhere, saved to a file
                and continued elsewhere.

                Usage: gate COMMAND [OPTIONS] ...

                """);
        for (Commands.Entry entry : Commands.ALL) {
            text.append(String.format("  %-10s %s%n", entry.name(), entry.summary()));
        }
        return text.append("""

                `gate help COMMAND` explains one. `gate help exit-codes` lists the exit codes.
                Times are written 250ms, 1.5s, 2m; sizes 64KiB, 1GiB.
                """).toString();
    }

    private static String exitCodes() {
        StringBuilder text = new StringBuilder("The guest's exit status is the command's. Besides:\n\n");
        for (ExitCode code : ExitCode.values()) {
            text.append(String.format("  %3d  %s%n", code.number(), code.meaning()));
        }
        return text.append("""

                A guest may end with any of these numbers itself: a line on standard error that begins
                with `gate:` is there only when the status is ours.
                """).toString();
    }
}
