// SPDX-License-Identifier: Apache-2.0
package gate.app.debug;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.instance.GateGuest;
import gate.app.program.Saving;
import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.Execution;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.Images;
import gate.engine.wasm.Module;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.RunDebugger;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A program of the `gate` profile. At a stop its run stands still, with its connections, until it is told to
/// go on: between the debugger's thread and the run's there is `lock`.
public final class GateDebuggee implements Debuggee, RunDebugger {
    private final GateGuest guest;
    private final GateInstance instance;
    private final Object lock = new Object();

    // All below is guarded by `lock`.
    /// The program while its run stands still.
    private @Nullable Execution paused;
    /// Whether the run that stands still has been told what to do.
    private boolean told;
    /// Where it is to stop next; null where it is to end.
    private @Nullable Breakpoints next;
    private boolean running;

    private volatile boolean wanted;
    private Stop stop;

    /// @param guest that is suspended, or has ended
    public GateDebuggee(GateGuest guest) {
        this.guest = guest;
        this.instance = guest.instance();
        Stop last = ended(instance.status());
        boolean begun = last.isFinal() || !frames().isEmpty();
        this.stop = begun ? last : new Stop.NotBegun();
    }

    @Override
    public Module module() {
        return instance.module();
    }

    @Override
    public Stop stop() {
        return stop;
    }

    // ---- the run's side ----

    @Override
    public boolean wantsIt() {
        return wanted;
    }

    @Override
    public Optional<Breakpoints> stopped(Execution execution) throws InterruptedException {
        synchronized (lock) {
            paused = execution;
            lock.notifyAll();
            while (!told) {
                lock.wait();
            }
            told = false;
            return Optional.ofNullable(next);
        }
    }

    private void awaitEnd() {
        try {
            instance.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (lock) {
            running = false;
            lock.notifyAll();
        }
    }

    // ---- the debugger's side ----

    @Override
    public Stop run(Breakpoints stops) {
        wanted = false;
        try {
            synchronized (lock) {
                if (paused != null) {
                    tell(stops);
                } else {
                    instance.debug(this, stops);
                    running = true;
                    Thread.ofVirtual().name("debugged-" + instance.name()).start(this::awaitEnd);
                }
            }
            guest.connectStandardStreams();
            stop = await();
            return stop;
        } catch (InstanceException e) {
            throw new CommandFailure(ExitCode.INTERNAL, String.valueOf(e.getMessage()));
        }
    }

    /// With the lock.
    private void tell(@Nullable Breakpoints stops) {
        next = stops;
        told = true;
        paused = null;
        lock.notifyAll();
    }

    /// Until it stands still or its run has ended.
    private Stop await() {
        synchronized (lock) {
            while (running && paused == null) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CommandFailure(ExitCode.INTERNAL, "interrupted");
                }
            }
            Execution here = paused;
            if (here != null) {
                boolean at = here.status() == Execution.Status.BREAKPOINT;
                return at ? new Stop.AtBreakpoint() : new Stop.Interrupted();
            }
        }
        return ended(instance.status());
    }

    private Stop ended(Status status) {
        return switch (status.state()) {
            case HALTED, TERMINATED -> new Stop.Ended(status.result());
            case SUSPENDED -> suspended(status);
            default -> new Stop.Failed(reason(status));
        };
    }

    private Stop suspended(Status status) {
        boolean outOfFuel = instance.isOutOfFuel();
        return switch (status.cause()) {
            case NORMAL -> outOfFuel ? new Stop.Lacking("--fuel was used up") : new Stop.Interrupted();
            case BREAKPOINT -> new Stop.AtBreakpoint();
            default -> new Stop.Lacking(reason(status));
        };
    }

    private static String reason(Status status) {
        String cause = status.cause() == Cause.NORMAL
                ? "killed"
                : status.cause().text().toLowerCase(Locale.ROOT).replace('_', ' ');
        return status.error().isEmpty() ? cause : cause + ": " + status.error();
    }

    @Override
    public void interrupt() {
        wanted = true;
        instance.pause();
    }

    /// Has the run end where it stands, with the program suspended.
    private void endRun() {
        synchronized (lock) {
            if (paused != null) {
                tell(null);
            }
            while (running) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private @Nullable Execution paused() {
        synchronized (lock) {
            return paused;
        }
    }

    @Override
    public List<FrameImage> frames() {
        Execution here = paused();
        if (here != null) {
            return Images.capture(here).frames().reversed();
        }
        try {
            return instance.frames();
        } catch (InstanceException e) {
            return List.of();
        }
    }

    @Override
    public long[] globals() {
        Execution here = paused();
        if (here != null) {
            return here.instance().globalValues();
        }
        try {
            return instance.globals();
        } catch (InstanceException e) {
            return new long[0];
        }
    }

    @Override
    public byte[] memory(long address, int length) {
        Execution here = paused();
        if (here != null) {
            return Debuggee.memory(here.instance(), address, length);
        }
        try {
            return instance.memory(address, length);
        } catch (InstanceException e) {
            return new byte[0];
        }
    }

    @Override
    public Saving saving(List<Long> breakpoints) {
        return out -> {
            endRun();
            try {
                if (instance.status().state() == State.SUSPENDED) {
                    instance.setBreakpoints(breakpoints);
                }
                instance.snapshot(out);
            } catch (InstanceException e) {
                throw new IOException(e.getMessage(), e);
            }
        };
    }

    @Override
    public Optional<String> savingCost() {
        return stop.isFinal()
                ? Optional.empty()
                : Optional.of("its connections have ended by that: when it goes on here it does so as from the file");
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (paused != null) {
                tell(null);
            }
        }
        guest.close();
    }
}
