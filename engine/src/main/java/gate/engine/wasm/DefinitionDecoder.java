// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.util.Arrays;
import java.util.SplittableRandom;

/// The type, import, function, table, memory, global and export sections: core specification 5.5.4 to 5.5.10.
final class DefinitionDecoder {
    private static final int FUNCTION_TYPE = 0x60;
    /// Where equal types are looked for; nothing that a module can observe depends on it.
    private static final long SECRET = new SplittableRandom().nextLong() | 1;

    private final ModuleDecoder decoder;
    private final Module module;
    private final ByteReader in;
    private final Limits limits;
    private final ConstantExpressionValidator expressions;

    DefinitionDecoder(ModuleDecoder decoder) {
        this.decoder = decoder;
        this.module = decoder.module;
        this.in = decoder.in;
        this.limits = decoder.limits;
        this.expressions = new ConstantExpressionValidator(decoder);
    }

    void types() {
        int count = decoder.count("types", 0, limits.types());
        FunctionType[] types = new FunctionType[count];
        int[] canonical = new int[count];
        int[] table = new int[Math.max(4, Integer.highestOneBit(Math.max(1, count)) * 4)];
        module.types = types;
        module.canonical = canonical;
        for (int i = 0; i < count; i++) {
            int at = in.position;
            int form = in.u8();
            if (form == 0x4E || form == 0x4F || form == 0x50 || form == 0x5E || form == 0x5F) {
                throw decoder.unsupported(Feature.GC);
            }
            if (form != FUNCTION_TYPE) {
                throw in.malformed("malformed type form", at);
            }
            canonical[i] = i;
            module.typesDefined = i + 1;
            int[] parameters = valueTypes();
            int[] results = valueTypes();
            if (results.length > 1) {
                decoder.require(decoder.features.multiValue, Feature.MULTI_VALUE);
            }
            intern(FunctionType.define(parameters, results, i, types), i, table);
        }
    }

    /// Gives equal types the lowest of their indexes. `table` is open-addressed and holds index + 1.
    private void intern(FunctionType type, int index, int[] table) {
        int mask = table.length - 1;
        int slot = (int) type.hash(SECRET) & mask;
        while (table[slot] != 0) {
            FunctionType other = module.types[table[slot] - 1];
            if (other.equals(type)) {
                module.types[index] = other;
                module.canonical[index] = table[slot] - 1;
                return;
            }
            slot = slot + 1 & mask;
        }
        table[slot] = index + 1;
        module.types[index] = type;
    }

    private int[] valueTypes() {
        int count = decoder.count("parameters", 0, limits.parameters());
        int[] types = new int[count];
        for (int i = 0; i < count; i++) {
            types[i] = decoder.valueType();
        }
        return types;
    }

    void imports() {
        int count = decoder.count("imports", 0, limits.imports());
        module.importNames = new int[count];
        module.importKinds = new byte[count];
        module.importIndexes = new int[count];
        int[] functionTypes = new int[count];
        for (int i = 0; i < count; i++) {
            module.importNames[i] = in.name();
            in.name();
            int at = in.position;
            int kind = in.u8();
            module.importKinds[i] = (byte) kind;
            switch (kind) {
                case 0 -> {
                    module.importIndexes[i] = module.importedFunctions;
                    functionTypes[module.importedFunctions++] = typeIndex();
                }
                case 1 -> {
                    module.importIndexes[i] = module.importedTables++;
                    addTable(decoder.referenceType());
                }
                case 2 -> {
                    module.importIndexes[i] = module.importedMemories++;
                    addMemory();
                }
                case 3 -> {
                    module.importIndexes[i] = module.importedGlobals++;
                    GlobalType type = globalType();
                    if (type.mutable()) {
                        decoder.require(decoder.features.mutableGlobals, Feature.MUTABLE_GLOBALS);
                    }
                    addGlobal(type);
                }
                case 4 -> throw decoder.unsupported(Feature.EXCEPTIONS);
                default -> throw in.malformed("malformed import kind", at);
            }
        }
        module.functionTypes = functionTypes;
        module.functionCount = module.importedFunctions;
    }

    private int typeIndex() {
        int at = in.position;
        int index = in.u32();
        if (index < 0 || index >= module.types.length) {
            decoder.invalid("unknown type " + Integer.toUnsignedString(index), at);
            return 0;
        }
        return index;
    }

    void functions() {
        int count = decoder.count("functions", module.functionCount, limits.functions());
        int imported = module.importedFunctions;
        module.functionTypes = Arrays.copyOf(module.functionTypes, imported + count);
        for (int i = 0; i < count; i++) {
            module.functionTypes[imported + i] = typeIndex();
        }
        module.functionCount = imported + count;
    }

    private void addTable(int elementType) {
        int at = in.position;
        long[] range = limitsRange();
        if (range[0] > 0xFFFF_FFFFL || range[0] < 0 || range[1] > 0xFFFF_FFFFL || range[1] < -1) {
            decoder.invalid("table size must be at most 2^32-1", at);
        }
        checkRange(range, at);
        if (module.tables.size() >= limits.tables()) {
            throw limit("tables", module.tables.size() + 1L, limits.tables(), at);
        }
        if (!module.tables.isEmpty()) {
            decoder.require(decoder.features.referenceTypes, Feature.REFERENCE_TYPES);
        }
        module.tables.add(new TableType(elementType, range[0], range[1]));
    }

    private ModuleLimitException limit(String name, long asked, long allowed, int at) {
        return new ModuleLimitException(name, asked, allowed, "offset 0x" + Integer.toHexString(at), at);
    }

    private void checkRange(long[] range, int at) {
        if (range[1] != -1 && Long.compareUnsigned(range[0], range[1]) > 0) {
            decoder.invalid("size minimum must not be greater than maximum", at);
        }
    }

    /// Minimum and maximum, -1 for none.
    private long[] limitsRange() {
        int at = in.position;
        int flags = in.u8();
        if (flags > 7) {
            throw in.malformed("malformed limits flags", at);
        }
        if ((flags & 2) != 0) {
            throw decoder.unsupported(Feature.THREADS);
        }
        if ((flags & 4) != 0) {
            throw decoder.unsupported(Feature.MEMORY64);
        }
        long minimum = in.u64();
        long maximum = -1;
        if ((flags & 1) != 0) {
            maximum = in.u64();
            if (maximum < 0) {
                maximum = Long.MAX_VALUE;
            }
        }
        return new long[] {minimum, maximum};
    }

    private void addMemory() {
        int at = in.position;
        long[] range = limitsRange();
        if (range[0] > 65_536 || range[0] < 0 || range[1] > 65_536) {
            decoder.invalid("memory size must be at most 65536 pages (4GiB)", at);
            range[0] = Math.clamp(range[0], 0, 65_536);
            range[1] = Math.min(range[1], 65_536);
        }
        checkRange(range, at);
        if (module.memories.size() >= limits.memories()) {
            throw limit("memories", module.memories.size() + 1L, limits.memories(), at);
        }
        decoder.require(module.memories.isEmpty() || decoder.features.multiMemory, Feature.MULTI_MEMORY);
        module.memories.add(new MemoryType((int) range[0], (int) range[1]));
    }

    private GlobalType globalType() {
        int valueType = decoder.valueType();
        int at = in.position;
        int mutability = in.u8();
        if (mutability > 1) {
            throw in.malformed("malformed mutability", at);
        }
        return new GlobalType(valueType, mutability == 1);
    }

    private void addGlobal(GlobalType type) {
        if (module.globals.size() >= limits.globals()) {
            throw limit("globals", module.globals.size() + 1L, limits.globals(), in.position);
        }
        module.globals.add(type);
    }

    void tables() {
        int count = decoder.count("tables", module.tables.size(), limits.tables());
        for (int i = 0; i < count; i++) {
            int at = in.position;
            boolean initialised = !in.atEnd() && in.bytes[at] == 0x40;
            if (initialised) {
                in.u8();
                decoder.require(decoder.features.functionReferences, Feature.FUNCTION_REFERENCES);
                if (in.u8() != 0) {
                    throw in.malformed("malformed table", at + 1);
                }
            }
            int elementType = decoder.referenceType();
            addTable(elementType);
            if (initialised) {
                module.tableInitialisers.add(in.position);
                expressions.read(elementType);
            } else {
                if (!ValueType.isDefaultable(elementType)) {
                    decoder.invalid("type mismatch: a table of non-null references needs an initial value", at);
                }
                module.tableInitialisers.add(-1);
            }
        }
    }

    void memories() {
        int count = decoder.count("memories", module.memories.size(), limits.memories());
        for (int i = 0; i < count; i++) {
            addMemory();
        }
    }

    void globals() {
        int count = decoder.count("globals", module.globals.size(), limits.globals());
        module.globalInitialisers = new int[count];
        for (int i = 0; i < count; i++) {
            GlobalType type = globalType();
            module.globalInitialisers[i] = in.position;
            expressions.read(type.valueType());
            addGlobal(type);
        }
    }

    void exports() {
        int count = decoder.count("exports", 0, limits.exports());
        for (int i = 0; i < count; i++) {
            int at = in.position;
            in.name();
            String name = ByteReader.nameAt(in.bytes, at);
            int kindAt = in.position;
            int kind = in.u8();
            if (kind == 4) {
                throw decoder.unsupported(Feature.EXCEPTIONS);
            }
            if (kind > 4) {
                throw in.malformed("malformed export kind", kindAt);
            }
            addExport(name, ExternalKind.of(kind), in.u32(), at);
        }
    }

    private void addExport(String name, ExternalKind kind, int index, int at) {
        int known = switch (kind) {
            case FUNCTION -> module.functionCount;
            case TABLE -> module.tables.size();
            case MEMORY -> module.memories.size();
            case GLOBAL -> module.globals.size();
        };
        if (index < 0 || index >= known) {
            String word = kind == ExternalKind.FUNCTION ? "function" : kind.label();
            decoder.invalid("unknown " + word + " " + Integer.toUnsignedString(index), at);
            return;
        }
        if (kind == ExternalKind.FUNCTION) {
            module.exported.set(index);
        }
        if (kind == ExternalKind.GLOBAL && module.globals.get(index).mutable()) {
            decoder.require(decoder.features.mutableGlobals, Feature.MUTABLE_GLOBALS);
        }
        if (module.exports.putIfAbsent(name, new Export(name, kind, index)) != null) {
            decoder.invalid("duplicate export name", at);
        }
    }
}
