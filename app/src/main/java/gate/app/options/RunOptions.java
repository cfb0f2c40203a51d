// SPDX-License-Identifier: Apache-2.0
package gate.app.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/// What `gate run`, `gate resume` and `gate debug` are told.
///
/// @param file the program, or the saved program
/// @param arguments the guest's arguments after its name
/// @param directories folders the guest may use, in the order of their file descriptors
/// @param environment the guest's environment
/// @param entry the function to call; null where none is named
/// @param limits what the guest may use
/// @param stop when to stop it, and where to save it then
/// @param connections where a Gate program is connected to, beside standard input and output
/// @param services where services of other processes are that a Gate program can use
public record RunOptions(
        Path file,
        List<String> arguments,
        List<DirectoryGrant> directories,
        List<EnvironmentEntry> environment,
        @Nullable String entry,
        Limits limits,
        Stop stop,
        List<Endpoint> connections,
        List<String> services) {

    private static final String WRITTEN =
            "Times are written 250ms, 1.5s, 2m or 1h; sizes 65536, 64KiB, 100MiB or 1GiB.";

    private static final Pattern FUEL = Pattern.compile("[0-9]{1,18}");

    /// What the guest may use; null means as much as the engine's own limits allow.
    ///
    /// @param fuel executed instructions
    /// @param memoryBytes all linear memories together
    /// @param stackBytes the call stack
    public record Limits(
            @Nullable Long fuel,
            @Nullable Long memoryBytes,
            @Nullable Long stackBytes) {}

    /// When to stop the guest; null means never.
    ///
    /// @param snapshot the file to save it to
    /// @param after save it when it has run this long
    /// @param timeout it may not run longer than this
    public record Stop(
            @Nullable Path snapshot,
            @Nullable Duration after,
            @Nullable Duration timeout) {}

    public RunOptions {
        arguments = List.copyOf(arguments);
        directories = List.copyOf(directories);
        environment = List.copyOf(environment);
        connections = List.copyOf(connections);
        services = List.copyOf(services);
    }

    /// Of a program that nobody connects to, without services of other processes.
    public RunOptions(
            Path file,
            List<String> arguments,
            List<DirectoryGrant> directories,
            List<EnvironmentEntry> environment,
            @Nullable String entry,
            Limits limits,
            Stop stop) {
        this(file, arguments, directories, environment, entry, limits, stop, List.of(), List.of());
    }

    /// The options of `gate run`. What follows the file is the guest's, even if it looks like an option of
    /// ours.
    public static CommandSpec runSpec() {
        CommandSpec spec = commonSpec(
                "The program: a .wasm file, or a .wat file in the text format.",
                "Stop after N executed instructions: the same point on every machine.");
        spec.addOption(OptionSpec.builder("--invoke")
                .paramLabel("FUNCTION")
                .type(String.class)
                .description("Call this exported function instead of _start. ARGS are its parameters, and its"
                        + " results are printed. A reactor's _initialize is called first.")
                .build());
        addArguments(spec, "The program's arguments. Not for Gate programs, which have none.");
        spec.usageMessage()
                .footer(
                        "",
                        WRITTEN,
                        "Options of Gate come before FILE: what follows it is the program's, also if it begins with '-'.",
                        "",
                        "  gate run --dir texts::/texts:ro words.wasm /texts/letter.txt",
                        "  gate run --snapshot saved.wasm --after 10s primes.wasm",
                        "  gate run --invoke add library.wat 40 2");
        return spec;
    }

    /// The options of `gate resume`. A program that goes on has its arguments and its entry already; only one
    /// that has nothing left to do can be told what to call.
    public static CommandSpec resumeSpec() {
        CommandSpec spec = commonSpec(
                "A file that `gate run` or `gate resume` has saved.",
                "Stop after N more executed instructions, whatever was left; only for what was started with --fuel.");
        spec.addOption(OptionSpec.builder("--invoke")
                .paramLabel("FUNCTION")
                .type(String.class)
                .description("Call this exported function of a library that was saved with nothing left to do."
                        + " Gate's own commands save only what they stop, in the middle of a call that goes on"
                        + " when it is resumed: there it is refused.")
                .build());
        addArguments(spec, "With --invoke, the function's parameters.");
        spec.usageMessage()
                .footer(
                        "",
                        WRITTEN,
                        "Folders that the program uses are given again, under the names that it knows.",
                        "",
                        "  gate resume saved.wasm",
                        "  gate resume --dir copied::/texts:ro --timeout 1h --snapshot saved.wasm saved.wasm");
        return spec;
    }

    /// The options of `gate debug`: those of `gate run` that go with somebody who decides when it stops.
    public static CommandSpec debugSpec() {
        CommandSpec spec = guestSpec("Count executed instructions, and stop after N of them.");
        addConnections(spec);
        spec.addOption(OptionSpec.builder("--invoke")
                .paramLabel("FUNCTION")
                .type(String.class)
                .description("Call this exported function instead of _start. ARGS are its parameters.")
                .build());
        spec.addOption(single("--input", "FILE", Path.class, PathSyntax::parse)
                .description("The program's standard input, as ours is for commands. It is empty otherwise.")
                .build());
        spec.addOption(OptionSpec.builder("-c")
                .paramLabel("COMMAND")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("Do this command of the debugger, and end when all are done, or one can't be."
                        + " Repeatable. Without it, commands are read from standard input.")
                .build());
        addFile(spec, "The program: a .wasm file, a .wat file in the text format, or a saved program.");
        addArguments(spec, "The program's arguments. Not for Gate programs, which have none.");
        spec.usageMessage()
                .footer(
                        "",
                        WRITTEN,
                        "The program's output goes to standard output, and all that the debugger says to standard"
                                + " error. Its command `help` lists its commands.",
                        "",
                        "  gate debug words.wasm",
                        "  gate debug -c 'break main' -c continue -c backtrace -c locals words.wasm",
                        "  gate debug --input letter.txt words.wasm <commands.txt");
        return spec;
    }

    private static void addArguments(CommandSpec spec, String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .index("1..*")
                .paramLabel("ARGS")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(description)
                .build());
    }

    private static CommandSpec commonSpec(String description, String fuel) {
        CommandSpec spec = guestSpec(fuel);
        spec.addOption(single("--timeout", "TIME", Duration.class, DurationSyntax::parse)
                .description("Stop after this time. It is saved if there is a --snapshot.")
                .build());
        spec.addOption(single("--snapshot", "FILE", Path.class, PathSyntax::parseTarget)
                .description("When the program is stopped (Ctrl-C, SIGTERM, SIGHUP, --after, --timeout, --fuel),"
                        + " save it here and exit with code 75; `gate resume FILE` continues it. What is there is"
                        + " replaced if it is a saved program.")
                .build());
        spec.addOption(single("--after", "TIME", Duration.class, DurationSyntax::parse)
                .description("With --snapshot: save the program after this time.")
                .build());
        addConnections(spec);
        addFile(spec, description);
        return spec;
    }

    /// What every command that runs a program takes.
    private static CommandSpec guestSpec(String fuel) {
        CommandSpec spec = CommandSpec.create();
        spec.parser().stopAtPositional(true);
        spec.addOption(repeated("--dir", "HOST::GUEST[:ro]", DirectoryGrant.class, DirectoryGrant::parse)
                .description("Let the program use the folder HOST, which it calls GUEST; with :ro only for reading."
                        + " Repeatable. It sees no other files. Not for Gate programs, which have none.")
                .build());
        spec.addOption(repeated("--env", "KEY=VALUE", EnvironmentEntry.class, EnvironmentEntry::parse)
                .description(
                        "Give the program this environment variable. Repeatable. It sees no others. Not for Gate programs.")
                .build());
        spec.addOption(single("--fuel", "N", Long.class, RunOptions::parseFuel)
                .description(fuel)
                .build());
        spec.addOption(single("--max-memory", "SIZE", Long.class, SizeSyntax::parse)
                .description("How large the program's memories may be, together: memory.grow fails beyond it, and a"
                        + " program that begins with more is refused.")
                .build());
        spec.addOption(single("--max-stack", "SIZE", Long.class, SizeSyntax::parse)
                .description("Let calls trap when the call stack would pass this size.")
                .build());
        return spec;
    }

    private static void addConnections(CommandSpec spec) {
        spec.addOption(repeated("--connect", "PORT|PATH", Endpoint.class, Endpoint::parse)
                .description("For a Gate program: let others connect to it at this port of this machine, or at this"
                        + " Unix socket. Repeatable. Standard input and output are its first connection.")
                .build());
        spec.addOption(repeated("--service", "SPEC", String.class, text -> text)
                .description(
                        "For a Gate program: let it use the services of another process: unix:/PATH, HOST:PORT, or a"
                                + " command line that starts it. Repeatable. docs/services.md explains.")
                .build());
    }

    private static void addFile(CommandSpec spec, String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .paramLabel("FILE")
                .arity("1")
                .required(true)
                .type(Path.class)
                .converters(PathSyntax.converter())
                .description(description)
                .build());
    }

    /// Reads the options of a command line that fits one of the specifications above.
    ///
    /// @throws ParameterException where two options don't go together
    public static RunOptions of(ParseResult parsed) {
        Stop stop = new Stop(
                parsed.matchedOptionValue("--snapshot", null),
                parsed.matchedOptionValue("--after", null),
                parsed.matchedOptionValue("--timeout", null));
        if (stop.after() != null && stop.snapshot() == null) {
            throw new ParameterException(
                    parsed.commandSpec().commandLine(), "--after saves the program, so it needs --snapshot FILE");
        }
        Path file = parsed.matchedPositionalValue(0, Path.of(""));
        return new RunOptions(
                file,
                parsed.matchedPositionalValue(1, List.of()),
                parsed.matchedOptionValue("--dir", List.of()),
                parsed.matchedOptionValue("--env", List.of()),
                parsed.hasMatchedOption("--invoke") ? parsed.matchedOptionValue("--invoke", "") : null,
                new Limits(
                        parsed.matchedOptionValue("--fuel", null),
                        parsed.matchedOptionValue("--max-memory", null),
                        parsed.matchedOptionValue("--max-stack", null)),
                stop,
                parsed.matchedOptionValue("--connect", List.of()),
                parsed.matchedOptionValue("--service", List.of()));
    }

    private static Long parseFuel(String text) {
        if (FUEL.matcher(text).matches()) {
            long fuel = Long.parseLong(text);
            if (fuel > 0) {
                return fuel;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not an amount of fuel: write a number above 0, of at most 18 digits");
    }

    private static OptionSpec.Builder single(String name, String label, Class<?> type, Function<String, ?> parse) {
        return OptionSpec.builder(name).paramLabel(label).type(type).converters(converter(parse));
    }

    private static OptionSpec.Builder repeated(String name, String label, Class<?> type, Function<String, ?> parse) {
        return single(name, label, List.class, parse).auxiliaryTypes(type);
    }

    /// picocli shows the message of no exception but its own.
    private static ITypeConverter<?> converter(Function<String, ?> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }
}
