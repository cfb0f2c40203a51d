// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What WASI knows of one instance: arguments, environment, open descriptors, clocks, and a wait that was
/// stopped.
///
/// [WasiPreview1] has the functions. [#save()] and [#restore(WasiState, WasiWorld)] carry it to another
/// process. It owns the descriptors of the process behind the guest's; for one thread at a time.
public final class Wasi implements AutoCloseable {
    /// The guest's monotonic clock at its start. Not 0, which Go's runtime takes for a broken clock.
    private static final long FIRST_MONOTONIC_NANOS = 1_000_000;

    private final List<String> arguments;
    private final List<String> environment;
    private final WasiWorld world;
    private final DescriptorTable table = new DescriptorTable();
    private final GuestInput input;
    private final long monotonicOffset;
    private final long cpuOffset;

    private long lastCpuNanos;
    private @Nullable PendingCall pending;
    private @Nullable Preview1 current;
    private long progress;
    private @Nullable Integer exitStatus;
    private @Nullable HostFiles files;

    Wasi(WasiWorld world, WasiState start) {
        this.arguments = checked(start.arguments(), "argument");
        this.environment = checked(start.environment(), "environment variable");
        this.world = world;
        this.input = new GuestInput(world.input(), start.input());
        this.monotonicOffset = start.monotonicNanos() - world.clocks().monotonicNanos();
        this.cpuOffset = start.cpuNanos();
        this.lastCpuNanos = start.cpuNanos();
        this.pending = start.pending();
        this.exitStatus = start.exitStatus();
    }

    /// A new instance's: standard streams at 0 to 2, the given directories from 3 on.
    ///
    /// @param arguments the first is the program's name
    /// @param environment each `NAME=value`
    public static Wasi create(List<String> arguments, List<String> environment, WasiWorld world) {
        WasiState start =
                new WasiState(arguments, environment, FIRST_MONOTONIC_NANOS, 0, List.of(), Bytes.EMPTY, null, null);
        Wasi wasi = new Wasi(world, start);
        for (int stream = 0; stream <= 2; stream++) {
            wasi.table.add(StandardStream.of(stream, world));
        }
        for (Preopen preopen : world.preopens()) {
            wasi.table.add(OpenDirectory.ofPreopen(preopen, Rights.DIRECTORY, Rights.INHERITING, 0));
        }
        return wasi;
    }

    /// Goes on where a saved one was: open files are opened again by preopen, path and position.
    ///
    /// @throws WasiRestoreException where a file is gone or its directory isn't given
    public static Wasi restore(WasiState state, WasiWorld world) {
        Wasi wasi = new Wasi(world, state);
        try {
            new DescriptorRestorer(wasi).restore(state.descriptors());
            return wasi;
        } catch (RuntimeException e) {
            wasi.close();
            throw e;
        }
    }

    /// What [#restore(WasiState, WasiWorld)] needs to go on from here. Changes nothing; only while the instance
    /// is stopped.
    public WasiState save() {
        return new WasiState(
                arguments,
                environment,
                monotonicNanos(),
                lastCpuNanos,
                new DescriptorSaver(this).save(),
                input.unread(),
                pending,
                exitStatus);
    }

    /// The status the guest has exited with, or null.
    public @Nullable Integer exitStatus() {
        return exitStatus;
    }

    /// Closes the files behind the guest's descriptors.
    @Override
    public void close() {
        HostFiles opened = files;
        if (opened != null) {
            table.all().values().forEach(descriptor -> descriptor.close(opened));
            opened.closeRoots();
        }
        table.all().clear();
    }

    List<String> arguments() {
        return arguments;
    }

    List<String> environment() {
        return environment;
    }

    WasiWorld world() {
        return world;
    }

    DescriptorTable table() {
        return table;
    }

    GuestInput input() {
        return input;
    }

    /// Access to the host's files, set up when it is first needed: setting up takes time.
    HostFiles files() {
        HostFiles made = files;
        if (made == null) {
            made = new HostFiles();
            files = made;
        }
        return made;
    }

    /// A device or pipe that was opened, with those of the rights that make sense for it.
    OpenDevice device(
            FileOpener.Opened opened, Preopen preopen, String path, int access, SavedDescriptor.Common common) {
        boolean seekable = files().seek(opened.file(), 0, HostFiles.SEEK_CUR) >= 0;
        long possible = seekable ? Rights.DEVICE | Rights.FD_SEEK | Rights.FD_TELL : Rights.DEVICE;
        return new OpenDevice(
                opened,
                preopen,
                path,
                access,
                seekable,
                new SavedDescriptor.Common(common.flags(), common.rights() & possible, common.inheriting()));
    }

    PathResolver resolver() {
        return new PathResolver(files());
    }

    FileOpener opener() {
        return new FileOpener(files(), resolver());
    }

    long monotonicNanos() {
        return world.clocks().monotonicNanos() + monotonicOffset;
    }

    long cpuNanos() {
        lastCpuNanos = cpuOffset + world.clocks().cpuNanos();
        return lastCpuNanos;
    }

    void exitStatus(int status) {
        exitStatus = status;
    }

    /// Takes note that a function is called: what a stopped call left is for the first call after it, which is
    /// the same call made again.
    void begin(Preview1 function) {
        PendingCall left = pending;
        pending = null;
        current = function;
        progress = left != null && left.function().equals(function.fieldName()) ? left.progress() : 0;
    }

    /// How far this call came when it was stopped; 0 where it is made the first time.
    long progress() {
        return progress;
    }

    /// Ends the current call for now.
    ///
    /// @param reached what [#progress()] answers when it is made again
    CallAgain again(long reached) {
        if (reached != 0 && current != null) {
            pending = new PendingCall(current.fieldName(), reached);
        }
        return new CallAgain();
    }

    private static List<String> checked(List<String> texts, String what) {
        for (String text : texts) {
            if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw new IllegalArgumentException("an " + what + " that holds a zero or is no text: " + text);
            }
        }
        return List.copyOf(texts);
    }
}
