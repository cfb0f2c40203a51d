// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.runtime.Execution;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Runs guest code at a [Pace]. Each time it stops, it goes on from a saved file: in a new store where the instance is
/// alone, in the same store where it is linked to others and nothing of it is held by them; only otherwise in place.
final class GuestRun {
    private static final String FOREIGN_FRAMES = "frames of another instance are on the stack";
    private static final String FOREIGN_REFERENCE = "a reference to a function of another instance can't be saved";

    private final Pace pace;
    private final Store shared;
    private final StoreOptions options;
    private final List<ScriptInstance> others;

    private final List<Long> fuel = new ArrayList<>();
    private Suspensions suspensions = Suspensions.NONE;

    // Of the run in progress.
    private long stops;
    private long frames;
    private long bytes;

    /// @param shared the store in which instances begin and are linked
    /// @param others every instance of the script, added to as it goes on
    GuestRun(Pace pace, Store shared, List<ScriptInstance> others) {
        this.pace = pace;
        this.shared = shared;
        this.options = shared.options();
        this.others = others;
    }

    Suspensions suspensions() {
        return suspensions;
    }

    /// Instructions executed by each run so far.
    List<Long> fuel() {
        return fuel;
    }

    boolean counting() {
        return pace.stops();
    }

    /// Runs an execution on an instance to its end.
    ///
    /// @return what it was at its end: another one if it was stopped
    /// @throws gate.engine.runtime.Trap as it trapped
    Execution run(ScriptInstance home, Execution begun) {
        Execution execution = begun;
        if (!pace.stops()) {
            requireFinished(execution.run());
            return execution;
        }
        stops = 0;
        frames = 0;
        bytes = 0;
        long step = pace.step();
        execution.setFuel(step);
        if (pace.entries()) {
            execution.suspend();
        }
        try {
            while (execution.run() != Execution.Status.FINISHED) {
                execution = goOn(home, execution);
                stops++;
                if (stops >= pace.stopsMax() || frames >= pace.framesMax() || bytes >= pace.bytesMax()) {
                    step *= Pace.GROWTH;
                }
                execution.setFuel(step);
            }
            return execution;
        } finally {
            fuel.add(execution.fuelUsed());
        }
    }

    private static void requireFinished(Execution.Status status) {
        if (status != Execution.Status.FINISHED) {
            throw new AssertionError("stopped without being asked: " + status);
        }
    }

    private Execution goOn(ScriptInstance home, Execution stopped) {
        if (home.isAlone()) {
            suspensions = suspensions.plus(new Suspensions(1, 0, 0));
            byte[] file = save(stopped);
            Execution restored = restore(home, file, new Store(options));
            if (stops == 0) {
                requireOrdinaryModule(file);
                requireSame(file, save(restored));
            }
            return restored;
        }
        if (!home.isImported()
                && others.stream().noneMatch(other -> other != home && other.holdsFunctionsOf(home.current()))) {
            try {
                byte[] file = save(stopped);
                suspensions = suspensions.plus(new Suspensions(0, 1, 0));
                return restore(home, file, shared);
            } catch (IllegalStateException e) {
                if (!FOREIGN_FRAMES.equals(e.getMessage()) && !FOREIGN_REFERENCE.equals(e.getMessage())) {
                    throw e;
                }
            }
        }
        suspensions = suspensions.plus(new Suspensions(0, 0, 1));
        return stopped;
    }

    /// A saved file is a module like any other.
    private static void requireOrdinaryModule(byte[] file) {
        Module.parse(file);
    }

    private static void requireSame(byte[] file, byte[] savedAgain) {
        int at = Arrays.mismatch(file, savedAgain);
        if (at >= 0) {
            throw new AssertionError("saved again at once, the file differs at " + at + ": " + file.length
                    + " bytes before, " + savedAgain.length + " now");
        }
    }

    private byte[] save(Execution stopped) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            SnapshotWriter.write(stopped, new byte[0], Channels.newChannel(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes += file.size();
        return file.toByteArray();
    }

    private Execution restore(ScriptInstance home, byte[] file, Store store) {
        try {
            Snapshot snapshot = Snapshot.read(MemorySegment.ofArray(file), Feature.allSupported(), Limits.DEFAULT);
            frames += snapshot.image().frames().size();
            Execution restored = snapshot.restore(store, home.imports());
            home.replace(restored.instance(), shared);
            return restored;
        } catch (CorruptSnapshotException e) {
            throw new AssertionError("our own file is refused: " + e.getMessage(), e);
        }
    }

    /// Brings an instance that is at rest into the store where others can be linked to it.
    @SuppressWarnings("ReferenceEquality") // a store is what it is
    void bringHome(ScriptInstance instance) {
        if (instance.current().store() != shared) {
            restore(instance, save(Execution.of(instance.current(), false)), shared);
        }
    }
}
