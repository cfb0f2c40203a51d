// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.runtime.CorruptImageException;
import gate.engine.runtime.Execution;
import gate.engine.runtime.HostCall;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.runtime.StackFrame;
import gate.engine.runtime.StateTwin;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.Trap;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// Runs a generated module: instantiates it, then calls some of its functions, stopped and moved as
/// [Interruptions] say.
final class GuestRun {
    private static final int ENTRIES_MAX = 3;

    private final Engine engine;
    private final boolean counting;
    private final Interruptions interruptions;
    private final StoreOptions options;
    private final SplittableRandom arguments;
    private final List<String> events = new ArrayList<>();
    private Module module;
    private Store store;
    private Execution execution;
    private long fuel;
    private int hostCalls;

    private GuestRun(Engine engine, byte[] bytes, long seed, boolean counting, Interruptions interruptions) {
        this.engine = engine;
        this.counting = counting;
        this.interruptions = interruptions;
        this.arguments = new SplittableRandom(seed);
        int stackWords = arguments.nextInt(8) == 0 ? 1_000 + arguments.nextInt(10_000) : 1 << 20;
        this.options = StoreOptions.DEFAULT.withStackWords(stackWords);
        this.module = Module.parse(bytes);
        this.store = new Store(options);
        this.execution = engine.instantiate(store.allocate(module, imports()), counting);
    }

    static Outcome of(Engine engine, byte[] module, long seed, boolean counting, Interruptions interruptions)
            throws CorruptImageException, CorruptSnapshotException, IOException {
        GuestRun run = new GuestRun(engine, module, seed, counting, interruptions);
        try {
            run.entries();
            return new Outcome(run.events, run.state(), counting ? run.fuel : -1);
        } finally {
            run.store.close();
        }
    }

    // ---- entries ----

    private void entries() throws CorruptImageException, CorruptSnapshotException, IOException {
        drive("start");
        int first = module.importedFunctionCount();
        int entries = 0;
        for (int function = module.functionCount() - 1; function >= first && entries < ENTRIES_MAX; function--) {
            FunctionType type = module.functionType(function);
            if (isCallable(type)) {
                execution = engine.of(execution.instance(), counting);
                execution.instance().global(0).setValue(600);
                execution.call(function, arguments(type));
                drive("f" + function);
                entries++;
            }
        }
    }

    private static boolean isCallable(FunctionType type) {
        for (int i = 0; i < type.parameterCount(); i++) {
            if (!ValueType.isDefaultable(type.parameter(i))) {
                return false;
            }
        }
        return true;
    }

    private long[] arguments(FunctionType type) {
        long[] values = new long[type.parameterCount()];
        Choices choices = Choices.seeded(arguments.nextLong());
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type.parameter(i)) {
                case ValueType.I32 -> EdgeValues.i32(choices);
                case ValueType.I64 -> EdgeValues.i64(choices);
                case ValueType.F32 -> EdgeValues.f32(choices);
                case ValueType.F64 -> EdgeValues.f64(choices);
                case ValueType.EXTERNREF -> choices.below(2) * 77L;
                default -> 0;
            };
        }
        return values;
    }

    private void drive(String entry) throws CorruptImageException, CorruptSnapshotException, IOException {
        if (interruptions.carry()) {
            carry(); // not begun yet, for instance not initialised
        }
        try {
            while (true) {
                interruptions.arrange(execution, counting);
                if (execution.run() == Execution.Status.FINISHED) {
                    StringBuilder text = new StringBuilder(entry + " returns");
                    for (long result : execution.results()) {
                        text.append(" 0x").append(Long.toHexString(result));
                    }
                    events.add(text.toString());
                    break;
                }
                if (interruptions.carry()) {
                    carry();
                }
            }
        } catch (Trap trap) {
            events.add(entry + " traps: " + trap.code() + where(trap));
        }
        if (counting) {
            fuel += execution.fuelUsed();
        }
    }

    /// Places relative to functions: saving moves them in the file.
    private String where(Trap trap) {
        StringBuilder text = new StringBuilder();
        for (StackFrame frame : trap.frames()) {
            int offset = frame.codeOffset() - module.bodyStart(frame.functionIndex());
            text.append(" f").append(frame.functionIndex()).append('+').append(offset);
        }
        return text.toString();
    }

    /// Goes on in another instance in another store: half of the times through a file, twice, half of them by copying.
    private void carry() throws CorruptImageException, CorruptSnapshotException, IOException {
        Store target = new Store(options);
        Execution moved;
        if (interruptions.file()) {
            byte[] file = SavedFile.of(execution);
            Snapshot snapshot = SavedFile.read(file);
            module = snapshot.module();
            moved = snapshot.restore(target, imports());
            byte[] again = SavedFile.of(moved);
            if (!Arrays.equals(file, again) && (counting || !interruptions.isDebugged())) {
                // Without breakpoints and counting, instructions without words of their own aren't told apart.
                events.add("saved again it has " + again.length + " bytes instead of " + file.length);
            }
        } else {
            moved = StateTwin.move(execution, target, module, imports());
        }
        store.close();
        store = target;
        execution = moved;
    }

    // ---- host functions ----

    private Imports imports() {
        return wanted -> Optional.of(new ImportValue.Host(host(wanted.name()), module.functionType(wanted.index())));
    }

    private HostFunction host(String name) {
        return call -> {
            if (interruptions.suspend()) {
                execution.suspend();
                if (interruptions.again()) {
                    return HostFunction.Outcome.AGAIN;
                }
            }
            hostCalls++;
            act(name, call);
            return HostFunction.Outcome.DONE;
        };
    }

    private void act(String name, HostCall call) {
        switch (name) {
            case "tick" -> call.result(0, call.i32(0) * 31 + hostCalls);
            case "swap" -> {
                call.result(0, call.argument(1));
                call.result(1, call.argument(0) ^ hostCalls);
            }
            case "pick" -> call.result(0, call.argument(1) == 0 ? 9 : call.argument(0));
            default -> {
                Memory memory = call.memory();
                if (memory != null) {
                    memory.storeInt(8, hostCalls);
                }
                if (hostCalls % 512 == 511) {
                    throw new Trap(Trap.Code.HOST);
                }
            }
        }
        String last = events.isEmpty() ? "" : events.getLast();
        if (last.startsWith(name + " ×")) {
            events.set(events.size() - 1, name + " ×" + (Integer.parseInt(last.substring(name.length() + 2)) + 1));
        } else {
            events.add(name + " ×1");
        }
    }

    // ---- the end ----

    private String state() {
        Instance instance = execution.instance();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < instance.memoryCount(); i++) {
            Memory memory = instance.memory(i);
            CRC32C sum = new CRC32C();
            ByteBuffer content = memory.slice(0, memory.byteSize()).asByteBuffer();
            sum.update(content);
            text.append("memory ").append(i).append(": ").append(memory.pages()).append(" pages, sum ");
            text.append(Long.toHexString(sum.getValue())).append('\n');
        }
        for (int i = 0; i < module.tableCount(); i++) {
            text.append("table ").append(i).append(':');
            for (int k = 0; k < instance.table(i).size(); k++) {
                text.append(' ').append(Long.toHexString(instance.table(i).get(k)));
            }
            text.append('\n');
        }
        for (int i = 0; i < module.globalCount(); i++) {
            text.append("global ").append(i).append(": ");
            text.append(Long.toHexString(instance.global(i).value())).append('\n');
        }
        for (int i = 0; i < module.elementSegmentCount(); i++) {
            text.append(instance.elementsDropped(i) ? 'd' : 'e');
        }
        for (int i = 0; i < module.dataSegmentCount(); i++) {
            text.append(instance.dataDropped(i) ? 'd' : 'b');
        }
        return text.toString();
    }
}
