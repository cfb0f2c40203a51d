// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that linked instances share: core specification 4.2.3. For one thread at a time.
///
/// A function reference is a `long`: the instance's number plus [#FIRST_INSTANCE] in the upper half and the
/// function's index there in the lower; host functions have [#HOST] above and their number in the store below. Null
/// is 0. An external reference is whatever non-zero number the embedder gives it.
public final class Store implements AutoCloseable {
    private static final int HOST = 1;
    private static final int FIRST_INSTANCE = 2;
    private static final int CLOSED = -1;

    private final StoreOptions options;
    private final List<Instance> instances = new ArrayList<>();
    private final List<ImportValue.Host> hostFunctions = new ArrayList<>();
    /// Executions that are running, on [#runner], or [#CLOSED]. Guarded by this.
    private int running;

    private @Nullable Thread runner;

    public Store(StoreOptions options) {
        this.options = options;
    }

    /// A store with the default options.
    public Store() {
        this(StoreOptions.DEFAULT);
    }

    public StoreOptions options() {
        return options;
    }

    /// Allocates an instance of a module: its imports are resolved and checked, its memories, tables and globals
    /// made. Segments aren't copied yet and the start function hasn't run: that is what [Execution#instantiate]
    /// does.
    ///
    /// @throws UnlinkableException where an import is missing or of another type
    /// @throws OutOfMemoryError where the host has no memory for it
    public Instance allocate(Module module, Imports imports) {
        requireOpen();
        Instance instance = new Instance(this, instances.size(), codeOf(module));
        instances.add(instance);
        try {
            instance.link(imports);
        } catch (UnlinkableException | OutOfMemoryError e) {
            instance.closeMemories();
            throw e;
        }
        return instance;
    }

    private static ModuleCode codeOf(Module module) {
        return (ModuleCode) module.attachment(ModuleCode::new);
    }

    long reference(Instance instance, int function) {
        return (long) (instance.number() + FIRST_INSTANCE) << 32 | function;
    }

    @SuppressWarnings("ReferenceEquality") // the same import value is the same function
    long hostReference(ImportValue.Host host) {
        for (int i = 0; i < hostFunctions.size(); i++) {
            if (hostFunctions.get(i) == host) {
                return (long) HOST << 32 | i;
            }
        }
        hostFunctions.add(host);
        return (long) HOST << 32 | hostFunctions.size() - 1;
    }

    static boolean isHost(long reference) {
        return reference >>> 32 == HOST;
    }

    ImportValue.Host host(long reference) {
        return hostFunctions.get((int) reference);
    }

    Instance instanceOf(long reference) {
        return instances.get((int) (reference >>> 32) - FIRST_INSTANCE);
    }

    static int functionIndex(long reference) {
        return (int) reference;
    }

    FunctionType typeOf(long reference) {
        return isHost(reference)
                ? host(reference).type()
                : instanceOf(reference).module().functionType(functionIndex(reference));
    }

    /// Whether a number is a reference to a function of this store.
    boolean isFunction(long reference) {
        long high = reference >>> 32;
        int low = (int) reference;
        if (high == HOST) {
            return low >= 0 && low < hostFunctions.size();
        }
        long number = high - FIRST_INSTANCE;
        return number >= 0
                && number < instances.size()
                && low >= instances.get((int) number).module().importedFunctionCount()
                && low < instances.get((int) number).module().functionCount();
    }

    private synchronized void requireOpen() {
        if (running == CLOSED) {
            throw new IllegalStateException("the store is closed");
        }
    }

    /// Says that an execution begins to run on this thread: until [#leave()], memories stay, and no other thread
    /// runs anything of the store.
    synchronized void enter() {
        requireOpen();
        Thread current = Thread.currentThread();
        if (running > 0 && runner != current) {
            throw new IllegalStateException("another thread runs an execution of the store");
        }
        runner = current;
        running++;
    }

    synchronized void leave() {
        running--;
        if (running == 0) {
            runner = null;
        }
    }

    /// Gives back the memories of all its instances, which can't be used any more.
    ///
    /// @throws IllegalStateException where an execution is running: suspend it first
    @Override
    public synchronized void close() {
        if (running > 0) {
            throw new IllegalStateException("an execution of the store is running");
        }
        running = CLOSED;
        instances.forEach(Instance::closeMemories);
    }
}
