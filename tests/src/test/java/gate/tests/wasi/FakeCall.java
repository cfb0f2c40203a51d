// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import gate.engine.runtime.HostCall;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A host call without an engine.
final class FakeCall implements HostCall {
    private final @Nullable Memory memory;
    private final long[] arguments;
    private volatile boolean suspended;
    private BooleanSupplier suspendedBy = () -> false;
    private @Nullable Runnable wake;
    private @Nullable Long result;

    FakeCall(@Nullable Memory memory, long... arguments) {
        this.memory = memory;
        this.arguments = arguments.clone();
    }

    /// What the engine does when someone stops the execution.
    synchronized void suspend() {
        suspended = true;
        if (wake != null) {
            wake.run();
        }
    }

    /// A wish to stop that is answered anew at each look.
    void suspendWhen(BooleanSupplier when) {
        suspendedBy = when;
    }

    boolean hasResult() {
        return result != null;
    }

    int errno() {
        if (result == null) {
            throw new AssertionError("no result was given");
        }
        return result.intValue();
    }

    synchronized boolean hasWake() {
        return wake != null;
    }

    @Override
    public long argument(int index) {
        return arguments[index];
    }

    @Override
    public void result(int index, long value) {
        if (index != 0) {
            throw new AssertionError("result " + index);
        }
        result = value;
    }

    @Override
    public @Nullable Memory memory() {
        return memory;
    }

    @Override
    public Instance instance() {
        throw new AssertionError("WASI has no use for the instance");
    }

    @Override
    public boolean suspendRequested() {
        return suspended || suspendedBy.getAsBoolean();
    }

    @Override
    public synchronized void wakeWith(@Nullable Runnable runnable) {
        wake = runnable;
    }
}
