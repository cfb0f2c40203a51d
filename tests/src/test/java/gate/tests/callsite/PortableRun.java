// SPDX-License-Identifier: Apache-2.0
package gate.tests.callsite;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.callsite.Entries;
import gate.engine.callsite.OriginalStack;
import gate.engine.callsite.RestoredStack;
import gate.engine.runtime.CorruptImageException;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.HostCall;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.Images;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.runtime.StateTwin;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.SuspendPoints;
import gate.engine.runtime.Trap;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.wasm.Module;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// Runs a generated program, straight or stopped at suspend points and carried to another instance as a portable stack.
final class PortableRun implements AutoCloseable {
    /// How often a run goes through a portable stack at most.
    private static final int CARRIES_MAX = 40;

    private final Module module;
    private final OriginalStack stacks;
    private final Entries entries;
    private final SplittableRandom random;
    private final boolean stopping;
    private Store store = new Store(StoreOptions.DEFAULT);
    private Execution execution;
    private int hostCalls;
    private int stops;
    private int carries;

    private PortableRun(Module module, OriginalStack stacks, long seed, boolean stopping) {
        this.module = module;
        this.stacks = stacks;
        this.random = new SplittableRandom(seed);
        this.stopping = stopping;
        Instance instance = store.allocate(module, imports());
        this.entries = new Entries(
                module.startFunction(), instance.exportedFunction("entry").orElseThrow());
        this.execution = Execution.instantiate(instance, random.nextBoolean());
        execution.call(entries.entry());
    }

    /// What came of a run.
    record Outcome(String end, int stops, int carries) {}

    static Outcome straight(Module module, OriginalStack stacks, long seed)
            throws CorruptSnapshotException, CorruptImageException {
        return run(module, stacks, seed, false);
    }

    static Outcome stopped(Module module, OriginalStack stacks, long seed)
            throws CorruptSnapshotException, CorruptImageException {
        return run(module, stacks, seed, true);
    }

    private static Outcome run(Module module, OriginalStack stacks, long seed, boolean stopping)
            throws CorruptSnapshotException, CorruptImageException {
        try (PortableRun run = new PortableRun(module, stacks, seed, stopping)) {
            return new Outcome(run.drive() + run.state(), run.stops, run.carries);
        }
    }

    private String drive() throws CorruptSnapshotException, CorruptImageException {
        try {
            while (true) {
                if (execution.isCounting()) {
                    execution.setFuel(Long.MAX_VALUE / 2);
                }
                if (stopping && carries < CARRIES_MAX && SuspendPoints.isInitialised(execution)) {
                    SuspendPoints.stopAtNext(execution);
                } else if (stopping && stops == 0 && random.nextBoolean() && execution.isCounting()) {
                    execution.setFuel(0); // stops at the first suspend point, initialised
                }
                if (execution.run() == Execution.Status.FINISHED) {
                    return "returns " + Arrays.toString(execution.results());
                }
                stops++;
                if (random.nextInt(3) > 0) {
                    carry();
                }
            }
        } catch (Trap trap) {
            return "traps: " + trap.code();
        }
    }

    private void carry() throws CorruptSnapshotException, CorruptImageException {
        ExecutionImage image = Images.capture(execution);
        Optional<byte[]> stack = stacks.encode(image, entries);
        if (image.entry() >= 0) {
            assertThat(stacks.hasSite(image.frames().getLast())).isEqualTo(stack.isPresent());
        }
        if (stack.isEmpty()) {
            return;
        }
        RestoredStack read = stacks.decode(stack.get());
        assertThat(read.resumable()).isTrue();
        assertThat(read.image().frames().isEmpty() ? stack : stacks.encode(read.image(), entries))
                .as("what has been read can be written")
                .isPresent();
        Store target = new Store(StoreOptions.DEFAULT);
        Instance instance = target.allocate(module, imports());
        StateTwin.copy(execution.instance(), instance);
        execution = Images.restore(instance, read.image());
        store.close();
        store = target;
        carries++;
    }

    private Imports imports() {
        return wanted -> Optional.of(new ImportValue.Host(host(wanted.name()), module.functionType(wanted.index())));
    }

    private HostFunction host(String name) {
        return call -> {
            if (stopping && random.nextInt(3) == 0) {
                execution.suspend();
                if (random.nextBoolean()) {
                    return HostFunction.Outcome.AGAIN;
                }
            }
            hostCalls++;
            act(name, call);
            return HostFunction.Outcome.DONE;
        };
    }

    private void act(String name, HostCall call) {
        if (!name.startsWith("io")) {
            call.result(0, hostCalls * 31L + (name.contains("read") ? call.i32(0) : 0));
        }
        Memory memory = call.memory();
        if (memory != null) {
            memory.storeInt(8, hostCalls);
        }
    }

    private String state() {
        Instance instance = execution.instance();
        Memory memory = instance.memory(0);
        CRC32C sum = new CRC32C();
        ByteBuffer content = memory.slice(0, memory.byteSize()).asByteBuffer();
        sum.update(content);
        return ", memory " + Long.toHexString(sum.getValue()) + ", globals "
                + instance.global(0).value() + " " + instance.global(1).value() + ", " + hostCalls + " host calls";
    }

    @Override
    public void close() {
        store.close();
    }
}
