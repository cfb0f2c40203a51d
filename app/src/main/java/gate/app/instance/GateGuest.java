// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.Leftovers;
import gate.app.program.Stoppable;
import gate.app.program.StoppedEarly;
import gate.app.program.Stopping;
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
import gate.server.service.ServiceContext;
import gate.server.service.builtin.Echo;
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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A program of the `gate` profile on a user's own machine, with its services and connections.
public final class GateGuest implements Stoppable {
    private static final int WORD_BYTES = 8;

    private static final int ORIGIN_BUFFER_BYTES = 32_768;

    /// How failures of services are told, other than our own: [gate.server.service.ServiceFailure].
    private static final String SERVICE = "service ";

    /// Makes the instance, which runs at once if it isn't to be suspended.
    private interface Start {
        GateInstance launch() throws InstanceException;
    }

    private final RunOptions options;
    private final InstanceHost host;
    private final Start start;
    private final Connections connections;
    private final Leftovers.Leftover external;
    private final Streams streams;
    private volatile @Nullable GateInstance instance;
    /// [#suspend()] has been called.
    private volatile boolean stopWanted;

    private boolean lossSaid;

    private GateGuest(
            RunOptions options,
            InstanceHost host,
            Start start,
            Connections connections,
            Leftovers.Leftover external,
            Streams streams) {
        this.options = options;
        this.host = host;
        this.start = start;
        this.connections = connections;
        this.external = external;
        this.streams = streams;
    }

    /// A program that begins, or goes on, with [#run(Streams)].
    ///
    /// @throws CommandFailure where it can't be run, or nobody can connect to it, or services aren't there
    /// @throws StoppedEarly where somebody wishes so before it has begun
    public static GateGuest of(RunOptions options, ProgramMaker maker, Stopping stopping, Streams streams) {
        return of(options, maker, StandardStreams.system(), Launch.Beginning.AT_ONCE, stopping, streams);
    }

    /// A program that stands at its start, or where it was saved, until a debugger has it go on.
    ///
    /// @throws CommandFailure where it can't be run, or nobody can connect to it, or services aren't there
    /// @throws StoppedEarly where somebody wishes so before that
    public static GateGuest debugged(
            RunOptions options, ProgramMaker maker, StandardStreams standard, Stopping stopping, Streams streams) {
        GateGuest guest = of(options, maker, standard, Launch.Beginning.DEBUGGED, stopping, streams);
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
            Stopping stopping,
            Streams streams) {
        refuseWasiOptions(options);
        Registry shared = new Registry().registerBuiltin(new Echo());
        // What has been opened is closed again where the next step fails.
        Deque<Runnable> opened = new ArrayDeque<>();
        try {
            Leftovers.Leftover external = ExternalServices.connect(options.services(), shared, stopping);
            opened.push(external::close);
            InstanceHost host = InstanceHost.system(Guest.memoryBackend());
            opened.push(host::close);
            String name = String.valueOf(options.file().getFileName());
            SessionServices services = services(name, shared);
            Connections connections = Connections.open(services, standard, options.connections(), streams);
            opened.push(connections::close);
            LineLog log = log(streams);
            String function = options.entry() == null ? "" : options.entry();
            Launch launch = new Launch(name, function, beginning, false, policy(options), fuel(options), log);
            Start start = () -> GateInstance.launch(host, services, maker.make(), launch);
            opened.clear();
            return new GateGuest(options, host, start, connections, external, streams);
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

    /// What the program says to nobody in particular.
    private static LineLog log(Streams streams) {
        SharedOutput error = new SharedOutput(streams.err(), "standard-error");
        return new LineLog(line -> {
            try {
                error.write(line, 0, line.length);
            } catch (IOException e) {
                // A print stream tells nobody.
            }
        });
    }

    private static SessionServices services(String name, Registry shared) {
        return new SessionServices(
                name,
                new ProgramServices.Options(
                        shared,
                        new OriginOptions(ORIGIN_BUFFER_BYTES, Integer.MAX_VALUE), // those present are counted here
                        RandomBytes.BITS_PER_MINUTE,
                        ServiceClock.system()),
                new ServiceContext("local", UUID.randomUUID().toString()));
    }

    /// What only programs of this profile have.
    ///
    /// @throws CommandFailure where another one is to have it
    public static void refuseFor(RunOptions options) {
        String refused = !options.services().isEmpty()
                ? "--service"
                : !options.connections().isEmpty() ? "--connect" : null;
        if (refused != null) {
            throw new CommandFailure(
                    ExitCode.USAGE, options.file() + " is no Gate program: " + refused + " can't be given to it");
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
            case HALTED, TERMINATED -> new Stretch.Ended(unlessLost(status.result()));
            case SUSPENDED -> suspended(status, streams);
            default -> killed(status, streams);
        };
    }

    /// What somebody didn't get must not look like success.
    private int unlessLost(int status) {
        return sayLost() && status == 0 ? ExitCode.LOST_OUTPUT.number() : status;
    }

    private boolean sayLost() {
        Optional<String> lost = connections.lostOutput();
        if (lost.isPresent() && !lossSaid) {
            lossSaid = true;
            streams.say("standard output can't be written: " + lost.get());
        }
        return lost.isPresent();
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
            boolean service = status.error().startsWith(SERVICE);
            throw new CommandFailure(
                    service ? ExitCode.SERVICE_FAILED : ExitCode.INTERNAL,
                    "the program was ended, and is lost: " + status.error());
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
        boolean _ = sayLost();
    }
}
