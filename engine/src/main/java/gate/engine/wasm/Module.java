// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A decoded and validated module. Immutable and thread-safe.
///
/// It keeps the module's bytes, the positions of what is in them, and per function four numbers; instructions stay
/// encoded until a function is first called. All offsets are byte offsets in [#bytes()].
///
/// Core specification 2.5 "Modules".
public final class Module {
    final byte[] bytes;
    private final Set<Feature> policy;
    private final Limits limits;

    final List<Section> sections = new ArrayList<>();
    FunctionType[] types = new FunctionType[0];
    int[] canonical = new int[0];
    int typesDefined;

    int[] importNames = new int[0];
    byte[] importKinds = new byte[0];
    int[] importIndexes = new int[0];

    int importedFunctions;
    int importedTables;
    int importedMemories;
    int importedGlobals;
    int[] functionTypes = new int[0];
    int functionCount;
    int[] bodyStarts = new int[0];
    int[] bodyEnds = new int[0];
    int[] operandsMax = new int[0];

    final List<TableType> tables = new ArrayList<>();
    /// Offset of a table's initialiser, or -1; of defined tables only.
    final List<Integer> tableInitialisers = new ArrayList<>();

    final List<MemoryType> memories = new ArrayList<>();
    final List<GlobalType> globals = new ArrayList<>();
    int[] globalInitialisers = new int[0];
    final Map<String, Export> exports = new LinkedHashMap<>();
    int start = -1;
    final List<ElementSegment> elementSegments = new ArrayList<>();
    final List<DataSegment> dataSegments = new ArrayList<>();
    int declaredDataCount = -1;
    final BitSet declared = new BitSet();
    final BitSet exported = new BitSet();
    /// Code refers to a function that only an export declares.
    boolean refersByExport;
    final EnumSet<Feature> used = EnumSet.noneOf(Feature.class);

    private final Object attachmentLock = new Object();
    private @Nullable Object attachment;

    Module(byte[] bytes, Set<Feature> policy, Limits limits) {
        this.bytes = bytes;
        this.policy = policy.isEmpty() ? EnumSet.noneOf(Feature.class) : EnumSet.copyOf(policy);
        this.limits = limits;
    }

    /// Decodes and validates with every supported feature and the default limits.
    ///
    /// @throws ModuleException as [#parse(byte\[\], Set, Limits)]
    public static Module parse(byte[] bytes) {
        return parse(bytes, Feature.allSupported(), Limits.DEFAULT);
    }

    /// Decodes and validates a binary module. The bytes are kept, not copied: the caller must not change them.
    ///
    /// @throws MalformedModuleException where the bytes aren't a module
    /// @throws InvalidModuleException where a rule of validation is broken
    /// @throws UnsupportedFeatureException where a feature outside `features` is used
    /// @throws ModuleLimitException where a limit is exceeded
    public static Module parse(byte[] bytes, Set<Feature> features, Limits limits) {
        return ModuleDecoder.decode(bytes, features, limits);
    }

    /// The module's bytes; not to be changed.
    public byte[] bytes() {
        return bytes;
    }

    /// What a runtime keeps with the module, made when first asked for: translated code, shared by all instances.
    public Object attachment(Function<Module, Object> make) {
        synchronized (attachmentLock) {
            if (attachment == null) {
                attachment = make.apply(this);
            }
            return attachment;
        }
    }

    /// The limits that it was decoded with.
    public Limits limits() {
        return limits;
    }

    /// All sections in order, custom ones included.
    public List<Section> sections() {
        return Collections.unmodifiableList(sections);
    }

    /// The first section with this id.
    public Optional<Section> section(int id) {
        return sections.stream().filter(section -> section.id() == id).findFirst();
    }

    /// The last custom section of this name.
    public Optional<Section> customSection(String name) {
        return sections.stream()
                .filter(section ->
                        section.id() == Section.CUSTOM && section.name().equals(name))
                .reduce((first, second) -> second);
    }

    public int typeCount() {
        return types.length;
    }

    int typesDefined() {
        return typesDefined;
    }

    public FunctionType type(int index) {
        return types[index];
    }

    /// The lowest index of a type equal to the one at `index`.
    int canonicalType(int index) {
        return canonical[index];
    }

    public int importCount() {
        return importKinds.length;
    }

    /// The import at `position` of the import section.
    public Import importAt(int position) {
        int names = importNames[position];
        String module = ByteReader.nameAt(bytes, names);
        ByteReader reader = new ByteReader(bytes, names, bytes.length, offset -> "");
        reader.name();
        String name = ByteReader.nameAt(bytes, reader.position);
        return new Import(module, name, ExternalKind.of(importKinds[position]), importIndexes[position]);
    }

    /// All functions, imported ones first.
    public int functionCount() {
        return functionCount;
    }

    public int importedFunctionCount() {
        return importedFunctions;
    }

    public FunctionType functionType(int index) {
        return types[functionTypes[index]];
    }

    /// Offset of a defined function's body, which begins with its locals.
    public int bodyStart(int index) {
        return bodyStarts[index - importedFunctions];
    }

    /// Offset after a defined function's body.
    public int bodyEnd(int index) {
        return bodyEnds[index - importedFunctions];
    }

    /// Slots that a defined function's operand stack needs at most.
    public int operandsMax(int index) {
        return operandsMax[index - importedFunctions];
    }

    public int tableCount() {
        return tables.size();
    }

    public int importedTableCount() {
        return importedTables;
    }

    public TableType table(int index) {
        return tables.get(index);
    }

    /// Offset of the expression that gives a defined table's elements at the start, or -1 for null.
    public int tableInitialiser(int index) {
        return tableInitialisers.get(index - importedTables);
    }

    public int memoryCount() {
        return memories.size();
    }

    public int importedMemoryCount() {
        return importedMemories;
    }

    public MemoryType memory(int index) {
        return memories.get(index);
    }

    public int globalCount() {
        return globals.size();
    }

    public int importedGlobalCount() {
        return importedGlobals;
    }

    public GlobalType global(int index) {
        return globals.get(index);
    }

    /// Offset of a defined global's initial expression.
    public int globalInitialiser(int index) {
        return globalInitialisers[index - importedGlobals];
    }

    /// Offset of a defined global's entry, which begins with its type.
    public int globalStart(int index) {
        if (index > importedGlobals) {
            return expressionEnd(globalInitialiser(index - 1));
        }
        Section section = section(Section.GLOBAL).orElseThrow();
        ByteReader in = new ByteReader(bytes, section.contentStart(), section.end(), at -> "");
        in.u32();
        return in.position;
    }

    /// Offset after a constant expression.
    public int expressionEnd(int offset) {
        ByteReader in = new ByteReader(bytes, offset, bytes.length, at -> "");
        ConstantExpressionValidator.skip(in);
        return in.position;
    }

    /// Exports by name, in order.
    public Map<String, Export> exports() {
        return Collections.unmodifiableMap(exports);
    }

    /// The start function's index, or -1.
    public int startFunction() {
        return start;
    }

    public int elementSegmentCount() {
        return elementSegments.size();
    }

    public ElementSegment elementSegment(int index) {
        return elementSegments.get(index);
    }

    int elementSegmentType(int index) {
        return elementSegments.get(index).type();
    }

    public int dataSegmentCount() {
        return dataSegments.size();
    }

    public DataSegment dataSegment(int index) {
        return dataSegments.get(index);
    }

    /// Segments that the data count section declares, or -1 without one.
    public int declaredDataCount() {
        return declaredDataCount;
    }

    /// Whether code may take a reference to the function: core specification 3.5.16, "refs".
    boolean isDeclared(int function) {
        return declared.get(function) || exported.get(function);
    }

    /// Whether the module is valid only with its exports: code refers to functions that nothing else declares.
    public boolean needsExports() {
        return refersByExport;
    }

    /// The type of `ref.func`.
    int referenceTo(int function, boolean typed) {
        return typed ? ValueType.concrete(canonical[functionTypes[function]], false) : ValueType.FUNCREF;
    }

    /// Whether a value of type `actual` can stand where `expected` is wanted: core specification 3.4 "Matching".
    public boolean matches(int actual, int expected) {
        if (actual == expected || actual == ValueType.BOTTOM) {
            return true;
        }
        if (!ValueType.isReference(actual) || !ValueType.isReference(expected)) {
            return false;
        }
        if (ValueType.isNullable(actual) && !ValueType.isNullable(expected)) {
            return false;
        }
        if (ValueType.asNonNull(actual) == ValueType.asNonNull(expected)) {
            return true;
        }
        return ValueType.isConcrete(actual)
                && !ValueType.isConcrete(expected)
                && ValueType.heap(expected) == ValueType.HEAP_FUNC;
    }

    InvalidModuleException invalidAt(String reason, int offset, ByteReader in) {
        MalformedModuleException placed = in.malformed(reason, offset);
        String message = String.valueOf(placed.getMessage());
        String place = message.length() > reason.length() + 3
                ? message.substring(reason.length() + 2, message.length() - 1)
                : "";
        return new InvalidModuleException(reason, place, offset);
    }

    /// Visits the types of operands and locals at instructions of a defined function, found by validating it once.
    /// Offsets at which no instruction starts, or to which execution can't come, are left out.
    ///
    /// @param offsets of the instructions' opcodes, ascending; the body's end counts as one
    public <E extends Exception> void visitTypes(int function, int[] offsets, TypesAt.Visitor<E> visitor) throws E {
        ByteReader in = new ByteReader(bytes, bodyStart(function), bodyEnd(function), at -> "");
        FunctionValidator validator = new FunctionValidator(this, new FeatureSet(policy), limits, in);
        TypesAt types = new TypesAt(validator);
        validator.begin(function);
        for (int offset : offsets) {
            if (offset >= in.position && offset <= in.end && validator.stopAt(offset)) {
                visitor.at(offset, types);
            }
        }
    }
}
