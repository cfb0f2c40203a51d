// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import gate.engine.wasm.Export;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.GlobalType;
import gate.engine.wasm.Import;
import gate.engine.wasm.MemoryType;
import gate.engine.wasm.Module;
import gate.engine.wasm.TableType;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A module instance: core specification 4.2.5. Made by [Store#allocate]; for one thread at a time.
public final class Instance {
    private final Store store;
    private final int number;
    final ModuleCode code;
    private final Module module;

    /// What imported functions are, as references.
    final long[] importedFunctions;

    final Table[] tables;
    final Memory[] memories;
    final Global[] globals;
    final boolean[] droppedElements;
    final boolean[] droppedData;
    private final @Nullable ElementValues[] elementValues;

    /// Memories that have their initial data by sharing.
    final boolean[] adopted;

    private @Nullable InitialMemory @Nullable [] images;

    private Breakpoints breakpoints = Breakpoints.NONE;
    /// Code with breakpoints, which no other instance has.
    private @Nullable ModuleCode ownCode;

    Instance(Store store, int number, ModuleCode code) {
        this.store = store;
        this.number = number;
        this.code = code;
        this.module = code.module;
        this.importedFunctions = new long[module.importedFunctionCount()];
        this.tables = new Table[module.tableCount()];
        this.memories = new Memory[module.memoryCount()];
        this.globals = new Global[module.globalCount()];
        this.droppedElements = new boolean[module.elementSegmentCount()];
        this.droppedData = new boolean[module.dataSegmentCount()];
        this.adopted = new boolean[module.memoryCount()];
        this.elementValues = new ElementValues[module.elementSegmentCount()];
    }

    public Store store() {
        return store;
    }

    public Module module() {
        return module;
    }

    int number() {
        return number;
    }

    // ---- code ----

    /// The code of all functions, by function index; null where not translated yet.
    @Nullable
    FunctionCode[] functions(boolean fuel) {
        if (breakpoints.isNone()) {
            return code.functions(fuel);
        }
        ModuleCode own = ownCode;
        if (own == null) {
            own = new ModuleCode(module);
            ownCode = own;
        }
        return own.functions(fuel);
    }

    Breakpoints breakpoints() {
        return breakpoints;
    }

    /// No execution's frames may be in the code that there was before.
    void setBreakpoints(Breakpoints changed) {
        breakpoints = changed;
        ownCode = null;
    }

    // ---- linking ----

    void link(Imports imports) {
        for (int i = 0; i < module.importCount(); i++) {
            Import wanted = module.importAt(i);
            ImportValue value = imports.find(wanted).orElseThrow(() -> unlinkable("unknown import", wanted));
            resolve(wanted, value);
        }
        ConstantExpressions constants = new ConstantExpressions(this);
        for (int i = module.importedGlobalCount(); i < globals.length; i++) {
            GlobalType type = module.global(i);
            globals[i] = new Global(ExternType.of(module, type), constants.evaluate(module.globalInitialiser(i)));
        }
        StoreOptions options = store.options();
        Allowance elements = new Allowance(options.tableElementsMax());
        Allowance pages = new Allowance(options.memoryPagesMax());
        for (int i = module.importedTableCount(); i < tables.length; i++) {
            TableType type = module.table(i);
            if (!elements.take(type.minimum())) {
                throw new UnlinkableException("table " + i + " has " + type.minimum()
                        + " elements at its start; left of the " + options.tableElementsMax() + " allowed are "
                        + elements.left());
            }
            int initialiser = module.tableInitialiser(i);
            long initial = initialiser < 0 ? 0 : constants.evaluate(initialiser);
            tables[i] = new Table(ExternType.of(module, type), (int) type.minimum(), type.maximum(), elements, initial);
        }
        for (int i = module.importedMemoryCount(); i < memories.length; i++) {
            memories[i] = allocateMemory(i, module.memory(i).minimum(), pages);
        }
    }

    private Memory allocateMemory(int index, int pages, Allowance allowance) {
        MemoryType type = module.memory(index);
        int allowed = store.options().memoryPagesMax();
        if (!allowance.take(pages)) {
            throw new UnlinkableException("memory " + index + " needs " + pages + " pages of 64 KiB at its start; "
                    + allowance.left() + " are left of the " + allowed + " that all memories together may have");
        }
        boolean declared = type.maximum() >= 0;
        int maximum = declared ? type.maximum() : Memory.PAGES_MAX;
        return store.options()
                .backend()
                .allocate(new MemoryShape(pages, Math.max(maximum, pages), declared, allowed, allowance));
    }

    private static UnlinkableException unlinkable(String reason, Import wanted) {
        return new UnlinkableException(
                reason + ": " + wanted.kind().label() + " \"" + wanted.module() + "\" \"" + wanted.name() + "\"");
    }

    private void resolve(Import wanted, ImportValue value) {
        boolean fits = switch (value) {
            case ImportValue.Host host ->
                wanted.kind() == ExternalKind.FUNCTION && resolveFunction(wanted.index(), host);
            case ImportValue.Function function ->
                wanted.kind() == ExternalKind.FUNCTION && resolveFunction(wanted.index(), function);
            case ImportValue.OfTable table ->
                wanted.kind() == ExternalKind.TABLE && resolveTable(wanted.index(), table.table());
            case ImportValue.OfMemory memory ->
                wanted.kind() == ExternalKind.MEMORY && resolveMemory(wanted.index(), memory.memory());
            case ImportValue.OfGlobal global ->
                wanted.kind() == ExternalKind.GLOBAL && resolveGlobal(wanted.index(), global.global());
        };
        if (!fits) {
            throw unlinkable("incompatible import type", wanted);
        }
    }

    private boolean resolveFunction(int index, ImportValue.Host host) {
        importedFunctions[index] = store.hostReference(host);
        return host.type().equals(module.functionType(index));
    }

    private boolean resolveFunction(int index, ImportValue.Function function) {
        if (function.instance().store != store) {
            throw new IllegalArgumentException("an imported function belongs to another store");
        }
        importedFunctions[index] = function.instance().reference(function.index());
        return function.instance().module.functionType(function.index()).equals(module.functionType(index));
    }

    private boolean resolveTable(int index, Table table) {
        tables[index] = table;
        TableType wanted = module.table(index);
        return table.type().equals(ExternType.of(module, wanted))
                && table.size() >= wanted.minimum()
                && (wanted.maximum() < 0 || table.maximum() >= 0 && table.maximum() <= wanted.maximum());
    }

    private boolean resolveMemory(int index, Memory memory) {
        memories[index] = memory;
        MemoryType wanted = module.memory(index);
        return memory.pages() >= wanted.minimum()
                && (wanted.maximum() < 0 || memory.hasDeclaredMaximum() && memory.maximumPages() <= wanted.maximum());
    }

    private boolean resolveGlobal(int index, Global global) {
        globals[index] = global;
        return global.type().matches(ExternType.of(module, module.global(index)));
    }

    void closeMemories() {
        for (int i = module.importedMemoryCount(); i < memories.length; i++) {
            @Nullable Memory memory = memories[i];
            if (memory != null) {
                memory.close();
            }
        }
    }

    // ---- access ----

    /// The reference to a function of the module's index space; an imported one is its owner's.
    long reference(int function) {
        return function < importedFunctions.length ? importedFunctions[function] : store.reference(this, function);
    }

    /// The reference to a function of the module's index space, for embedders.
    public long functionReference(int function) {
        return reference(function);
    }

    /// The index that a function reference has in this module; empty for a function that it neither has nor
    /// imports.
    public OptionalInt functionIndex(long reference) {
        if (!Store.isHost(reference) && store.instanceOf(reference) == this) {
            return OptionalInt.of(Store.functionIndex(reference));
        }
        for (int i = 0; i < importedFunctions.length; i++) {
            if (importedFunctions[i] == reference) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    public FunctionType functionType(int function) {
        return module.functionType(function);
    }

    private Optional<Integer> exported(String name, ExternalKind kind) {
        Export export = module.exports().get(name);
        return export == null || export.kind() != kind ? Optional.empty() : Optional.of(export.index());
    }

    /// The index of an exported function.
    public Optional<Integer> exportedFunction(String name) {
        return exported(name, ExternalKind.FUNCTION);
    }

    public Optional<Memory> exportedMemory(String name) {
        return exported(name, ExternalKind.MEMORY).map(index -> memories[index]);
    }

    public Optional<Table> exportedTable(String name) {
        return exported(name, ExternalKind.TABLE).map(index -> tables[index]);
    }

    public Optional<Global> exportedGlobal(String name) {
        return exported(name, ExternalKind.GLOBAL).map(index -> globals[index]);
    }

    /// An export as another module's import.
    public Optional<ImportValue> exportAsImport(String name) {
        Export export = module.exports().get(name);
        if (export == null) {
            return Optional.empty();
        }
        int index = export.index();
        return Optional.of(
                switch (export.kind()) {
                    case FUNCTION -> functionAsImport(index);
                    case TABLE -> new ImportValue.OfTable(tables[index]);
                    case MEMORY -> new ImportValue.OfMemory(memories[index]);
                    case GLOBAL -> new ImportValue.OfGlobal(globals[index]);
                });
    }

    private ImportValue functionAsImport(int index) {
        long reference = reference(index);
        return Store.isHost(reference)
                ? store.host(reference)
                : new ImportValue.Function(store.instanceOf(reference), Store.functionIndex(reference));
    }

    public int memoryCount() {
        return memories.length;
    }

    public Memory memory(int index) {
        return memories[index];
    }

    public Table table(int index) {
        return tables[index];
    }

    /// The values of all globals, raw.
    public long[] globalValues() {
        long[] values = new long[globals.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = globals[i].value();
        }
        return values;
    }

    public Global global(int index) {
        return globals[index];
    }

    /// The references of an element segment that hasn't been dropped, evaluated when first asked for.
    ///
    /// @return null where `pause` came first; what has been done is kept
    @Nullable
    ElementValues elementValues(int segment, BooleanSupplier pause) {
        ElementValues values = elementValues[segment];
        if (values == null) {
            values = new ElementValues(this, module.elementSegment(segment));
            elementValues[segment] = values;
        }
        return values.advance(pause) ? values : null;
    }

    /// The images that this instance may share, asked for once.
    @Nullable
    InitialMemory[] imagesOnce() {
        @Nullable InitialMemory[] known = images;
        if (known == null) {
            known = code.imagesForInstance();
            images = known;
        }
        return known;
    }

    void dropElements(int segment) {
        droppedElements[segment] = true;
        elementValues[segment] = null;
    }

    /// Whether an element segment has been dropped.
    public boolean elementsDropped(int segment) {
        return droppedElements[segment];
    }

    /// Whether a data segment has been dropped.
    public boolean dataDropped(int segment) {
        return droppedData[segment];
    }
}
