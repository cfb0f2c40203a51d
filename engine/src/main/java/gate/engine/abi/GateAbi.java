// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import gate.engine.runtime.GuestExit;
import gate.engine.runtime.HostCall;
import gate.engine.runtime.HostFunction.Outcome;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.wasm.Import;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The import functions of one program: Gate's reference 1.2.
///
/// They are made for a start, or for the resumption of a saved program; a program that was stopped and
/// stayed in memory is resumed with [#begin]. When it has stopped, [#state()] has to be kept, and
/// [#deficiency()] tells whether it stopped by itself.
///
/// A call that is stopped either did nothing and is made again, or is complete. Work that a program can
/// make long (lists of buffers, subscriptions, text for the log) looks at least every few ten microseconds
/// at whether it is to stop.
///
/// Functions may throw [gate.engine.runtime.Trap] (a buffer outside of the memory) and
/// [gate.engine.runtime.GuestExit] (`proc_exit`), and what an [AbiHost] throws. For one thread at a time.
public final class GateAbi implements Imports {
    private final Map<AbiFunction, ImportValue> values = new EnumMap<>(AbiFunction.class);
    private @Nullable Running running;

    /// For a program whose runs each begin with [#begin].
    public GateAbi() {}

    /// For a program that starts, or that was saved.
    ///
    /// @param state [AbiState#FRESH] for one that starts
    public GateAbi(AbiHost host, AbiPolicy policy, AbiState state) {
        this.running = new Running(host, policy, state);
    }

    /// Before a program goes on that stayed in memory: it gets new random bytes, learns from `io` that it
    /// was resumed, and its clock goes on.
    public void begin(AbiHost host, AbiPolicy policy, AbiState state) {
        this.running = new Running(host, policy, state);
    }

    private Running running() {
        Running current = running;
        if (current == null) {
            throw new IllegalStateException("the program's first run hasn't begun");
        }
        return current;
    }

    /// What travels with the program; to be asked for when it has stopped, before time passes.
    public AbiState state() {
        return running().clock().state();
    }

    /// What the last call of an import function lacked: where it is there, the execution was suspended by
    /// [TrapId#ABI_DEFICIENCY], and not from outside.
    public Optional<Deficiency> deficiency() {
        return Optional.ofNullable(running().deficiency());
    }

    /// Empty for what [AbiImports#check] refuses with a reason.
    @Override
    public Optional<ImportValue> find(Import wanted) {
        AbiFunction function;
        try {
            function = AbiImports.find(wanted);
        } catch (BadProgramException e) {
            return Optional.empty();
        }
        return Optional.of(values.computeIfAbsent(function, this::value));
    }

    private ImportValue value(AbiFunction function) {
        return new ImportValue.Host(call -> call(function, call), function.type());
    }

    private Outcome call(AbiFunction function, HostCall call) {
        Running current = running();
        current.setDeficiency(null);
        Answer answer = answer(function, new AbiCall(call, function, current));
        if (answer == Answer.REPEAT) {
            return Outcome.AGAIN;
        }
        if (function.givesErrno()) {
            call.result(0, answer.code());
        }
        return Outcome.DONE;
    }

    private static Answer answer(AbiFunction function, AbiCall call) {
        return switch (function) {
            case FD -> Descriptors.packetDescriptor(call);
            case IO -> IoCall.io(call);
            case ARGS_GET, SCHED_YIELD -> Answer.SUCCESS;
            case ARGS_SIZES_GET -> ProcessCalls.argumentsSizes(call);
            case CLOCK_RES_GET -> ProcessCalls.clockResolution(call);
            case CLOCK_TIME_GET -> ProcessCalls.clockTime(call);
            case ENVIRON_GET -> ProcessCalls.environment(call);
            case ENVIRON_SIZES_GET -> ProcessCalls.environmentSizes(call);
            case FD_CLOSE -> Descriptors.close(call);
            case FD_FDSTAT_GET -> Descriptors.status(call);
            case FD_FDSTAT_SET_RIGHTS -> Descriptors.setRights(call);
            case FD_PRESTAT_DIR_NAME -> Descriptors.directoryName(call);
            case FD_READ -> TransferCalls.read(call);
            case FD_RENUMBER -> Descriptors.renumber(call);
            case FD_WRITE -> TransferCalls.write(call);
            case PATH_LINK -> Descriptors.refused(call.i32(0), call.i32(4));
            case PATH_RENAME -> Descriptors.refused(call.i32(0), call.i32(3));
            case PATH_SYMLINK -> Descriptors.refused(call.i32(2));
            case POLL_ONEOFF -> PollCall.poll(call);
            case PROC_EXIT -> throw new GuestExit(call.i32(0));
            case PROC_RAISE -> call.deficient("there are no signals");
            case RANDOM_GET -> ProcessCalls.random(call);
            case SOCK_RECV -> Descriptors.socketReceive(call);
            case SOCK_SEND -> Descriptors.socketSend(call);
            case FD_ADVISE,
                    FD_ALLOCATE,
                    FD_DATASYNC,
                    FD_FDSTAT_SET_FLAGS,
                    FD_FILESTAT_GET,
                    FD_FILESTAT_SET_SIZE,
                    FD_FILESTAT_SET_TIMES,
                    FD_PREAD,
                    FD_PRESTAT_GET,
                    FD_PWRITE,
                    FD_READDIR,
                    FD_SEEK,
                    FD_SYNC,
                    FD_TELL,
                    PATH_CREATE_DIRECTORY,
                    PATH_FILESTAT_GET,
                    PATH_FILESTAT_SET_TIMES,
                    PATH_OPEN,
                    PATH_READLINK,
                    PATH_REMOVE_DIRECTORY,
                    PATH_UNLINK_FILE,
                    SOCK_SHUTDOWN -> Descriptors.refused(call.i32(0));
        };
    }
}
