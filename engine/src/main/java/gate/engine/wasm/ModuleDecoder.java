// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.util.Set;

/// Decodes a module and validates it on the way: core specification 5.5 and 3.5.
///
/// A module that is both invalid and malformed is malformed. So once something invalid has been seen, a second decoder
/// reads the structure alone, and what it finds wins.
final class ModuleDecoder {
    private static final int MAGIC = 0x6D736100;
    private static final int VERSION = 1;
    /// The order in which sections must appear, by id.
    private static final int[] RANK = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

    final Module module;
    final ByteReader in;
    final FeatureSet features;
    final Limits limits;
    final boolean structureOnly;
    private final DefinitionDecoder definitions;
    private final SegmentDecoder segments;
    private int section = -1;
    private int lastRank;
    private int functionBodies;
    private boolean dataSeen;

    private ModuleDecoder(byte[] bytes, Set<Feature> policy, Limits limits, boolean structureOnly) {
        this.module = new Module(bytes, policy, limits);
        this.features = new FeatureSet(policy);
        this.limits = limits;
        this.structureOnly = structureOnly;
        this.in = new ByteReader(bytes, 0, bytes.length, this::place);
        this.definitions = new DefinitionDecoder(this);
        this.segments = new SegmentDecoder(this);
    }

    static Module decode(byte[] bytes, Set<Feature> policy, Limits limits) {
        if (bytes.length > limits.moduleBytes()) {
            throw new ModuleLimitException("moduleBytes", bytes.length, limits.moduleBytes(), "", 0);
        }
        ModuleDecoder decoder = new ModuleDecoder(bytes, policy, limits, false);
        try {
            decoder.run();
            return decoder.module;
        } catch (InvalidModuleException invalid) {
            requireWellFormed(bytes, policy, limits);
            throw invalid;
        }
    }

    private static void requireWellFormed(byte[] bytes, Set<Feature> policy, Limits limits) {
        try {
            new ModuleDecoder(bytes, policy, limits, true).run();
        } catch (InvalidModuleException | UnsupportedFeatureException | ModuleLimitException e) {
            return; // what was found first stands
        }
    }

    private String place(int offset) {
        String where = section < 0 ? "" : "section " + Section.name(section) + ", ";
        return where + "offset 0x" + Integer.toHexString(offset);
    }

    /// Complains, unless only the structure is being read.
    void invalid(String reason, int offset) {
        if (!structureOnly) {
            throw new InvalidModuleException(reason, place(offset), offset);
        }
    }

    UnsupportedFeatureException unsupported(Feature feature) {
        return new UnsupportedFeatureException(feature, place(in.position), in.position);
    }

    void require(boolean enabled, Feature feature) {
        if (!enabled) {
            throw unsupported(feature);
        }
    }

    int valueType() {
        return ValueTypeReader.valueType(in, module, features, this::unsupported, !structureOnly);
    }

    int referenceType() {
        return ValueTypeReader.referenceType(in, module, features, this::unsupported, !structureOnly);
    }

    /// The number of entries of a vector, each of at least one byte, checked against a limit on what there is then.
    int count(String limit, int already, int allowed) {
        int at = in.position;
        int count = in.u32();
        if (count < 0 || count > in.end - in.position) {
            throw in.malformed(count < 0 ? "length out of bounds" : "unexpected end of section or function", at);
        }
        if ((long) count + already > allowed) {
            throw new ModuleLimitException(limit, (long) count + already, allowed, place(at), at);
        }
        return count;
    }

    private void run() {
        header();
        while (!in.atEnd()) {
            readSection();
        }
        section = -1;
        if (functionBodies != module.functionCount - module.importedFunctions) {
            throw in.malformed("function and code section have inconsistent lengths", in.position);
        }
        if (module.declaredDataCount > 0 && !dataSeen) {
            throw in.malformed("data count and data section have inconsistent lengths", in.position);
        }
    }

    private void header() {
        byte[] bytes = in.bytes;
        if (bytes.length < 4) {
            throw in.malformed("unexpected end", bytes.length);
        }
        for (int i = 0; i < 4; i++) {
            if (bytes[i] != (byte) (MAGIC >>> 8 * i)) {
                throw in.malformed("magic header not detected", i);
            }
        }
        if (bytes.length < 8) {
            throw in.malformed("unexpected end", bytes.length);
        }
        in.position = 4;
        int version = in.u8() | in.u8() << 8 | in.u8() << 16 | in.u8() << 24;
        if (version != VERSION) {
            throw in.malformed("unknown binary version", 4);
        }
    }

    private void readSection() {
        int start = in.position;
        section = -1;
        int id = in.u8();
        if (id >= RANK.length) {
            throw in.malformed("malformed section id", start);
        }
        section = id;
        int moduleEnd = in.end;
        int size = in.size();
        int end = in.position + size;
        in.end = end;
        if (module.sections.size() >= limits.sections()) {
            throw new ModuleLimitException(
                    "sections", module.sections.size() + 1L, limits.sections(), place(start), start);
        }
        if (id == Section.CUSTOM) {
            int name = in.name();
            module.sections.add(new Section(id, ByteReader.nameAt(in.bytes, name), start, in.position, end));
            in.position = end;
        } else {
            if (RANK[id] <= lastRank) {
                throw in.malformed("unexpected content after last section", start);
            }
            lastRank = RANK[id];
            module.sections.add(new Section(id, Section.name(id), start, in.position, end));
            content(id);
            if (in.position != end) {
                throw in.malformed("section size mismatch", in.position);
            }
        }
        in.end = moduleEnd;
    }

    private void content(int id) {
        switch (id) {
            case Section.TYPE -> definitions.types();
            case Section.IMPORT -> definitions.imports();
            case Section.FUNCTION -> definitions.functions();
            case Section.TABLE -> definitions.tables();
            case Section.MEMORY -> definitions.memories();
            case Section.GLOBAL -> definitions.globals();
            case Section.EXPORT -> definitions.exports();
            case Section.START -> start();
            case Section.ELEMENT -> segments.elements();
            case Section.CODE -> code();
            case Section.DATA -> {
                dataSeen = true;
                segments.data();
            }
            case Section.DATA_COUNT -> {
                require(features.bulkMemory, Feature.BULK_MEMORY);
                module.declaredDataCount = in.u32();
                if (module.declaredDataCount < 0 || module.declaredDataCount > limits.dataSegments()) {
                    throw new ModuleLimitException(
                            "dataSegments",
                            Integer.toUnsignedLong(module.declaredDataCount),
                            limits.dataSegments(),
                            place(in.position),
                            in.position);
                }
            }
            default -> throw unsupported(Feature.EXCEPTIONS);
        }
    }

    private void start() {
        int at = in.position;
        int index = in.u32();
        if (index < 0 || index >= module.functionCount) {
            invalid("unknown function " + Integer.toUnsignedString(index), at);
            return;
        }
        if (!structureOnly) {
            FunctionType type = module.functionType(index);
            if (type.parameterCount() != 0 || type.resultCount() != 0) {
                invalid("start function must have neither parameters nor results", at);
            }
        }
        module.start = index;
    }

    private void code() {
        int at = in.position;
        int defined = module.functionCount - module.importedFunctions;
        int count = in.u32();
        if (count != defined) {
            throw in.malformed("function and code section have inconsistent lengths", at);
        }
        functionBodies = count;
        module.bodyStarts = new int[count];
        module.bodyEnds = new int[count];
        module.operandsMax = new int[count];
        FunctionValidator validator = new FunctionValidator(module, features, limits, in);
        BodySkimmer skimmer = new BodySkimmer(this);
        int sectionEnd = in.end;
        for (int i = 0; i < count; i++) {
            int size = in.size();
            if (size > limits.functionBytes()) {
                throw new ModuleLimitException(
                        "functionBytes", size, limits.functionBytes(), place(in.position), in.position);
            }
            int bodyEnd = in.position + size;
            module.bodyStarts[i] = in.position;
            module.bodyEnds[i] = bodyEnd;
            in.end = bodyEnd;
            if (structureOnly) {
                skimmer.body();
            } else {
                module.operandsMax[i] = validator.validate(module.importedFunctions + i);
            }
            in.end = sectionEnd;
        }
    }
}
