// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.contract.packet.PacketViolation;
import gate.engine.abi.AbiState;
import gate.engine.abi.Cause;
import gate.engine.abi.EntryException;
import gate.engine.abi.EntryFunction;
import gate.engine.abi.GateAbi;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.abi.TrapId;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.UnlinkableException;
import gate.engine.snapshot.Buffers;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotInfo;
import gate.engine.wasm.Module;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an instance begins with: reference 3.3.
///
/// @param status RUNNING where it is to run
/// @param engineBreakpoints the same for the engine; null where there are none
record LaunchedState(
        Execution execution,
        GateAbi abi,
        Status status,
        TrapId trap,
        AbiState abiState,
        ChannelBuffers buffered,
        List<Buffers.ServiceState> services,
        List<Long> breakpoints,
        @Nullable Breakpoints engineBreakpoints) {
    static LaunchedState of(InstanceHost host, Program program, Launch launch) throws InstanceException {
        if (launch.beginning() == Launch.Beginning.SUSPENDED
                && !launch.function().isEmpty()) {
            throw InstanceException.conflict("function cannot be specified for suspended instance");
        }
        requireMemory(program.module(), launch.policy());
        GateAbi abi = new GateAbi();
        Store store = new Store(StoreOptions.DEFAULT
                .withBackend(host.memory())
                .withStackWords(launch.policy().stackWords())
                .withMemoryPagesMax(launch.policy().memoryPagesMax()));
        try {
            Optional<Snapshot> snapshot = program.snapshot();
            return snapshot.isPresent()
                    ? ofSnapshot(program, snapshot.get(), launch, abi, store)
                    : ofModule(program.module(), launch, abi, store);
        } catch (InstanceException | RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    private static void requireMemory(Module module, InstancePolicy policy) throws InstanceException {
        long pages = 0;
        for (int i = 0; i < module.memoryCount(); i++) {
            pages += module.memory(i).minimum();
        }
        if (pages > policy.memoryPagesMax()) {
            throw InstanceException.badProgram("initial program memory size exceeds instance memory size limit");
        }
    }

    private static LaunchedState ofModule(Module module, Launch launch, GateAbi abi, Store store)
            throws InstanceException {
        Optional<EntryFunction> entry = entry(module, launch, EntryFunction.Origin.PROGRAM);
        Execution execution;
        try {
            execution = Execution.instantiate(
                    store.allocate(module, abi), launch.fuel().isPresent());
            launch.fuel().ifPresent(execution::setFuel);
        } catch (UnlinkableException e) {
            throw InstanceException.badProgram(String.valueOf(e.getMessage()));
        }
        entry.ifPresent(function -> execution.call(function.index()));
        boolean halted = launch.beginning() == Launch.Beginning.SUSPENDED && entry.isEmpty();
        TrapId trap = halted ? TrapId.EXIT : TrapId.SUSPENDED;
        Status stopped = halted ? Status.exited(State.HALTED, 0) : trap.status();
        return new LaunchedState(
                execution,
                abi,
                runs(launch) ? running() : stopped,
                trap,
                AbiState.FRESH,
                ChannelBuffers.EMPTY,
                List.of(),
                List.of(),
                null);
    }

    private static Optional<EntryFunction> entry(Module module, Launch launch, EntryFunction.Origin origin)
            throws InstanceException {
        try {
            return EntryFunction.choose(module, launch.function(), origin);
        } catch (EntryException e) {
            throw InstanceException.notFound(e.publicText());
        }
    }

    private static LaunchedState ofSnapshot(Program program, Snapshot snapshot, Launch launch, GateAbi abi, Store store)
            throws InstanceException {
        SnapshotInfo info = snapshot.info();
        TrapId trap = TrapId.of(info.trap())
                .orElseThrow(() -> InstanceException.badProgram("unknown trap in gate.snapshot: " + info.trap()));
        ExecutionImage image = snapshot.outline();
        boolean begun = image.entry() >= 0 || !image.pending().isEmpty();
        boolean closed = begun || snapshot.hidesExports();
        Optional<EntryFunction> entry = entry(
                snapshot.module(), launch, closed ? EntryFunction.Origin.SUSPENDED : EntryFunction.Origin.SNAPSHOT);
        try {
            if (snapshot.originalStackBytes() > (long) launch.policy().stackWords() * Long.BYTES) {
                throw InstanceException.badProgram("call stack size limit exceeded");
            }
            Execution execution = snapshot.restore(store, abi);
            entry.ifPresent(function -> execution.call(function.index()));
            if (launch.fuel().isPresent() && !execution.isCounting()) {
                throw InstanceException.conflict("instructions of the saved program haven't been counted");
            }
            launch.fuel().ifPresent(execution::setFuel);
            ChannelBuffers buffered = new ChannelBuffers(
                    snapshot.buffers().input(),
                    snapshot.buffers().output(),
                    HostState.of(snapshot.hostState()).padding());
            boolean stays = info.isFinal() || !runs(launch);
            boolean goesOn = begun || entry.isPresent();
            Status status = stays ? stopped(info, trap, goesOn) : running();
            return new LaunchedState(
                    execution,
                    abi,
                    status,
                    trap,
                    new AbiState(info.monotonicNanos()),
                    buffered,
                    snapshot.buffers().services(),
                    info.breakpoints(),
                    info.breakpoints().isEmpty() ? null : program.breakpoints(info.breakpoints()));
        } catch (CorruptSnapshotException | UnlinkableException | PacketViolation e) {
            throw InstanceException.badProgram(String.valueOf(e.getMessage()));
        }
    }

    private static Status stopped(SnapshotInfo info, TrapId trap, boolean goesOn) {
        int result = info.result() == 0 ? 0 : 1;
        if (info.isFinal()) {
            return switch (trap) {
                case EXIT -> Status.exited(State.TERMINATED, result);
                // It ended there all the same.
                case SUSPENDED, CALL_STACK_EXHAUSTED, BREAKPOINT, ABI_DEFICIENCY ->
                    new Status(State.KILLED, trap.status().cause(), 0, "");
                default -> trap.status();
            };
        }
        if (trap != TrapId.EXIT) {
            return trap.status();
        }
        return goesOn ? TrapId.SUSPENDED.status() : Status.exited(State.HALTED, result);
    }

    private static boolean runs(Launch launch) {
        return launch.beginning() == Launch.Beginning.AT_ONCE;
    }

    static Status running() {
        return new Status(State.RUNNING, Cause.NORMAL, 0, "");
    }
}
