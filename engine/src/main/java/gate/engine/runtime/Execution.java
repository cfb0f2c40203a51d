// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.ValueType;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// A run of guest code that can be stopped at any moment and continued: core specification 4.2.12 "Stack" and 4.4.
///
/// Its work is a list: initialise the instance (copy active segments), call its start function, make the calls
/// asked for, one after the other. [#run()] does the work on the calling thread until it is all done or someone
/// calls [#suspend()]; calling it again goes on. While it isn't running, its state is data: [Images] captures it.
///
/// For one thread at a time, except for [#suspend()] and [#resetSuspend()].
///
/// ```
///    READY -> RUNNING        // run
///    RUNNING -> SUSPENDED    // suspend, or a host function that has to be called again
///    RUNNING -> OUT_OF_FUEL  // at a suspend point, with the count at the limit or beyond
///    RUNNING -> BREAKPOINT   // before an instruction that is a breakpoint
///    RUNNING -> FINISHED     // the last call returned
///    RUNNING -> TRAPPED      // Trap, which run throws
///    RUNNING -> EXITED       // GuestExit, which run throws
///    RUNNING -> FAILED       // an exception of the embedder's own, which passes through
///    TRAPPED -> SUSPENDED    // retry
///    SUSPENDED, OUT_OF_FUEL, BREAKPOINT -> RUNNING   // run
/// ```
public final class Execution {
    /// Where an execution is.
    public enum Status {
        READY,
        RUNNING,
        SUSPENDED,
        OUT_OF_FUEL,
        BREAKPOINT,
        FINISHED,
        TRAPPED,
        EXITED,
        FAILED
    }

    /// Frames that a trap carries at most.
    public static final int TRACE_FRAMES_MAX = 64;

    /// Calls that may wait for their turn. An embedder asks for a handful; a saved file holds as many.
    public static final int PENDING_CALLS_MAX = 1000;

    /// A call of a function of the execution's instance, waiting for its turn.
    record PendingCall(int function, long[] arguments) {}

    final Instance home;
    final Machine machine;
    private Status status = Status.READY;

    private final Deque<PendingCall> pending = new ArrayDeque<>(1);
    private int initialised = -1;
    private int initialisedPart;
    /// Initialisation isn't to be stopped.
    private boolean completing;
    private boolean active;
    private int activeFunction = -1;
    private long[] results = new long[0];
    private long fuelLimit = Long.MAX_VALUE;

    private Execution(Instance home, boolean counting) {
        this.home = home;
        this.machine = new Machine(home, counting);
    }

    /// An execution that initialises an instance, including its start function. Calls can be added.
    public static Execution instantiate(Instance instance) {
        return instantiate(instance, false);
    }

    /// As [#instantiate(Instance)].
    ///
    /// @param fuel whether executed instructions are counted, see [#setFuel(long)]
    public static Execution instantiate(Instance instance, boolean fuel) {
        Execution execution = new Execution(instance, fuel);
        execution.initialised = 0;
        return execution;
    }

    /// An execution that has nothing to do yet on an instance that has been initialised.
    public static Execution of(Instance instance, boolean fuel) {
        return new Execution(instance, fuel);
    }

    /// Adds a call of a function of the instance, to be made after those added before.
    ///
    /// @param arguments raw values: see [HostCall]
    /// @throws IllegalArgumentException where their number is wrong
    /// @throws IllegalStateException where [#PENDING_CALLS_MAX] calls wait already
    public Execution call(int function, long... arguments) {
        if (pending.size() == PENDING_CALLS_MAX) {
            throw new IllegalStateException(PENDING_CALLS_MAX + " calls wait already");
        }
        FunctionType type = home.functionType(function);
        if (type.parameterCount() != arguments.length) {
            throw new IllegalArgumentException(
                    "function " + function + " takes " + type.parameterCount() + " arguments, not " + arguments.length);
        }
        long[] copy = arguments.clone();
        for (int i = 0; i < copy.length; i++) {
            int valueType = type.parameter(i);
            if (valueType == ValueType.I32 || valueType == ValueType.F32) {
                copy[i] = (int) copy[i];
            }
        }
        pending.add(new PendingCall(function, copy));
        if (status == Status.FINISHED) {
            status = Status.READY;
        }
        return this;
    }

    public Status status() {
        return status;
    }

    public Instance instance() {
        return home;
    }

    /// Results of the last call that returned, raw.
    public long[] results() {
        return results.clone();
    }

    // ---- fuel ----

    /// Whether executed instructions are counted.
    public boolean isCounting() {
        return machine.counting;
    }

    /// Sets how many instructions may still be executed, of those that decision 0007 counts. With those that have been,
    /// they are 2^63-1 at most.
    ///
    /// @throws IllegalStateException for an execution that doesn't count
    public void setFuel(long instructions) {
        requireCounting();
        long used = fuelUsed();
        long allowed = Math.min(instructions, Long.MAX_VALUE - used);
        fuelLimit = used + allowed;
        machine.fuel = allowed - unexecuted();
    }

    /// Instructions executed so far. A host function that asks is told of all up to and with the call to it.
    public long fuelUsed() {
        requireCounting();
        return fuelLimit - machine.fuel - unexecuted();
    }

    /// Instructions that may still be executed; negative where a stretch without suspend points went beyond the
    /// limit.
    public long fuelLeft() {
        requireCounting();
        return machine.fuel + unexecuted();
    }

    private void requireCounting() {
        if (!isCounting()) {
            throw new IllegalStateException("this execution doesn't count instructions");
        }
    }

    /// Instructions that have been charged, at the start of their piece of code, and not executed yet.
    private int unexecuted() {
        if (!active || machine.isEmpty()) {
            return 0;
        }
        if (machine.hostCall().isInProgress()) {
            int call = Positions.callWord(machine.current, machine.pc);
            return Positions.unexecuted(machine.instance.module(), machine.current, call, true);
        }
        boolean ended = hasEnded();
        int pc = ended ? machine.pc - 1 : machine.pc;
        return Positions.unexecuted(machine.instance.module(), machine.current, pc, ended);
    }

    /// After frames have been restored, which charged for what is left of their pieces of code.
    void restoreFuel(long used, long left) {
        fuelLimit = used + left;
        machine.fuel = left + (machine.fuel - Long.MAX_VALUE);
    }

    // ---- suspension ----

    boolean isSuspendRequested() {
        return !completing && machine.isSuspendRequested();
    }

    /// Asks the guest to stop: [#run()] returns at the next suspend point, which is at most some microseconds of its
    /// running time away. Stays in force until [#run()] has returned. Any thread may call it, at any time.
    public void suspend() {
        machine.suspend();
    }

    /// Takes a request back that [#run()] hasn't seen.
    public void resetSuspend() {
        machine.resetSuspend();
    }

    // ---- debugging ----

    /// Changes where it stops for a debugger: before it begins, or while it is stopped. A breakpoint at which it
    /// stands stops it when it comes there again.
    ///
    /// @throws IllegalStateException where it is running or has ended, or frames of other instances are on
    ///     its stack
    public void setBreakpoints(Breakpoints breakpoints) {
        Images.moveTo(this, breakpoints);
    }

    /// Has a wait for the next suspend point stop there: [#run()] goes at least one instruction further.
    public void suspendAfterProgress() {
        machine.atLabel = false;
        machine.suspend();
    }

    // ---- running ----

    /// Runs on the calling thread.
    ///
    /// @return SUSPENDED, OUT_OF_FUEL, BREAKPOINT or FINISHED
    /// @throws Trap with the WebAssembly call stack attached
    /// @throws GuestExit as a host function threw it
    public Status run() {
        switch (status) {
            case READY, SUSPENDED, OUT_OF_FUEL, BREAKPOINT -> {}
            default -> throw new IllegalStateException("can't run an execution that is " + status);
        }
        home.store().enter();
        status = Status.RUNNING;
        machine.reloadMemory(); // something else may have grown it since
        try {
            status = advance();
            return status;
        } catch (Trap trap) {
            status = Status.TRAPPED;
            trap.attach(Positions.trace(machine));
            throw trap;
        } catch (GuestExit exit) {
            status = Status.EXITED;
            throw exit;
        } finally {
            home.store().leave();
            resetSuspend();
            if (status == Status.RUNNING) {
                status = Status.FAILED; // an embedder's exception passes through
            }
        }
    }

    /// Whether it stands behind the instruction that ended it.
    boolean hasEnded() {
        return status == Status.TRAPPED || status == Status.EXITED;
    }

    /// Has the instruction that trapped executed again when it runs next: where the embedder takes a trap for a stop,
    /// because it gives the guest what it lacked.
    ///
    /// @throws IllegalStateException where it hasn't trapped
    public void retry() {
        if (status != Status.TRAPPED) {
            throw new IllegalStateException("can't retry an execution that is " + status);
        }
        if (active && !machine.isEmpty()) {
            machine.pc--;
        }
        status = Status.SUSPENDED;
    }

    /// Copies all segments that are still to be copied, without a stop; the start function has its turn when it runs.
    ///
    /// @return false where one doesn't fit: it stands before that, and traps when it runs
    public boolean completeInitialisation() {
        if (initialised < 0 || active || hasEnded()) {
            return true;
        }
        home.store().enter();
        completing = true;
        try {
            Initialisation.advance(this);
            endInitialisation();
            return true;
        } catch (Trap trap) {
            return false;
        } finally {
            completing = false;
            home.store().leave();
        }
    }

    private void endInitialisation() {
        initialised = -1;
        int start = home.module().startFunction();
        if (start >= 0) {
            pending.addFirst(new PendingCall(start, new long[0]));
        }
    }

    private Status advance() {
        while (true) {
            if (!active) {
                if (initialised >= 0) {
                    if (!Initialisation.advance(this)) {
                        return Status.SUSPENDED;
                    }
                    endInitialisation();
                }
                PendingCall next = pending.poll();
                if (next == null) {
                    return Status.FINISHED;
                }
                begin(next);
            }
            int reason = machine.isEmpty() ? machine.enter(home, activeFunction) : Interpreter.run(machine);
            switch (reason) {
                case Interpreter.FINISHED -> {
                    int count = home.functionType(activeFunction).resultCount();
                    results = Arrays.copyOf(machine.stack, count);
                    active = false;
                    machine.empty();
                }
                case Interpreter.SUSPENDED -> {
                    return Status.SUSPENDED;
                }
                case Interpreter.OUT_OF_FUEL -> {
                    return Status.OUT_OF_FUEL;
                }
                case Interpreter.AT_BREAKPOINT -> {
                    return Status.BREAKPOINT;
                }
                default -> {}
            }
        }
    }

    private void begin(PendingCall call) {
        active = true;
        activeFunction = call.function();
        int resultCount = home.functionType(activeFunction).resultCount();
        machine.begin(home, call.arguments(), resultCount);
    }

    // ---- for capturing and restoring ----

    boolean isActive() {
        return active;
    }

    int activeFunction() {
        return activeFunction;
    }

    int initialised() {
        return initialised;
    }

    /// Elements or bytes copied of the segment that is next.
    int initialisedPart() {
        return initialisedPart;
    }

    void setInitialised(int segments, int bytes) {
        initialised = segments;
        initialisedPart = bytes;
    }

    /// Prepares for frames to be restored, outermost first.
    void beginRestored(int function) {
        begin(new PendingCall(function, new long[home.functionType(function).parameterCount()]));
        status = Status.SUSPENDED;
    }

    Deque<PendingCall> pending() {
        return pending;
    }
}
