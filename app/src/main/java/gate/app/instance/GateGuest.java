// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.Stoppable;
import gate.app.program.TrapReport;
import gate.engine.abi.AbiPolicy;
import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.Memory;
import gate.engine.runtime.StackFrame;
import gate.engine.runtime.StoreOptions;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.InstancePolicy;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.LineLog;
import gate.executor.host.instance.Program;
import gate.server.service.Registry;
import gate.server.service.ServiceClock;
import gate.server.service.ServiceConnector;
import gate.server.service.ServiceContext;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.builtin.RandomBytes;
import gate.server.service.origin.OriginOptions;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A program of the `gate` profile on a user's own machine, with its services and connections.
public final class GateGuest implements Stoppable, AutoCloseable {
    private static final int WORD_BYTES = 8;

    /// Connections of one program at a time, waiting ones included.
    private static final int CONNECTIONS_MAX = 1000;

    private static final int ORIGIN_BUFFER_BYTES = 32_768;

    /// Makes the instance, which runs at once if it isn't to be suspended.
    private interface Start {
        GateInstance launch() throws InstanceException;
    }

    private final RunOptions options;
    private final InstanceHost host;
    private final Start start;
    private final Connections connections;
    private final ServiceConnector.Connected external;
    private volatile @Nullable GateInstance instance;
    /// [#suspend()] has been called.
    private volatile boolean stopWanted;

    private GateGuest(
            RunOptions options,
            InstanceHost host,
            Start start,
            Connections connections,
            ServiceConnector.Connected external) {
        this.options = options;
        this.host = host;
        this.start = start;
        this.connections = connections;
        this.external = external;
    }

    /// A program that begins, or goes on, with [#run(Streams)].
    ///
    /// @throws CommandFailure where it can't be run, or nobody can connect to it, or services aren't there
    public static GateGuest of(RunOptions options, ProgramMaker maker, Streams streams) {
        return of(options, maker, StandardStreams.system(), Launch.Beginning.AT_ONCE, streams);
    }

    /// A program that stands at its start, or where it was saved, until a debugger has it go on.
    ///
    /// @throws CommandFailure where it can't be run, or nobody can connect to it
    public static GateGuest debugged(
            RunOptions options, ProgramMaker maker, StandardStreams standard, Streams streams) {
        GateGuest guest = of(options, maker, standard, Launch.Beginning.DEBUGGED, streams);
        try {
            guest.launch();
            return guest;
        } catch (CommandFailure e) {
            guest.close();
            throw e;
        }
    }

    private static GateGuest of(
            RunOptions options,
            ProgramMaker maker,
            StandardStreams standard,
            Launch.Beginning beginning,
            Streams streams) {
        refuseWasiOptions(options);
        Registry shared = new Registry();
        // What has been opened is closed again where the next step fails.
        Deque<Runnable> opened = new ArrayDeque<>();
        try {
            ServiceConnector.Connected external = ExternalServices.connect(options.services(), shared);
            opened.push(external::close);
            InstanceHost host = InstanceHost.system(Guest.memoryBackend());
            opened.push(host::close);
            String name = String.valueOf(options.file().getFileName());
            SessionServices services = services(name, shared);
            Connections connections = Connections.open(services, standard, options.connections(), streams);
            opened.push(connections::close);
            LineLog log = new LineLog(line -> {
                streams.err().write(line, 0, line.length);
                streams.err().flush();
            });
            String function = options.entry() == null ? "" : options.entry();
            Launch launch = new Launch(name, function, beginning, false, policy(options), fuel(options), log);
            Start start = () -> GateInstance.launch(host, services, maker.make(), launch);
            opened.clear();
            return new GateGuest(options, host, start, connections, external);
        } finally {
            opened.forEach(Runnable::run);
        }
    }

    private GateInstance launch() {
        try {
            GateInstance launched = start.launch();
            instance = launched;
            return launched;
        } catch (InstanceException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, options.file() + ": " + e.getMessage());
        } catch (OutOfMemoryError e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, options.file() + ": there is no memory for it");
        }
    }

    private static SessionServices services(String name, Registry shared) {
        return new SessionServices(
                name,
                new ProgramServices.Options(
                        shared,
                        new OriginOptions(ORIGIN_BUFFER_BYTES, CONNECTIONS_MAX),
                        RandomBytes.BITS_PER_MINUTE,
                        ServiceClock.system()),
                new ServiceContext("local", UUID.randomUUID().toString()));
    }

    /// What only programs of this profile have.
    ///
    /// @throws CommandFailure where another one is to have it
    public static void refuseFor(RunOptions options) {
        if (!options.services().isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE, options.file() + " is no Gate program: --service can't be given to it");
        }
    }

    /// Makes the program to be run.
    public interface ProgramMaker {
        Program make() throws InstanceException;
    }

    private static void refuseWasiOptions(RunOptions options) {
        String refused = !options.directories().isEmpty()
                ? "--dir"
                : !options.environment().isEmpty()
                        ? "--env"
                        : !options.arguments().isEmpty()
                                ? "'" + options.arguments().getFirst() + "'"
                                : null;
        if (refused != null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    options.file() + " is a Gate program, which has no arguments, variables or files: " + refused
                            + " can't be given to it");
        }
    }

    /// One's own program on one's own machine may use what there is; its clocks are as fine as the machine's.
    private static InstancePolicy policy(RunOptions options) {
        Long stack = options.limits().stackBytes();
        return new InstancePolicy(
                Guest.memoryPages(options, Memory.PAGES_MAX),
                stack == null
                        ? StoreOptions.DEFAULT.stackWords()
                        : Math.clamp(stack / WORD_BYTES, 1, StoreOptions.STACK_WORDS_MAX),
                new AbiPolicy(1, AbiPolicy.DEFAULT.randomBytes()));
    }

    private static OptionalLong fuel(RunOptions options) {
        Long fuel = options.limits().fuel();
        return fuel == null ? OptionalLong.empty() : OptionalLong.of(fuel);
    }

    /// Of a program that has begun, or is debugged.
    public GateInstance instance() {
        return Objects.requireNonNull(instance);
    }

    /// When a run has begun.
    public void connectStandardStreams() {
        connections.connectStandardStreams();
    }

    @Override
    public Stretch run(Streams streams) {
        try {
            GateInstance running = instance;
            if (running == null) {
                running = launch();
                if (stopWanted) {
                    running.suspend();
                }
            } else {
                running.resume("");
            }
            connections.connectStandardStreams();
            Status status = running.await();
            return ended(status, streams);
        } catch (InstanceException e) {
            throw new CommandFailure(ExitCode.INTERNAL, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERNAL, "interrupted");
        }
    }

    private Stretch ended(Status status, Streams streams) {
        return switch (status.state()) {
            case HALTED, TERMINATED -> new Stretch.Ended(status.result());
            case SUSPENDED -> suspended(status, streams);
            default -> killed(status, streams);
        };
    }

    private Stretch suspended(Status status, Streams streams) {
        String saved = "; with --snapshot FILE it could go on from there";
        return switch (status.cause()) {
            case NORMAL -> instance().isOutOfFuel() ? Guest.outOfFuel() : new Stretch.Stopped();
            case CALL_STACK_EXHAUSTED -> {
                TrapReport.print(streams, "call stack exhausted", instance().trace());
                yield new Stretch.Lacking(
                        "its call stack is full",
                        "`gate resume --max-stack SIZE ",
                        "--max-stack SIZE gives it a larger call stack",
                        ExitCode.TRAP);
            }
            case ABI_DEFICIENCY ->
                new Stretch.Lacking(
                        "it asked for what isn't supported (" + status.error() + ")",
                        "`gate resume ",
                        "it asked for what isn't supported (" + status.error() + ")" + saved,
                        ExitCode.TRAP);
            default ->
                new Stretch.Lacking(
                        "it came to a breakpoint", "`gate debug ", "it came to a breakpoint" + saved, ExitCode.TRAP);
        };
    }

    private Stretch killed(Status status, Streams streams) {
        if (status.cause() == Cause.INTERNAL) {
            throw new CommandFailure(ExitCode.INTERNAL, "the program was ended: " + status.error());
        }
        List<StackFrame> trace = instance().trace();
        String reason = status.cause() == Cause.ABI_VIOLATION
                ? "it broke a rule of the packet protocol: " + status.error()
                : status.cause().text().toLowerCase(Locale.ROOT).replace('_', ' ');
        TrapReport.print(streams, reason, trace);
        return new Stretch.Ended(ExitCode.TRAP.number());
    }

    @Override
    public void suspend() {
        stopWanted = true;
        GateInstance running = instance;
        if (running != null) {
            running.suspend();
        }
    }

    @Override
    public void write(WritableByteChannel out) throws IOException {
        try {
            instance().snapshot(out);
        } catch (InstanceException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        connections.close();
        GateInstance launched = instance;
        if (launched != null && launched.status().state() != State.NONEXISTENT) {
            launched.close();
        }
        host.close();
        external.close();
    }
}
