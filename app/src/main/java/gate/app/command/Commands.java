// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.program.Text;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The list of commands, and the way from the words of a command line to one of them.
///
/// picocli is told of the chosen command only: a model of all of them costs a start 60 ms
/// (`docs/decisions/0005-why-picocli.md`).
public final class Commands {
    /// A command that can be built.
    ///
    /// @param name the word that chooses it
    /// @param summary one line for the list of commands
    record Entry(String name, String summary, Supplier<Command> command) {}

    static final List<Entry> ALL = List.of(
            new Entry("run", "Run a program, in the binary or the text format.", RunCommand::new),
            new Entry("resume", "Continue a program that was saved.", ResumeCommand::new),
            new Entry("debug", "Stop a program where you like, look into it, and step it.", DebugCommand::new),
            new Entry("inspect", "Show what a program or a saved program consists of.", InspectCommand::new),
            new Entry("validate", "Check modules against the specification.", ValidateCommand::new),
            new Entry("version", "Print the version of Gate and of the Java it runs on.", VersionCommand::new),
            new Entry("help", "Explain a command or a topic.", HelpCommand::new));

    private Commands() {}

    /// Runs the command that `args` name and returns the exit status. Nothing is thrown but errors of the JVM.
    public static int run(String[] args, Streams streams) {
        Optional<String> unreadable = Encoding.problem(args);
        if (unreadable.isPresent()) {
            streams.say(unreadable.get());
            return ExitCode.USAGE.number();
        }
        if (args.length == 0) {
            streams.say("no command was given");
            streams.err().print(HelpCommand.overview());
            return ExitCode.USAGE.number();
        }
        String name = switch (args[0]) {
            case "--help", "-h" -> "help";
            case "--version", "-V" -> "version";
            default -> args[0];
        };
        Optional<Entry> entry = find(name);
        if (entry.isEmpty()) {
            streams.say("there is no command '" + name + "'; `gate help` lists them");
            return ExitCode.USAGE.number();
        }
        return run(entry.get(), Arrays.copyOfRange(args, 1, args.length), streams);
    }

    static Optional<Entry> find(String name) {
        return ALL.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /// The command line of a command, as picocli parses and explains it.
    static CommandLine commandLine(Entry entry, Command command) {
        CommandSpec spec = command.spec();
        spec.name("gate " + entry.name());
        spec.usageMessage().description(entry.summary());
        spec.usageMessage().width(100);
        spec.usageMessage().sortOptions(false);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this and exit.")
                .build());
        return new CommandLine(spec);
    }

    private static int run(Entry entry, String[] args, Streams streams) {
        try {
            Command command = entry.command().get();
            CommandLine line = commandLine(entry, command);
            CommandLine.ParseResult options = line.parseArgs(args);
            if (options.isUsageHelpRequested()) {
                line.usage(streams.out());
                return ExitCode.OK.number();
            }
            return command.run(options, streams);
        } catch (CommandLine.ParameterException e) {
            streams.say(e.getMessage() + "; " + hint(args) + "`gate help " + entry.name() + "` explains it");
            return ExitCode.USAGE.number();
        } catch (CommandFailure e) {
            streams.say(e.sentence());
            return e.code().number();
        } catch (OutOfMemoryError e) {
            streams.say("there is not enough memory: " + e.getMessage()
                    + "; for a larger Java heap, set JDK_JAVA_OPTIONS to -Xmx4g, say");
            return ExitCode.BAD_INPUT.number();
        } catch (InternalError e) { // what the JVM makes of a mapped file that was cut off meanwhile
            streams.say("a file has changed while it was read: " + e.getMessage());
            return ExitCode.BAD_INPUT.number();
        } catch (InvalidPathException e) {
            streams.say("'" + Text.printable(e.getInput()) + "' can't be the name of a file: " + e.getReason());
            return ExitCode.USAGE.number();
        } catch (RuntimeException | Error e) { // Error: a broken installation, a call that is too deep, an assertion
            streams.say("this is our own failure, please report it with what follows");
            e.printStackTrace(streams.err());
            return ExitCode.INTERNAL.number();
        }
    }

    /// What somebody needs to know who has a file whose name looks like an option.
    private static String hint(String[] args) {
        for (String word : args) {
            if (word.equals("--")) {
                break;
            }
            if (word.startsWith("-") && (word.endsWith(".wat") || word.endsWith(".wasm")) && !word.contains("=")) {
                return "a file whose name begins with '-' is written ./" + word + "; ";
            }
        }
        return "";
    }
}
