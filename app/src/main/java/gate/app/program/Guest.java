// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.DirectoryGrant;
import gate.app.options.EnvironmentEntry;
import gate.app.options.RunOptions;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.GuestExit;
import gate.engine.runtime.Memory;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.Trap;
import gate.engine.runtime.UnlinkableException;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.ProgramState;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotInfo;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.wasm.Feature;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.engine.wasm.ModuleException;
import gate.executor.host.wasi.CorruptWasiStateException;
import gate.executor.host.wasi.Preopen;
import gate.executor.host.wasi.Wasi;
import gate.executor.host.wasi.WasiPreview1;
import gate.executor.host.wasi.WasiRestoreException;
import gate.executor.host.wasi.WasiState;
import gate.executor.host.wasi.WasiWorld;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A program with everything around it, ready to run: made from a module or from a saved file.
///
/// @param execution runs it
/// @param results type of the function whose results are the program's; null where it has none to show
/// @param breakpoints that it was saved with: code offsets (reference 3.6), ascending
public record Guest(
        Store store,
        Execution execution,
        Wasi wasi,
        @Nullable FunctionType results,
        List<Long> breakpoints) implements Stoppable {
    private static final int WORD_BYTES = 8;

    public Guest {
        breakpoints = List.copyOf(breakpoints);
    }

    /// A program at its beginning.
    ///
    /// @throws CommandFailure where it can't be run
    public static Guest of(RunOptions options, WasiWorld world) {
        return of(options, readUnsaved(options), world);
    }

    /// The module of a program at its beginning.
    ///
    /// @throws CommandFailure where it is none
    public static Module readUnsaved(RunOptions options) {
        Module module = ProgramFile.readModule(options.file());
        if (Snapshot.isSnapshot(MemorySegment.ofArray(module.bytes()))) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    options.file() + " is a saved program; `gate resume " + options.file() + "` continues it");
        }
        return module;
    }

    /// A program at its beginning, whose module has been read.
    ///
    /// @throws CommandFailure where it can't be run
    public static Guest of(RunOptions options, Module module, WasiWorld world) {
        int stackWords = stackWords(options, StoreOptions.DEFAULT.stackWords());
        int memoryPages = memoryPages(options, StoreOptions.DEFAULT.memoryPagesMax());
        Wasi wasi = Wasi.create(arguments(options), environment(options), world);
        GuestImports imports = new GuestImports(WasiPreview1.of(wasi));
        imports.check(options.file(), module);
        Entry entry = Entry.of(options, module);
        Store store = store(stackWords, memoryPages);
        try {
            boolean counting = options.limits().fuel() != null;
            Execution execution = Execution.instantiate(store.allocate(module, imports), counting);
            entry.addTo(execution);
            setFuel(options, execution);
            return new Guest(store, execution, wasi, entry.results(), List.of());
        } catch (UnlinkableException | OutOfMemoryError e) {
            store.close();
            throw notAllowed(options, e);
        }
    }

    /// A program that was saved.
    ///
    /// @throws CommandFailure where it can't go on
    public static Guest resumed(RunOptions options, WasiWorld world) {
        try (Arena arena = Arena.ofConfined()) {
            return resumed(options, readSaved(options, arena), world);
        }
    }

    /// A program that was saved, whose file has been read.
    ///
    /// @throws CommandFailure where it can't go on
    public static Guest resumed(RunOptions options, Snapshot snapshot, WasiWorld world) {
        if (snapshot.info().isFinal()) {
            throw new CommandFailure(ExitCode.BAD_INPUT, options.file() + " has ended, and can't go on");
        }
        return restored(options, snapshot, world);
    }

    /// A program that was saved, as it stood, which may be at its end: then it is only to be looked at.
    ///
    /// @throws CommandFailure where it can't be made again
    public static Guest restored(RunOptions options, Snapshot snapshot, WasiWorld world) {
        try {
            Optional<Entry> entry = Entry.ofSaved(options, snapshot);
            SavedSettings saved = SavedSettings.of(snapshot.hostState());
            Wasi wasi = Wasi.restore(withEnvironment(options, WasiState.parse(saved.wasi())), world);
            Store store = store(stackWords(options, saved.stackWords()), memoryPages(options, saved.memoryPagesMax()));
            GuestImports imports = new GuestImports(WasiPreview1.of(wasi));
            imports.check(options.file(), snapshot.module());
            Execution execution = snapshot.restore(store, imports);
            entry.ifPresent(called -> called.addTo(execution));
            setFuel(options, execution);
            List<Long> breakpoints = snapshot.info().breakpoints();
            FunctionType results = entry.isPresent() ? entry.get().results() : lastCall(snapshot);
            return new Guest(store, execution, wasi, results, breakpoints);
        } catch (InternalError e) { // what the JVM makes of a mapped file that was cut off meanwhile
            throw ProgramFile.changed(options.file());
        } catch (CorruptSnapshotException | CorruptWasiStateException | IllegalArgumentException e) {
            throw broken(options, e);
        } catch (WasiRestoreException e) {
            throw new CommandFailure(ExitCode.NO_INPUT, options.file() + " can't go on here: " + e.getMessage());
        } catch (UnlinkableException | OutOfMemoryError e) {
            throw notAllowed(options, e);
        }
    }

    /// Reads a saved program.
    ///
    /// @param arena how long it is needed
    /// @throws CommandFailure where it is none
    public static Snapshot readSaved(RunOptions options, Arena arena) {
        try {
            return read(options, ProgramFile.map(options.file(), arena));
        } catch (InternalError e) { // what the JVM makes of a mapped file that was cut off meanwhile
            throw ProgramFile.changed(options.file());
        } catch (CorruptSnapshotException e) {
            throw broken(options, e);
        }
    }

    private static CommandFailure broken(RunOptions options, Exception e) {
        return new CommandFailure(
                ExitCode.BAD_INPUT, options.file() + " is a saved program that is broken: " + e.getMessage());
    }

    private static Snapshot read(RunOptions options, MemorySegment bytes) throws CorruptSnapshotException {
        if (!Snapshot.isSnapshot(bytes)) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    options.file() + " is no saved program; `gate run " + options.file()
                            + "` would run it from its start");
        }
        try {
            return Snapshot.read(bytes, Feature.allSupported(), Limits.DEFAULT);
        } catch (ModuleException e) {
            throw ProgramFile.notAModule(options.file(), e);
        }
    }

    // ---- what it is given ----

    /// The first argument is the program's own name.
    private static List<String> arguments(RunOptions options) {
        List<String> arguments = new ArrayList<>();
        arguments.add(String.valueOf(options.file().getFileName()));
        if (options.entry() == null) { // else they are the function's
            arguments.addAll(options.arguments());
        }
        return arguments;
    }

    private static List<String> environment(RunOptions options) {
        return options.environment().stream()
                .map(entry -> entry.key() + "=" + entry.value())
                .toList();
    }

    /// The guest's own environment goes on with it; variables that are given anew replace those of the same
    /// name.
    private static WasiState withEnvironment(RunOptions options, WasiState state) {
        List<String> keys =
                options.environment().stream().map(EnvironmentEntry::key).toList();
        List<String> environment = Stream.concat(
                        state.environment().stream()
                                .filter(entry -> !keys.contains(entry.substring(0, Math.max(0, entry.indexOf('='))))),
                        environment(options).stream())
                .toList();
        return new WasiState(
                state.arguments(),
                environment,
                state.monotonicNanos(),
                state.cpuNanos(),
                state.descriptors(),
                state.input(),
                state.pending(),
                state.exitStatus());
    }

    /// The folders that are given, and otherwise what this process has.
    ///
    /// @throws CommandFailure where a folder isn't there, or they don't go together
    public static WasiWorld world(List<DirectoryGrant> directories) {
        ClosedInput.refuse();
        try {
            return WasiWorld.system(directories.stream()
                    .map(grant -> new Preopen(grant.host(), grant.guest(), grant.readOnly()))
                    .toList());
        } catch (IllegalArgumentException e) {
            boolean missing = directories.stream().anyMatch(grant -> !Files.isDirectory(grant.host()));
            throw new CommandFailure(missing ? ExitCode.NO_INPUT : ExitCode.USAGE, "--dir: " + e.getMessage());
        }
    }

    // ---- limits ----

    private static Store store(int stackWords, int memoryPagesMax) {
        return new Store(StoreOptions.DEFAULT
                .withBackend(memoryBackend())
                .withStackWords(stackWords)
                .withMemoryPagesMax(memoryPagesMax));
    }

    /// Where memories of programs on this machine come from.
    public static MemoryBackend memoryBackend() {
        return System.getProperty("os.name").equals("Linux") ? MemoryBackend.mapped() : MemoryBackend.arena();
    }

    private static int stackWords(RunOptions options, int otherwise) {
        Long bytes = options.limits().stackBytes();
        return bytes == null ? otherwise : Math.clamp(bytes / WORD_BYTES, 1, 1 << 28);
    }

    /// Pages of memory that a program may have.
    public static int memoryPages(RunOptions options, int otherwise) {
        Long bytes = options.limits().memoryBytes();
        return bytes == null ? otherwise : (int) Math.min(bytes / Memory.PAGE_BYTES, Memory.PAGES_MAX);
    }

    /// Fuel that is left goes on being used up, unless there is more.
    private static void setFuel(RunOptions options, Execution execution) {
        Long fuel = options.limits().fuel();
        if (fuel == null) {
            return;
        }
        try {
            execution.setFuel(fuel);
        } catch (IllegalStateException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    options.file()
                            + " was started without --fuel: its instructions haven't been counted, and can't be");
        }
    }

    private static CommandFailure notAllowed(RunOptions options, Throwable e) {
        String hint = options.limits().memoryBytes() == null
                ? ""
                : "; the limit is from --max-memory: a larger SIZE, or leaving it away, allows more";
        return new CommandFailure(ExitCode.BAD_INPUT, options.file() + ": " + e.getMessage() + hint);
    }

    // ---- what is called ----

    /// What the program's result will be when it goes on: that of the last call it has to make.
    private static @Nullable FunctionType lastCall(Snapshot snapshot) {
        List<ExecutionImage.PendingCall> pending = snapshot.outline().pending();
        int function = pending.isEmpty()
                ? snapshot.outline().entry()
                : pending.getLast().function();
        return function < 0 ? null : snapshot.module().functionType(function);
    }

    // ---- running ----

    /// The end of a stretch that has used up all its fuel.
    public static Stretch outOfFuel() {
        return new Stretch.Lacking(
                "--fuel was used up",
                "`gate resume --fuel N ",
                "--fuel was used up; with --snapshot FILE it could go on from there",
                ExitCode.FUEL_LIMIT);
    }

    @Override
    public Stretch run(Streams streams) {
        try {
            return switch (execution.run()) {
                case FINISHED -> finished(streams);
                case OUT_OF_FUEL -> outOfFuel();
                case BREAKPOINT ->
                    new Stretch.Lacking(
                            "it came to a breakpoint",
                            "`gate debug ",
                            "it came to a breakpoint; with --snapshot FILE it could go on from there",
                            ExitCode.TRAP);
                default -> new Stretch.Stopped();
            };
        } catch (GuestExit exit) {
            return new Stretch.Ended(ExitCode.ofGuest(exit.status()));
        } catch (Trap trap) {
            TrapReport.print(streams, String.valueOf(trap.getMessage()), trap.frames());
            if (trap.code() == Trap.Code.CALL_STACK_EXHAUSTED) {
                streams.say("--max-stack SIZE gives it a larger call stack");
            }
            return new Stretch.Ended(ExitCode.TRAP.number());
        }
    }

    private Stretch finished(Streams streams) {
        printResults(streams.out());
        return new Stretch.Ended(ExitCode.OK.number());
    }

    /// Prints the results of a program whose last call has returned.
    public void printResults(PrintStream out) {
        FunctionType type = results;
        if (type != null) {
            long[] values = execution.results();
            for (int i = 0; i < values.length; i++) {
                out.println(ValueSyntax.format(values[i], type.result(i)));
            }
        }
    }

    @Override
    public void suspend() {
        execution.suspend();
    }

    @Override
    public List<String> problems() {
        return wasi.save().problems();
    }

    @Override
    public void write(WritableByteChannel out) throws IOException {
        boolean idle = execution.status() == Execution.Status.FINISHED;
        write(out, false, idle ? SnapshotInfo.EXIT : SnapshotInfo.SUSPENDED, breakpoints);
    }

    /// Saves it as a debugger leaves it.
    ///
    /// @param isFinal it can't go on
    /// @param trap why it has stopped: reference 2.1
    /// @param kept breakpoints as code offsets, ascending
    public void write(WritableByteChannel out, boolean isFinal, int trap, List<Long> kept) throws IOException {
        WasiState state = wasi.save();
        SnapshotInfo info = new SnapshotInfo(isFinal, trap, 0, state.monotonicNanos(), kept);
        SnapshotWriter.write(execution, ProgramState.of(info, savedSettings(state)), out);
    }

    /// What [#resumed(RunOptions, WasiWorld)] needs to know, of a guest that is stopped.
    private byte[] savedSettings(WasiState state) {
        StoreOptions limits = store.options();
        return new SavedSettings(limits.stackWords(), limits.memoryPagesMax(), state.toBytes()).toBytes();
    }

    @Override
    public void close() {
        wasi.close();
        store.close();
    }
}
