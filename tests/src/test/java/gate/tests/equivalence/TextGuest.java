// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import gate.engine.runtime.CorruptImageException;
import gate.engine.runtime.Execution;
import gate.engine.runtime.HostFunction;
import gate.engine.runtime.Images;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Store;
import gate.engine.runtime.StoreOptions;
import gate.engine.runtime.SuspendPoints;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.Snapshot;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.io.IOException;
import java.util.Optional;

/// A program in the text format whose execution can be moved while it stands.
final class TextGuest implements AutoCloseable {
    private final HostFunction host;
    private final StoreOptions options;
    private Store store;
    private Execution execution;
    private int stops;

    private TextGuest(Module module, HostFunction host, StoreOptions options, boolean counting) {
        this.host = host;
        this.options = options;
        this.store = new Store(options);
        this.execution = Execution.instantiate(store.allocate(module, imports(module)), counting);
    }

    /// @param host what every imported function does
    static TextGuest of(String text, HostFunction host) {
        Module module = Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
        return new TextGuest(module, host, StoreOptions.DEFAULT, true);
    }

    static TextGuest of(String text) {
        return of(text, call -> HostFunction.Outcome.DONE);
    }

    /// One whose instructions aren't counted: several may stand before the same word of the engine's code.
    static TextGuest withoutCounting(String text) {
        Module module = Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
        return new TextGuest(module, call -> HostFunction.Outcome.DONE, StoreOptions.DEFAULT, false);
    }

    static TextGuest of(Module module) {
        return new TextGuest(module, call -> HostFunction.Outcome.DONE, StoreOptions.DEFAULT, true);
    }

    private Imports imports(Module module) {
        return wanted -> Optional.of(new ImportValue.Host(host, module.functionType(wanted.index())));
    }

    Execution execution() {
        return execution;
    }

    Instance instance() {
        return execution.instance();
    }

    /// How often it has stopped.
    int stops() {
        return stops;
    }

    TextGuest call(String export, long... arguments) {
        execution.call(instance().exportedFunction(export).orElseThrow(), arguments);
        return this;
    }

    /// Runs on until it has finished.
    long[] finish() {
        while (execution.run() != Execution.Status.FINISHED) {
            stops++;
        }
        return execution.results();
    }

    /// Runs to the next suspend point.
    Execution.Status step() {
        if (SuspendPoints.isInitialised(execution)) {
            SuspendPoints.stopAtNext(execution);
        }
        Execution.Status status = execution.run();
        if (status != Execution.Status.FINISHED) {
            stops++;
        }
        return status;
    }

    /// Makes its execution again from an image, in the same instance.
    void moveByImage() throws CorruptImageException {
        execution = Images.restore(instance(), Images.capture(execution));
    }

    /// Goes on in another instance, made from a file.
    ///
    /// @return the file's size
    int moveByFile() throws IOException, CorruptSnapshotException {
        byte[] file = SavedFile.of(execution);
        Store target = new Store(options);
        Snapshot snapshot = SavedFile.read(file);
        execution = snapshot.restore(target, imports(snapshot.module()));
        store.close();
        store = target;
        return file.length;
    }

    @Override
    public void close() {
        store.close();
    }
}
