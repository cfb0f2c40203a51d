// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.ValueType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The one host call that an execution can be in.
final class HostCallFrame implements HostCall {
    private final Machine machine;
    private @Nullable FunctionType type;
    private int base;
    private long[] results = new long[1];

    HostCallFrame(Machine machine) {
        this.machine = machine;
    }

    /// Calls a host function whose arguments are at `newBase`, where its results go.
    ///
    /// @return false where it has to be called again
    boolean invoke(ImportValue.Host host, int newBase) {
        FunctionType called = host.type();
        type = called;
        base = newBase;
        int resultCount = called.resultCount();
        if (results.length < resultCount) {
            results = new long[resultCount];
        }
        HostFunction.Outcome outcome;
        try {
            outcome = host.function().call(this);
        } finally {
            machine.setWake(null);
            type = null;
        }
        if (outcome == HostFunction.Outcome.AGAIN) {
            return false;
        }
        machine.ensureStack(newBase + resultCount);
        System.arraycopy(results, 0, machine.stack, newBase, resultCount);
        machine.reloadMemory();
        return true;
    }

    boolean isInProgress() {
        return type != null;
    }

    private FunctionType type() {
        FunctionType called = type;
        if (called == null) {
            throw new IllegalStateException("the host call is over");
        }
        return called;
    }

    @Override
    public long argument(int index) {
        Objects.checkIndex(index, type().parameterCount());
        return machine.stack[base + index];
    }

    @Override
    public void result(int index, long value) {
        int valueType = type().result(index);
        boolean narrow = valueType == ValueType.I32 || valueType == ValueType.F32;
        results[index] = narrow ? (int) value : value;
    }

    @Override
    public @Nullable Memory memory() {
        Instance caller = machine.instance;
        return caller.memories.length == 0 ? null : caller.memories[0];
    }

    @Override
    public Instance instance() {
        return machine.instance;
    }

    @Override
    public boolean suspendRequested() {
        return machine.isSuspendRequestedNow();
    }

    @Override
    public void wakeWith(@Nullable Runnable wake) {
        machine.setWake(wake);
    }
}
