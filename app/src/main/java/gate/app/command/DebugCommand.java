// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.debug.Debuggee;
import gate.app.debug.GateDebuggee;
import gate.app.debug.Session;
import gate.app.debug.WasiDebuggee;
import gate.app.instance.GateGuest;
import gate.app.instance.StandardStreams;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.Leftovers;
import gate.app.program.ProgramFile;
import gate.app.program.StoppedEarly;
import gate.app.program.Stopping;
import gate.app.program.Terminal;
import gate.engine.abi.AbiImports;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.Module;
import gate.executor.host.instance.Program;
import gate.executor.host.wasi.StreamInput;
import gate.executor.host.wasi.WasiWorld;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `gate debug`. Commands come from `-c` or from standard input, so that the program has another input.
final class DebugCommand implements Command {
    @Override
    public CommandSpec spec() {
        return RunOptions.debugSpec();
    }

    @Override
    public int run(ParseResult parsed, Streams streams) {
        RunOptions options = RunOptions.of(parsed);
        List<String> commands = parsed.matchedOptionValue("-c", List.of());
        Stopping stopping = new Stopping();
        StopRequests requests = new StopRequests(stopping::stop, () -> end(ExitCode.INTERRUPTED, streams));
        try (InputStream file = input(parsed.matchedOptionValue("--input", null));
                Arena arena = Arena.ofShared();
                Signals _ = Signals.handle(requests)) {
            Debugged debugged = prepare(options, StreamInput.pumped(file), arena, stopping, streams);
            try (Debuggee debuggee = debugged.debuggee) {
                stopping.running(debuggee::interrupt);
                return session(debuggee, debugged.kept, commands, requests, streams);
            }
        } catch (StoppedEarly e) {
            return GuestRun.early(requests.reason(), streams);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.NO_INPUT, "--input can't be closed: " + e.getMessage());
        }
    }

    /// @param kept breakpoints that it was saved with
    private record Debugged(Debuggee debuggee, List<Long> kept) {}

    private static Debugged prepare(
            RunOptions options, StreamInput input, Arena arena, Stopping stopping, Streams streams) {
        WasiWorld world = Guest.world(options.directories()).withInput(input);
        if (Snapshot.isSnapshot(ProgramFile.map(options.file(), arena))) {
            Snapshot snapshot = Guest.readSaved(options, arena);
            List<Long> kept = snapshot.info().breakpoints();
            if (AbiImports.isProgram(snapshot.module())) {
                return new Debugged(gate(options, () -> Program.of(snapshot), input, stopping, streams), kept);
            }
            GateGuest.refuseFor(options);
            Guest restored = Guest.restored(options, snapshot, world);
            return new Debugged(WasiDebuggee.saved(restored, snapshot.info(), streams.out()), kept);
        }
        Module module = Guest.readUnsaved(options);
        if (AbiImports.isProgram(module)) {
            return new Debugged(gate(options, () -> Program.of(module), input, stopping, streams), List.of());
        }
        GateGuest.refuseFor(options);
        return new Debugged(WasiDebuggee.of(Guest.of(options, module, world), streams.out()), List.of());
    }

    private static Debuggee gate(
            RunOptions options, GateGuest.ProgramMaker maker, StreamInput input, Stopping stopping, Streams streams) {
        StandardStreams standard = StandardStreams.withInput(input);
        return new GateDebuggee(GateGuest.debugged(options, maker, standard, stopping, streams));
    }

    private static InputStream input(@Nullable Path file) {
        if (file == null) {
            return InputStream.nullInputStream();
        }
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.NO_INPUT, "--input " + file + " can't be read: " + e.getMessage());
        }
    }

    private static int session(
            Debuggee debuggee, List<Long> kept, List<String> commands, StopRequests requests, Streams streams) {
        Prompt prompt = new Prompt(new Session(debuggee, kept, streams), requests, streams);
        if (!commands.isEmpty()) {
            return prompt.script(commands);
        }
        return prompt.read(new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())));
    }

    /// From a signal's thread, with the program in whatever state.
    private static void end(ExitCode code, Streams streams) {
        streams.err().flush();
        Leftovers.halt(code.number());
    }

    /// Takes commands and gives them to a session.
    private record Prompt(Session session, StopRequests requests, Streams streams) {
        private static final String SIGN = "(gate) ";

        int script(List<String> commands) {
            begin();
            for (String command : commands) {
                streams.err().println(SIGN + command);
                switch (command(command)) {
                    case DONE -> {}
                    case FAILED -> {
                        return ExitCode.USAGE.number();
                    }
                    case QUIT -> {
                        return session.exitStatus();
                    }
                }
            }
            return session.exitStatus();
        }

        int read(BufferedReader lines) {
            boolean person = Terminal.isStandardInput();
            begin();
            if (person) {
                streams.err().println("`help` lists the commands");
            }
            try {
                while (true) {
                    if (person) {
                        streams.err().print(SIGN);
                        streams.err().flush();
                    }
                    String line = lines.readLine();
                    if (line == null) {
                        return session.exitStatus();
                    }
                    if (!person) {
                        streams.err().println(SIGN + line);
                    }
                    Session.Outcome outcome = command(line);
                    if (outcome == Session.Outcome.FAILED && !person) {
                        return ExitCode.USAGE.number();
                    }
                    if (outcome == Session.Outcome.QUIT) {
                        return session.exitStatus();
                    }
                }
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.NO_INPUT, "commands can't be read: " + e.getMessage());
            }
        }

        private void begin() {
            ready();
            session.begin();
        }

        private Session.Outcome command(String line) {
            ready();
            return session.command(line);
        }

        /// A Ctrl-C that came before is over; from SIGTERM on there is nobody to tell.
        private void ready() {
            if (requests.isStopping()) {
                requests.goOn(StopReason.INTERRUPT);
            }
            requests.onTerminate(() -> end(ExitCode.TERMINATED, streams));
        }
    }
}
