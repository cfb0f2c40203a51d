// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.contract.packet.PacketViolation;
import gate.engine.abi.AbiState;
import gate.engine.abi.EntryFunction;
import gate.engine.abi.GateAbi;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.abi.TrapId;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.Execution;
import gate.engine.runtime.GuestExit;
import gate.engine.runtime.StackFrame;
import gate.engine.runtime.Trap;
import gate.engine.snapshot.Buffers;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of an instance, from its start or resumption until it stops.
///
/// What is wanted of it is in volatile fields, set before the execution is asked to stop, and looked at when it has.
///
/// ```
///   RUNNING -> RESTING     // it waits for packets without an end, and gives its thread back
///   RESTING -> RUNNING     // packets, room for them, or a wish: with a new thread
///   RUNNING -> ENDED
/// ```
final class InstanceRun implements PacketChannel.Faults, Slicer.Sliced, Runnable {
    private static final System.Logger LOGGER = System.getLogger(InstanceRun.class.getName());

    private final String name;
    private final Execution execution;
    private final GateAbi abi;
    private final Slicer slicer;
    private final Standpoint standpoint;
    private final boolean ephemeral;
    private final PacketChannel channel;
    private InstanceServices.@Nullable Run services;
    private @Nullable Consumer<RunEnd> whenEnded;
    /// The run's thread while it may be waiting for others than the program.
    private volatile @Nullable Thread waiter;

    private volatile boolean suspendWanted;
    private volatile boolean killWanted;
    private final Verdict verdict = new Verdict();
    private volatile boolean waiting;
    private @Nullable RunDebugger debugger;
    private @Nullable Breakpoints stops;

    private AbiState abiState = AbiState.FRESH;
    private List<StackFrame> trace = List.of();

    InstanceRun(
            String name,
            Execution execution,
            GateAbi abi,
            Slicer slicer,
            Standpoint standpoint,
            boolean ephemeral,
            ChannelBuffers buffered) {
        this.name = name;
        this.execution = execution;
        this.abi = abi;
        this.slicer = slicer;
        this.standpoint = standpoint;
        this.ephemeral = ephemeral;
        this.channel = new PacketChannel(this, buffered);
    }

    /// Before it runs.
    void debuggedBy(RunDebugger given) {
        debugger = given;
    }

    PacketChannel channel() {
        return channel;
    }

    // ---- what is wanted, from any thread ----

    /// Has it looked at whether its debugger wants it.
    void pause() {
        stop();
    }

    void suspend() {
        suspendWanted = true;
        stop();
    }

    void kill() {
        killWanted = true;
        stop();
        Thread interrupted = waiter;
        if (interrupted != null) {
            interrupted.interrupt();
        }
    }

    @Override
    public void violated(PacketViolation broken) {
        verdict.violated(broken);
        stop();
    }

    @Override
    public void failed(String text) {
        verdict.failed(text);
        stop();
    }

    private void stop() {
        execution.suspend();
        channel.wake();
    }

    @Override
    public void endSlice() {
        if (!waiting) {
            execution.suspend();
        }
    }

    /// A program that waits isn't sliced.
    @Override
    public void waiting(boolean begins) {
        waiting = begins;
        if (begins) {
            slicer.leave(this);
        } else {
            slicer.enter(this);
        }
    }

    // ---- running ----

    /// Starts the program, once.
    ///
    /// @param served its services, which it ends
    /// @param ended is called when all has ended
    void start(InstanceServices.Run served, Consumer<RunEnd> ended) {
        services = served;
        whenEnded = ended;
        ready();
    }

    @Override
    public void ready() {
        Thread.ofVirtual().name("instance-" + name).start(this);
    }

    /// Whether the program, in the middle of a call, is really to stop, and not only to let others run.
    boolean isStopping() {
        if (reason().isPresent() || isWantedByDebugger()) {
            return true;
        }
        LockSupport.parkNanos(1);
        return false;
    }

    /// Runs the program until it rests or has ended; then its services are ended too.
    @Override
    public void run() {
        TrapId trap;
        try {
            slicer.enter(this);
            waiting = false;
            trap = runGuest();
            if (trap == null) {
                return; // from here on another thread may run it
            }
        } catch (RuntimeException | Error e) {
            trap = failed(e);
        }
        slicer.leave(this);
        waiter = Thread.currentThread();
        InstanceServices.Run served = Objects.requireNonNull(services);
        RunEnd end;
        try {
            abiState = abi.state();
            end = ended(killWanted ? trap.killRequested() : trap, served);
        } catch (RuntimeException | Error e) {
            failed(e);
            channel.discard();
            shutDown(served);
            end = faulted();
        }
        waiter = null;
        Objects.requireNonNull(whenEnded).accept(end);
    }

    private TrapId failed(Throwable mistake) {
        LOGGER.log(System.Logger.Level.ERROR, "instance " + name + " failed", mistake);
        verdict.failed("internal error");
        return TrapId.INTERNAL_ERROR;
    }

    /// @return null where it rests
    private @Nullable TrapId runGuest() {
        try {
            while (true) {
                TrapId trap = switch (execution.run()) {
                    case FINISHED -> {
                        verdict.exited(
                                ephemeral ? State.TERMINATED : State.HALTED, EntryFunction.result(execution.results()));
                        yield TrapId.EXIT;
                    }
                    case BREAKPOINT -> goesOnDebugged() ? null : TrapId.BREAKPOINT;
                    case OUT_OF_FUEL -> TrapId.SUSPENDED;
                    default -> stopped();
                };
                if (trap != null) {
                    return trap;
                }
                if (channel.isDeferred() && reason().isEmpty() && channel.rest()) {
                    return null;
                }
            }
        } catch (Trap trap) {
            trace = trap.frames();
            if (trap.code() == Trap.Code.CALL_STACK_EXHAUSTED) {
                execution.retry();
            }
            return TrapId.of(trap.code());
        } catch (GuestExit end) {
            verdict.exited(State.TERMINATED, EntryFunction.resultOfExit(end.status()));
            return TrapId.EXIT;
        }
    }

    /// The execution has stopped without being at an end.
    ///
    /// @return null where it is to go on
    private @Nullable TrapId stopped() {
        Optional<TrapId> reason = reason();
        if (reason.isEmpty()) {
            if (isWantedByDebugger()) {
                return goesOnDebugged() ? null : TrapId.SUSPENDED;
            }
            if (!channel.isDeferred()) {
                LockSupport.parkNanos(1); // behind those that wait
            }
            return null;
        }
        if (reason.get() != TrapId.SUSPENDED) {
            return reason.get();
        }
        if (execution.completeInitialisation() && standpoint.stopsHere(execution)) {
            return reason.get();
        }
        LockSupport.parkNanos(1);
        execution.suspendAfterProgress();
        return null;
    }

    private boolean isWantedByDebugger() {
        RunDebugger told = debugger;
        return told != null && told.wantsIt();
    }

    /// Stands still for a debugger as long as that wants, with its services running.
    ///
    /// @return whether it goes on in this run
    private boolean goesOnDebugged() {
        RunDebugger told = debugger;
        if (told == null) {
            return false;
        }
        slicer.leave(this);
        waiter = Thread.currentThread();
        try {
            if (killWanted) {
                return false;
            }
            Optional<Breakpoints> next = told.stopped(execution);
            if (next.isEmpty()) {
                return false;
            }
            if (next.get() != stops) {
                stops = next.get();
                execution.setBreakpoints(next.get());
            }
            if (reason().isPresent()) {
                execution.suspend(); // asked for while it stood still
            }
            return true;
        } catch (InterruptedException e) {
            return false; // by kill
        } finally {
            waiter = null;
            slicer.enter(this);
        }
    }

    /// Why the execution has been stopped; empty for the end of a slice.
    private Optional<TrapId> reason() {
        Optional<TrapId> fault = verdict.fault();
        if (fault.isPresent()) {
            return fault;
        }
        if (killWanted) {
            return Optional.of(TrapId.KILLED);
        }
        if (abi.deficiency().isPresent()) {
            return Optional.of(TrapId.ABI_DEFICIENCY);
        }
        return suspendWanted ? Optional.of(TrapId.SUSPENDED) : Optional.empty();
    }

    // ---- the end ----

    private RunEnd ended(TrapId trap, InstanceServices.Run served) {
        try {
            if (trap != TrapId.EXIT && status(trap).state() == State.SUSPENDED) {
                channel.close();
                List<Buffers.ServiceState> states = served.suspend();
                // A violation or failure that came last.
                if (verdict.fault().isEmpty()) {
                    return new RunEnd(status(trap), trap, abiState, channel.left(), states, trace);
                }
                return faulted();
            }
            if (trap == TrapId.EXIT) {
                long until = System.nanoTime() + InstanceLimits.DRAIN_NANOS;
                if (channel.drain(InstanceLimits.DRAIN_NANOS)) {
                    served.flush(until - System.nanoTime());
                }
            }
            channel.discard();
            served.shutdown();
            if (trap == TrapId.EXIT && verdict.fault().isPresent()) {
                return faulted(); // in what it had sent
            }
            return unsaved(trap);
        } catch (PacketViolation broken) {
            verdict.violated(broken);
            return faulted();
        } catch (InstanceServices.ServicesFailure e) {
            LOGGER.log(System.Logger.Level.ERROR, "the services of instance " + name + " can't be suspended", e);
            verdict.failed(String.valueOf(e.getMessage()));
            return faulted();
        } catch (InterruptedException e) {
            return killed(trap, served);
        }
    }

    /// It was killed while its services were waited for.
    private RunEnd killed(TrapId trap, InstanceServices.Run served) {
        channel.discard();
        shutDown(served);
        return verdict.fault().isEmpty() ? unsaved(trap.killRequested()) : faulted();
    }

    private void shutDown(InstanceServices.Run served) {
        try {
            served.shutdown();
        } catch (RuntimeException | InterruptedException e) {
            LOGGER.log(System.Logger.Level.WARNING, "the services of instance " + name + " didn't shut down", e);
        }
    }

    private RunEnd unsaved(TrapId trap) {
        return new RunEnd(status(trap), trap, abiState, ChannelBuffers.EMPTY, List.of(), trace);
    }

    private RunEnd faulted() {
        return unsaved(verdict.fault().orElse(TrapId.INTERNAL_ERROR));
    }

    private Status status(TrapId trap) {
        return verdict.status(trap, abi.deficiency());
    }
}
