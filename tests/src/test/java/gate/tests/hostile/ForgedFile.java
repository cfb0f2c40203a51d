// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import gate.app.CommandFailure;
import gate.app.instance.SessionServices;
import gate.app.program.Guest;
import gate.engine.abi.AbiPolicy;
import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.runtime.Execution;
import gate.engine.runtime.GuestExit;
import gate.engine.runtime.Trap;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.ModuleException;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.InstanceHost;
import gate.executor.host.instance.InstancePolicy;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.server.service.ServiceContext;
import gate.server.service.builtin.ProgramServices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// A file that may be forged, opened as the `gate` command and servers do: it is refused with a reason, or it runs,
/// stops in a state that the reference has, and can be saved and opened again. Anything else that happens is thrown.
final class ForgedFile {
    /// What has become of it.
    enum Outcome {
        REFUSED,
        ENDED,
        SUSPENDED
    }

    private static final InstancePolicy LITTLE = InstancePolicy.of(8 << 16, 64 << 10, AbiPolicy.DEFAULT);
    /// Its trap id: reference 2.1.
    private static final int INTERNAL_ERROR = 29;

    private static final long RUN_NANOS = 200_000;

    private final InstanceHost host;
    private final ProgramServices.Options services;
    private final AllocationWatch allocation;
    private volatile String last = "";

    ForgedFile(InstanceHost host, ProgramServices.Options services, AllocationWatch allocation) {
        this.host = host;
        this.services = services;
        this.allocation = allocation;
    }

    private static Snapshot read(byte[] file) throws CorruptSnapshotException {
        return Snapshot.read(MemorySegment.ofArray(file), Feature.allSupported(), Limits.DEFAULT);
    }

    private Outcome refused(Exception refusal) {
        requireReason(refusal);
        last = String.valueOf(refusal.getMessage());
        return Outcome.REFUSED;
    }

    private static void requireReason(Exception refusal) {
        if (String.valueOf(refusal.getMessage()).isBlank() || "null".equals(refusal.getMessage())) {
            throw new AssertionError("refused without a reason", refusal);
        }
    }

    /// Why the last one was refused.
    String lastRefusal() {
        return last;
    }

    // ---- programs of the gate profile ----

    Outcome tryInstance(byte[] file, boolean suspended) throws InterruptedException {
        long before = allocation.begin();
        Launch launch = Launch.of("forged").withPolicy(LITTLE);
        Program program;
        try {
            program = Program.of(read(file));
        } catch (ModuleException | CorruptSnapshotException | InstanceException e) {
            allocation.endReading(before, file.length);
            return refused(e);
        }
        allocation.endReading(before, file.length);
        SessionServices session = new SessionServices("forged", services, ServiceContext.ANONYMOUS);
        GateInstance instance;
        try {
            instance = GateInstance.launch(host, session, program, suspended ? launch.asSuspended() : launch);
        } catch (InstanceException e) {
            allocation.endOpening(before, file.length);
            return refused(e);
        }
        try {
            if (!suspended) {
                stop(instance);
            }
            // That it has ended so may be what the file says.
            boolean says = instance.status().cause() == Cause.INTERNAL
                    && read(file).info().trap() == INTERNAL_ERROR;
            if (!says) {
                requireDocumented(instance.status());
            }
            allocation.endOpening(before, file.length);
            return saveAndOpen(instance, suspended);
        } catch (CorruptSnapshotException e) {
            throw new AssertionError("it could be read before", e);
        } finally {
            instance.close();
        }
    }

    private static void stop(GateInstance instance) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(RUN_NANOS);
        instance.suspend();
        instance.await();
    }

    /// Reference 2.1 and 2.3: each state and the causes that it can have.
    private static void requireDocumented(Status status) {
        Cause cause = status.cause();
        boolean possible = switch (status.state()) {
            case HALTED, TERMINATED -> cause == Cause.NORMAL && (status.result() | 1) == 1;
            case SUSPENDED ->
                switch (cause) {
                    case NORMAL, CALL_STACK_EXHAUSTED, BREAKPOINT, ABI_DEFICIENCY -> true;
                    default -> false;
                };
            case KILLED -> cause != Cause.INTERNAL;
            case RUNNING, NONEXISTENT -> false;
        };
        if (!possible) {
            throw new AssertionError("it has become " + status);
        }
    }

    private Outcome saveAndOpen(GateInstance instance, boolean suspended) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            instance.snapshot(Channels.newChannel(out));
        } catch (InstanceException e) {
            requireReason(e); // memory contents that don't fit are found out late
            return Outcome.ENDED;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        State state = instance.status().state();
        try (GateInstance again = GateInstance.launch(
                host,
                new SessionServices("again", services, ServiceContext.ANONYMOUS),
                Program.of(read(out.toByteArray())),
                Launch.of("again").withPolicy(LITTLE).asSuspended())) {
            if (again.status().state() != state
                    || again.status().cause() != instance.status().cause()) {
                throw new AssertionError(instance.status() + " was saved and is " + again.status());
            }
            if (!suspended && state == State.SUSPENDED) {
                again.resume("");
                stop(again);
                requireDocumented(again.status());
            }
        } catch (ModuleException | CorruptSnapshotException | InstanceException e) {
            throw new AssertionError("what it was saved as isn't accepted", e);
        }
        return state == State.SUSPENDED ? Outcome.SUSPENDED : Outcome.ENDED;
    }

    // ---- programs with WASI ----

    /// Stops those that wait, or run for longer than fuel is counted.
    private static final ScheduledExecutorService ALARMS = Executors.newScheduledThreadPool(
            1, Thread.ofPlatform().daemon().name("alarms").factory());

    Outcome tryWasi(byte[] file) throws IOException {
        long before = allocation.begin();
        Snapshot snapshot;
        try {
            snapshot = read(file);
        } catch (ModuleException | CorruptSnapshotException e) {
            allocation.endReading(before, file.length);
            return refused(e);
        }
        allocation.endReading(before, file.length);
        try (Guest guest = Guest.resumed(SnapshotCorpus.wasiOptions(), snapshot, SnapshotCorpus.silent())) {
            ScheduledFuture<?> alarm = ALARMS.schedule(guest::suspend, 100, TimeUnit.MILLISECONDS);
            Optional<Execution.Status> status = run(guest);
            alarm.cancel(false);
            if (status.isEmpty()) {
                return Outcome.ENDED;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            guest.write(Channels.newChannel(out));
            try (Guest again =
                    Guest.restored(SnapshotCorpus.wasiOptions(), read(out.toByteArray()), SnapshotCorpus.silent())) {
                return again.execution().status() == Execution.Status.FINISHED ? Outcome.ENDED : Outcome.SUSPENDED;
            } catch (CorruptSnapshotException | ModuleException e) {
                throw new AssertionError("what it was saved as isn't accepted", e);
            }
        } catch (CommandFailure e) {
            return refused(e);
        }
    }

    private static Optional<Execution.Status> run(Guest guest) {
        try {
            return Optional.of(guest.execution().run());
        } catch (Trap | GuestExit e) {
            return Optional.empty();
        }
    }
}
