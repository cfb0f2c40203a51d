// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.runtime.HostCall;
import gate.engine.runtime.HostFunction.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// WASI preview 1's functions as imports of one instance, looked up by module and field name.
///
/// Every function answers with an error number; none traps. A function that waits can be stopped: either it had no
/// effect and is called again, or it tells how far it came (a short read or write).
public final class WasiPreview1 {
    /// The module name of preview 1.
    public static final String MODULE = "wasi_snapshot_preview1";

    /// The module name of preview 0, to be named where it is refused: its functions have the same names and types, but
    /// `fd_seek` numbers its origins otherwise, and `filestat` and `subscription` have other layouts.
    public static final String OLD_MODULE = "wasi_unstable";

    private final Wasi wasi;
    private final ProcessCalls process;
    private final DescriptorCalls descriptors;
    private final TransferCalls transfers;
    private final DirectoryCalls directories;
    private final PathCalls paths;
    private final PathOpenCall pathOpen;
    private final PollCall poll;

    private WasiPreview1(Wasi wasi) {
        this.wasi = wasi;
        this.process = new ProcessCalls(wasi);
        this.descriptors = new DescriptorCalls(wasi);
        this.transfers = new TransferCalls(wasi);
        this.directories = new DirectoryCalls(wasi);
        this.paths = new PathCalls(wasi);
        this.pathOpen = new PathOpenCall(wasi);
        this.poll = new PollCall(wasi);
    }

    public static WasiPreview1 of(Wasi wasi) {
        return new WasiPreview1(wasi);
    }

    /// The names of all of them.
    public static List<String> names() {
        return Arrays.stream(Preview1.values()).map(Preview1::fieldName).toList();
    }

    /// The function of that name; empty where WASI has none.
    public Optional<WasiFunction> function(String module, String name) {
        Preview1 function = module.equals(MODULE) ? Preview1.of(name) : null;
        if (function == null) {
            return Optional.empty();
        }
        return Optional.of(
                new WasiFunction(name, function.parameters(), function.results(), call -> call(function, call)));
    }

    private Outcome call(Preview1 function, HostCall call) {
        wasi.begin(function);
        Errno errno;
        try {
            dispatch(function, new Guest(call));
            errno = Errno.SUCCESS;
        } catch (WasiError e) {
            errno = e.errno();
        } catch (CallAgain e) {
            return Outcome.AGAIN;
        }
        call.result(0, errno.code());
        return Outcome.DONE;
    }

    /// One arm for each of the 46: longer than a screen because they are many.
    private void dispatch(Preview1 function, Guest guest) {
        switch (function) {
            case ARGS_GET -> process.argumentsGet(guest);
            case ARGS_SIZES_GET -> process.argumentsSizesGet(guest);
            case ENVIRON_GET -> process.environmentGet(guest);
            case ENVIRON_SIZES_GET -> process.environmentSizesGet(guest);
            case CLOCK_RES_GET -> process.clockResolutionGet(guest);
            case CLOCK_TIME_GET -> process.clockTimeGet(guest);
            case FD_ADVISE -> descriptors.advise(guest);
            case FD_ALLOCATE -> descriptors.allocate(guest);
            case FD_CLOSE -> descriptors.close(guest);
            case FD_DATASYNC -> descriptors.synchronizeData(guest);
            case FD_FDSTAT_GET -> descriptors.statusGet(guest);
            case FD_FDSTAT_SET_FLAGS -> descriptors.statusSetFlags(guest);
            case FD_FDSTAT_SET_RIGHTS -> descriptors.statusSetRights(guest);
            case FD_FILESTAT_GET -> descriptors.statGet(guest);
            case FD_FILESTAT_SET_SIZE -> descriptors.statSetSize(guest);
            case FD_FILESTAT_SET_TIMES -> descriptors.statSetTimes(guest);
            case FD_PREAD -> transfers.readAt(guest);
            case FD_PRESTAT_GET -> directories.preopenGet(guest);
            case FD_PRESTAT_DIR_NAME -> directories.preopenName(guest);
            case FD_PWRITE -> transfers.writeAt(guest);
            case FD_READ -> transfers.read(guest);
            case FD_READDIR -> directories.read(guest);
            case FD_RENUMBER -> descriptors.renumber(guest);
            case FD_SEEK -> descriptors.seek(guest);
            case FD_SYNC -> descriptors.synchronize(guest);
            case FD_TELL -> descriptors.tell(guest);
            case FD_WRITE -> transfers.write(guest);
            case PATH_CREATE_DIRECTORY -> paths.createDirectory(guest);
            case PATH_FILESTAT_GET -> paths.statGet(guest);
            case PATH_FILESTAT_SET_TIMES -> paths.statSetTimes(guest);
            case PATH_LINK -> paths.link(guest);
            case PATH_OPEN -> pathOpen.open(guest);
            case PATH_READLINK -> paths.readLink(guest);
            case PATH_REMOVE_DIRECTORY -> paths.removeDirectory(guest);
            case PATH_RENAME -> paths.rename(guest);
            case PATH_SYMLINK -> paths.symbolicLink(guest);
            case PATH_UNLINK_FILE -> paths.unlink(guest);
            case POLL_ONEOFF -> poll.poll(guest);
            case PROC_EXIT -> process.exit(guest);
            case PROC_RAISE -> process.raise(guest);
            case SCHED_YIELD -> process.schedYield();
            case RANDOM_GET -> process.randomGet(guest);
            case SOCK_ACCEPT, SOCK_RECV, SOCK_SEND, SOCK_SHUTDOWN -> descriptors.socket(guest);
        }
    }
}
