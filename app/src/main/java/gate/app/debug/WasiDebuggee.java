// SPDX-License-Identifier: Apache-2.0
package gate.app.debug;

import gate.app.ExitCode;
import gate.app.program.Guest;
import gate.app.program.Saving;
import gate.engine.abi.TrapId;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.Execution;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.GuestExit;
import gate.engine.runtime.Images;
import gate.engine.runtime.Trap;
import gate.engine.snapshot.SnapshotInfo;
import gate.engine.wasm.Module;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Locale;

/// A program of the `wasi` profile.
public final class WasiDebuggee implements Debuggee {
    private final Guest guest;
    private final Execution execution;
    private final PrintStream results;
    private Stop stop;
    private int trap;
    private Breakpoints set = Breakpoints.NONE;
    private volatile boolean running;

    private WasiDebuggee(Guest guest, PrintStream results, boolean isFinal, int trap) {
        this.guest = guest;
        this.execution = guest.execution();
        this.results = results;
        this.trap = trap;
        this.stop = isFinal
                ? new Stop.Failed(reason(trap))
                : frames().isEmpty()
                        ? new Stop.NotBegun()
                        : trap == TrapId.BREAKPOINT.number() ? new Stop.AtBreakpoint() : new Stop.Interrupted();
    }

    /// A program at its beginning.
    ///
    /// @param results where results of the function that was called are printed when it returns
    public static WasiDebuggee of(Guest guest, PrintStream results) {
        return new WasiDebuggee(guest, results, false, TrapId.SUSPENDED.number());
    }

    /// A program that was saved.
    ///
    /// @param info how it stood
    public static WasiDebuggee saved(Guest guest, SnapshotInfo info, PrintStream results) {
        return new WasiDebuggee(guest, results, info.isFinal(), info.trap());
    }

    private static String reason(int trap) {
        return TrapId.of(trap)
                .map(id -> id.toString().toLowerCase(Locale.ROOT).replace('_', ' '))
                .orElse("trap " + trap);
    }

    @Override
    public Module module() {
        return execution.instance().module();
    }

    @Override
    public Stop stop() {
        return stop;
    }

    @Override
    public Stop run(Breakpoints stops) {
        if (stops != set || stop instanceof Stop.NotBegun) {
            execution.setBreakpoints(stops);
            set = stops;
        }
        running = true;
        try {
            stop = switch (execution.run()) {
                case FINISHED -> {
                    guest.printResults(results);
                    yield new Stop.Ended(ExitCode.OK.number());
                }
                case BREAKPOINT -> new Stop.AtBreakpoint();
                case OUT_OF_FUEL -> new Stop.Lacking("--fuel was used up");
                default -> new Stop.Interrupted();
            };
            trap = stop instanceof Stop.AtBreakpoint ? TrapId.BREAKPOINT.number() : TrapId.SUSPENDED.number();
        } catch (GuestExit exit) {
            stop = new Stop.Ended(ExitCode.ofGuest(exit.status()));
        } catch (Trap e) {
            trap = TrapId.of(e.code()).number();
            stop = new Stop.Failed(String.valueOf(e.getMessage()));
        } finally {
            running = false;
            execution.resetSuspend();
        }
        return stop;
    }

    @Override
    public void interrupt() {
        if (running) {
            execution.suspend();
        }
    }

    @Override
    public List<FrameImage> frames() {
        return Images.capture(execution).frames().reversed();
    }

    @Override
    public long[] globals() {
        return execution.instance().globalValues();
    }

    @Override
    public byte[] memory(long address, int length) {
        return Debuggee.memory(execution.instance(), address, length);
    }

    @Override
    public Saving saving(List<Long> breakpoints) {
        boolean isFinal = stop.isFinal();
        return new Saving() {
            @Override
            public List<String> problems() {
                return guest.problems();
            }

            @Override
            public void write(WritableByteChannel out) throws IOException {
                guest.write(out, isFinal, trap, breakpoints);
            }
        };
    }

    @Override
    public void close() {
        guest.close();
    }
}
