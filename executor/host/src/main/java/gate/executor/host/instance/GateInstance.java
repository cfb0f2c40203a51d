// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.AbiHost;
import gate.engine.abi.AbiPolicy;
import gate.engine.abi.AbiState;
import gate.engine.abi.EntryException;
import gate.engine.abi.EntryFunction;
import gate.engine.abi.GateAbi;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.abi.TrapId;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.Execution;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.StackFrame;
import gate.engine.snapshot.Buffers;
import gate.engine.snapshot.ProgramState;
import gate.engine.snapshot.SnapshotInfo;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.wasm.Module;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A program of the `gate` profile in this process: reference 3.3 to 3.6.
///
/// ```
///    CREATED -> RUNNING      // launched
///    CREATED -> SUSPENDED | HALTED | TERMINATED | KILLED    // launched suspended, or from a final snapshot
///    RUNNING -> HALTED       // the entry function returned: another can be called
///    RUNNING -> TERMINATED   // it called proc_exit, or is ephemeral
///    RUNNING -> KILLED       // trap, violation, kill
///    RUNNING -> SUSPENDED    // suspend, breakpoint, stack exhausted, deficiency
///  SUSPENDED -> RUNNING      // resume
///     HALTED -> RUNNING      // resume with a function
/// ```
///
/// Thread-safe. While it runs, only its own thread touches the program; what else is to be known of it has to wait
/// until it has stopped. A snapshot that is being written holds up nobody who only asks how it stands or wants it to
/// stop.
public final class GateInstance implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(GateInstance.class.getName());

    private final InstanceHost host;
    private final Program program;
    private final Launch launch;
    private final Execution execution;
    private final GateAbi abi;
    private final StoppedProgram looked;

    /// Held by whoever uses the stopped program; before `this`.
    private final Object use = new Object();

    // All below is guarded by `this`, and while the program is stopped changed only by holders of `use`.
    private InstanceServices services;
    private AbiPolicy policy;
    private Status status;
    private TrapId trap;
    private AbiState abiState;
    private ChannelBuffers buffered;
    private List<Buffers.ServiceState> serviceStates;
    private List<Long> breakpoints;
    /// What the execution is to stop at when it goes on, where that has changed.
    private @Nullable Breakpoints changed;
    private List<StackFrame> trace = List.of();
    private @Nullable InstanceRun run;
    /// Of the run that begins next.
    private @Nullable RunDebugger debugger;
    private boolean closed;

    private GateInstance(
            InstanceHost host, InstanceServices services, Program program, Launch launch, LaunchedState state) {
        this.host = host;
        this.services = services;
        this.program = program;
        this.launch = launch;
        this.policy = launch.policy().abi();
        this.execution = state.execution();
        this.abi = state.abi();
        this.looked = new StoppedProgram(execution, program);
        this.status = state.status();
        this.trap = state.trap();
        this.abiState = state.abiState();
        this.buffered = state.buffered();
        this.serviceStates = state.services();
        this.breakpoints = state.breakpoints();
        this.changed = state.engineBreakpoints();
    }

    /// Makes an instance, which runs at once, unless it is to be suspended or the program has ended.
    ///
    /// @throws InstanceException where that can't be
    /// @throws OutOfMemoryError where there is no memory for it
    public static GateInstance launch(InstanceHost host, InstanceServices services, Program program, Launch launch)
            throws InstanceException {
        LaunchedState state = LaunchedState.of(host, program, launch);
        GateInstance instance = new GateInstance(host, services, program, launch, state);
        if (state.status().state() == State.RUNNING) {
            try {
                instance.begin();
            } catch (RuntimeException | Error e) {
                state.execution().instance().store().close();
                throw e;
            }
        }
        return instance;
    }

    private synchronized void begin() {
        Breakpoints set = changed;
        if (set != null) {
            execution.setBreakpoints(set);
            changed = null;
        }
        InstanceRun begun = new InstanceRun(
                launch.name(),
                execution,
                abi,
                host.slicer(),
                new Standpoint(program, breakpoints),
                launch.ephemeral(),
                buffered);
        RunDebugger watching = debugger;
        if (watching != null) {
            begun.debuggedBy(watching);
        }
        AbiHost world = new AbiHost(host.clock(), host.random(), launch.log(), begun.channel(), begun::isStopping);
        abi.begin(world, policy, abiState);
        InstanceServices.Run served = services.begin(begun.channel(), serviceStates);
        status = LaunchedState.running();
        trace = List.of();
        run = begun;
        begun.start(served, this::finish);
    }

    private void finish(RunEnd end) {
        try {
            if (launch.log() instanceof LineLog lines) {
                lines.end();
            }
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "the log of instance " + launch.name() + " fails", e);
        }
        synchronized (this) {
            status = end.status();
            trap = end.trap();
            abiState = end.abiState();
            buffered = end.buffers();
            serviceStates = end.services();
            trace = end.trace();
            run = null;
            notifyAll();
        }
    }

    // ---- what can be asked of any instance ----

    public String name() {
        return launch.name();
    }

    public synchronized Status status() {
        return status;
    }

    /// Waits while it is running.
    public synchronized Status await() throws InterruptedException {
        while (run != null) {
            wait();
        }
        return status;
    }

    /// Asks it to stop, so that it can go on: [#await()] tells when it has. Nothing happens where it isn't running.
    public void suspend() {
        InstanceRun current = running();
        if (current != null) {
            current.suspend();
        }
    }

    /// Asks it to end. Nothing happens where it isn't running.
    public void kill() {
        InstanceRun current = running();
        if (current != null) {
            current.kill();
        }
    }

    private synchronized @Nullable InstanceRun running() {
        return run;
    }

    // ---- what can be done while it is stopped ----

    private void requireStopped() throws InstanceException {
        if (closed) {
            throw InstanceException.notFound("instance not found");
        }
        if (run != null) {
            throw InstanceException.conflict("instance must be stopped");
        }
    }

    /// Lets it go on for somebody: reference 3.4.
    ///
    /// @param function as for [#resume(String)]
    /// @param itsPolicy of whoever resumes it
    /// @param itsServices in place of those that it had
    public void resume(String function, AbiPolicy itsPolicy, InstanceServices itsServices) throws InstanceException {
        synchronized (use) {
            synchronized (this) {
                AbiPolicy policyBefore = policy;
                InstanceServices servicesBefore = services;
                policy = itsPolicy;
                services = itsServices;
                try {
                    goOn(function);
                } catch (InstanceException e) {
                    policy = policyBefore;
                    services = servicesBefore;
                    throw e;
                }
            }
        }
    }

    /// Lets it go on.
    ///
    /// @param function for one that has halted: which exported function to call; empty for one that is suspended
    public void resume(String function) throws InstanceException {
        synchronized (use) {
            goOn(function);
        }
    }

    private synchronized void goOn(String function) throws InstanceException {
        if (closed) {
            throw InstanceException.notFound("instance not found");
        }
        switch (status.state()) {
            case SUSPENDED -> {
                if (!function.isEmpty()) {
                    throw InstanceException.conflict("function specified for suspended instance");
                }
            }
            case HALTED -> {
                if (function.isEmpty()) {
                    throw InstanceException.conflict("function must be specified when resuming halted instance");
                }
                if (program.isUncallable()) {
                    throw InstanceException.notFound("entry function may not be specified for suspended program");
                }
                try {
                    execution.call(
                            EntryFunction.named(program.module(), function).index());
                } catch (EntryException e) {
                    throw InstanceException.notFound(e.publicText());
                }
            }
            default -> throw InstanceException.conflict("instance must be suspended or halted");
        }
        begin();
    }

    /// Writes it to a file, as it stands.
    ///
    /// @throws IOException as the channel throws it
    public void snapshot(WritableByteChannel channel) throws InstanceException, IOException {
        synchronized (use) {
            SnapshotWriter.write(execution, savedState(), channel);
        }
    }

    private synchronized ProgramState savedState() throws InstanceException {
        requireStopped();
        looked.requireValid();
        SnapshotInfo info = new SnapshotInfo(
                status.state().isFinal(), trap.number(), status.result(), abiState.monotonicNanos(), breakpoints);
        return looked.saved(info, trap, buffered, serviceStates);
    }

    /// Whether it can't go on for want of fuel.
    public synchronized boolean isOutOfFuel() {
        return run == null && looked.isOutOfFuel();
    }

    /// Instructions executed so far: decision 0007.
    ///
    /// @throws InstanceException where it is running, or they aren't counted
    public synchronized long fuelUsed() throws InstanceException {
        requireStopped();
        return looked.fuelUsed();
    }

    // ---- debugging: reference 3.6 ----

    public Module module() {
        return program.module();
    }

    /// Code offsets, ascending.
    public synchronized List<Long> breakpoints() {
        return breakpoints;
    }

    /// Replaces all breakpoints.
    ///
    /// @param offsets code offsets, in any order
    public void setBreakpoints(List<Long> offsets) throws InstanceException {
        List<Long> sorted = offsets.stream().sorted().distinct().toList();
        if (sorted.size() > SnapshotInfo.BREAKPOINTS_MAX) {
            throw InstanceException.badProgram("too many breakpoints");
        }
        synchronized (use) {
            Breakpoints instructions = program.breakpoints(sorted);
            synchronized (this) {
                requireStopped();
                changed = instructions;
                breakpoints = sorted;
            }
        }
    }

    /// Lets a suspended one go on until it comes to one of these instructions, in place of its own breakpoints, and
    /// then do what the debugger says. Its own breakpoints hold again when the run has ended.
    public void debug(RunDebugger watching, Breakpoints stops) throws InstanceException {
        synchronized (use) {
            Breakpoints own = program.breakpoints(breakpoints());
            synchronized (this) {
                Breakpoints before = changed;
                debugger = watching;
                changed = stops;
                try {
                    goOn("");
                    changed = own;
                } catch (InstanceException e) {
                    changed = before;
                    throw e;
                } finally {
                    debugger = null;
                }
            }
        }
    }

    /// Asks a run that is debugged to stand still, if its debugger wants that then.
    public void pause() {
        InstanceRun current = running();
        if (current != null) {
            current.pause();
        }
    }

    /// The call stack, innermost first.
    public List<FrameImage> frames() throws InstanceException {
        return stopped(looked::frames);
    }

    /// The call stack as the original has it, little-endian words; empty where the program stands at no place that the
    /// original knows.
    public byte[] originalStack() throws InstanceException {
        return stopped(() -> looked.originalStack(breakpoints()));
    }

    /// Where it has trapped, innermost first; empty where it hasn't.
    public synchronized List<StackFrame> trace() {
        return trace;
    }

    /// The values of all globals, raw.
    public long[] globals() throws InstanceException {
        return stopped(looked::globals);
    }

    /// Bytes of memory 0: as many of those asked for as there are.
    public byte[] memory(long address, int size) throws InstanceException {
        return stopped(() -> looked.memory(address, size));
    }

    /// What is done with a stopped program.
    private interface Use<T> {
        T get() throws InstanceException;
    }

    private <T> T stopped(Use<T> what) throws InstanceException {
        synchronized (use) {
            synchronized (this) {
                requireStopped();
            }
            return what.get();
        }
    }

    // ---- the end ----

    /// Ends it, if it runs, and gives everything back. Waits until it has ended.
    @Override
    public void close() {
        kill();
        boolean interrupted = false;
        synchronized (this) {
            while (run != null) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            closed = true;
        }
        synchronized (use) {
            execution.instance().store().close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
