// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.runtime.Execution;
import gate.engine.runtime.HostCall;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.SuspendPoints;
import gate.engine.runtime.Table;
import gate.engine.runtime.Trap;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Runs a [Program] in our engine and says what can be seen after each step, in the words of `v8.js`.
///
/// Host functions are made up from their types, alike in both: results come from arguments and the number of calls.
final class ObservedRun implements AutoCloseable {
    private static final int CARRIES_PER_CALL = 5;
    private static final int CARRIES_MAX = 60;

    private final Program program;
    /// After how many stops it goes through a saved file; 0 where it isn't stopped.
    private final int every;

    private final List<String> steps = new ArrayList<>();
    private Store store = new Store();
    private Module module;
    private Execution execution;
    private int hostCalls;
    private boolean again;
    private int stops;
    private int carries;

    private ObservedRun(Program program, int every) {
        this.program = program;
        this.every = every;
        this.module = program.module();
        this.execution = Execution.instantiate(store.allocate(module, imports(module)));
    }

    /// @param files how often it went through a saved file
    record Observed(List<String> steps, int files) {}

    static List<String> straight(Program program) throws IOException, CorruptSnapshotException {
        return stopped(program, 0).steps();
    }

    /// Goes through a saved file and back at every `every`-th suspend point, within what time there is.
    static Observed stopped(Program program, int every) throws IOException, CorruptSnapshotException {
        try (ObservedRun run = new ObservedRun(program, every)) {
            run.all();
            return new Observed(run.steps, run.carries);
        }
    }

    @Override
    public void close() {
        store.close();
    }

    private void all() throws IOException, CorruptSnapshotException {
        String start = drive("start", new int[0]);
        boolean started = !start.contains(" traps ");
        steps.add(start + seen(!started));
        if (!started) {
            return;
        }
        for (Program.Call call : program.calls()) {
            Instance instance = execution.instance();
            instance.exportedGlobal(program.fuel()).orElseThrow().setValue(program.steps());
            FunctionType type = module.functionType(call.function());
            long[] arguments = call.arguments().clone();
            for (int i = 0; i < arguments.length; i++) {
                if (type.parameter(i) == ValueType.FUNCREF && arguments[i] != 0) {
                    arguments[i] = instance.functionReference((int) arguments[i] - 1);
                }
            }
            execution = Execution.of(instance, false).call(call.function(), arguments);
            int[] results = new int[type.resultCount()];
            for (int i = 0; i < results.length; i++) {
                results[i] = type.result(i);
            }
            steps.add(drive("call f" + call.function(), results) + seen(false));
        }
    }

    private String drive(String name, int[] results) throws IOException, CorruptSnapshotException {
        int before = carries;
        if (every > 0 && steps.size() % 4 == 0) {
            carry(); // not begun yet
        }
        try {
            while (true) {
                boolean stopping = every > 0 && carries < CARRIES_MAX && carries - before < CARRIES_PER_CALL;
                if (stopping && SuspendPoints.isInitialised(execution)) {
                    SuspendPoints.stopAtNext(execution);
                }
                if (execution.run() == Execution.Status.FINISHED) {
                    break;
                }
                stops++;
                if (stopping && stops % every == 0) {
                    carry();
                }
            }
        } catch (Trap trap) {
            return name + " traps " + kind(trap.code());
        }
        StringBuilder text = new StringBuilder(name);
        long[] values = execution.results();
        for (int i = 0; i < results.length; i++) {
            text.append(' ').append(value(results[i], values[i]));
        }
        return text.toString();
    }

    private void carry() throws IOException, CorruptSnapshotException {
        carries++;
        Snapshot snapshot = SavedFile.read(SavedFile.of(execution));
        Store target = new Store();
        module = snapshot.module();
        execution = snapshot.restore(target, imports(module));
        store.close();
        store = target;
    }

    // ---- what is given ----

    private Imports imports(Module of) {
        return new ImportsByType(of, StoreOptions.DEFAULT, (name, type) -> host(type), Program::given);
    }

    private HostFunction host(FunctionType type) {
        return call -> {
            if (every > 0 && carries < CARRIES_MAX && !again) {
                again = true;
                execution.suspend();
                return HostFunction.Outcome.AGAIN;
            }
            again = false;
            act(type, call);
            return HostFunction.Outcome.DONE;
        };
    }

    private void act(FunctionType type, HostCall call) {
        int sum = hostCalls++;
        for (int i = 0; i < type.parameterCount(); i++) {
            sum = sum * 31 + word(type.parameter(i), call.argument(i));
        }
        if (hostCalls % 256 == 0) {
            throw new Trap(Trap.Code.HOST);
        }
        for (int i = 0; i < type.resultCount(); i++) {
            sum = sum * 31 + i;
            call.result(
                    i,
                    switch (type.result(i)) {
                        case ValueType.I32 -> sum;
                        case ValueType.I64 -> sum * 0x1_0000_0001L;
                        case ValueType.F32 -> Float.floatToRawIntBits(sum);
                        case ValueType.F64 -> Double.doubleToRawLongBits(sum / 4.0);
                        case ValueType.EXTERNREF -> (sum & 1) * 79L;
                        default -> 0;
                    });
        }
    }

    private static int word(int type, long raw) {
        return switch (type) {
            case ValueType.I32 -> (int) raw;
            case ValueType.I64 -> (int) (raw ^ raw >>> 32);
            case ValueType.F32 -> Float.isNaN(Float.intBitsToFloat((int) raw)) ? 7 : (int) raw;
            case ValueType.F64 -> Double.isNaN(Double.longBitsToDouble(raw)) ? 7 : (int) (raw ^ raw >>> 32);
            default -> raw == 0 ? 0 : 1;
        };
    }

    // ---- what is seen ----

    private String seen(boolean importedOnly) {
        Instance instance = execution.instance();
        StringBuilder text = new StringBuilder();
        for (Program.Thing thing : program.things()) {
            if (thing.imported() || !importedOnly) {
                text.append(' ').append(thing.label()).append('=');
                int index = thing.index();
                text.append(
                        switch (thing.kind()) {
                            case GLOBAL ->
                                value(
                                        module.global(index).valueType(),
                                        instance.global(index).value());
                            case MEMORY -> sum(instance.memory(index));
                            case TABLE -> sum(module.table(index).elementType(), instance.table(index));
                            case FUNCTION -> throw new IllegalStateException("functions aren't looked at");
                        });
            }
        }
        return text.toString();
    }

    private String value(int type, long raw) {
        return switch (type) {
            case ValueType.I32 -> Integer.toString((int) raw);
            case ValueType.I64 -> Long.toString(raw);
            case ValueType.F32 -> {
                float number = Float.intBitsToFloat((int) raw);
                yield Float.isNaN(number) ? "nan" : Integer.toString((int) raw);
            }
            case ValueType.F64 -> {
                double number = Double.longBitsToDouble(raw);
                yield Double.isNaN(number) ? "nan" : Long.toString(raw);
            }
            default -> raw == 0 ? "null" : Integer.toString(reference(type, raw));
        };
    }

    /// An external reference's number, or a function's index.
    private int reference(int type, long raw) {
        return type == ValueType.EXTERNREF
                ? (int) raw
                : execution.instance().functionIndex(raw).orElseThrow();
    }

    private static String sum(Memory memory) {
        int sum = 0x811C9DC5; // FNV-1a, of words
        for (long at = 0; at < memory.byteSize(); at += 4) {
            sum = (sum ^ memory.loadInt(at)) * 0x01000193;
        }
        return memory.pages() + ":" + sum;
    }

    private String sum(int type, Table table) {
        int sum = 0x811C9DC5;
        for (int i = 0; i < table.size(); i++) {
            long raw = table.get(i);
            sum = (sum ^ (raw == 0 ? -1 : reference(type, raw))) * 0x01000193;
        }
        return table.size() + ":" + sum;
    }

    private static String kind(Trap.Code code) {
        return switch (code) {
            case UNREACHABLE -> "unreachable";
            case CALL_STACK_EXHAUSTED -> "stack";
            case MEMORY_OUT_OF_BOUNDS -> "memory";
            case TABLE_OUT_OF_BOUNDS, UNDEFINED_ELEMENT -> "table";
            case UNINITIALIZED_ELEMENT, INDIRECT_CALL_TYPE_MISMATCH -> "signature";
            case NULL_REFERENCE, NULL_FUNCTION_REFERENCE -> "null";
            case INTEGER_DIVIDE_BY_ZERO -> "zero";
            case INTEGER_OVERFLOW, INVALID_CONVERSION_TO_INTEGER -> "range";
            case HOST -> "host";
        };
    }
}
