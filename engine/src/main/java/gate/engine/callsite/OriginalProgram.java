// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import static gate.engine.wasm.Opcode.*;

import gate.engine.abi.AbiFunction;
import gate.engine.abi.AbiImports;
import gate.engine.abi.BadProgramException;
import gate.engine.runtime.CodeCursor;
import gate.engine.wasm.DataSegment;
import gate.engine.wasm.ElementSegment;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.Feature;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Import;
import gate.engine.wasm.Module;
import gate.engine.wasm.ModuleException;
import gate.engine.wasm.Section;
import gate.engine.wasm.SegmentMode;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Whether the original would load a module: reference 1.1 and 1.2. Only such modules have call
/// sites of its numbering.
public final class OriginalProgram {
    /// Functions, types and imports, of each.
    static final int DEFINITIONS_MAX = 32_768;

    static final int PARAMETERS_MAX = 255;
    /// Parameters and locals of a function.
    static final int LOCALS_MAX = 8_189;

    static final int GLOBALS_MAX = 32;
    static final int EXPORTS_MAX = 64;
    static final int NAME_BYTES_MAX = 100_000;
    static final int TABLE_MAX = 10_000_000;
    static final int BRANCH_TARGETS_MAX = 65_519;
    static final int MEMORY_PAGES_MAX = 32_767;

    private static final Set<Feature> FEATURES = EnumSet.of(
            Feature.MUTABLE_GLOBALS, Feature.SIGN_EXTENSION, Feature.SATURATING_CONVERSIONS, Feature.BULK_MEMORY);

    private final Module module;

    private OriginalProgram(Module module) {
        this.module = module;
    }

    /// Why the original wouldn't load a module; empty where it would. Takes as long as decoding it.
    public static Optional<String> refusal(Module module) {
        try {
            Module.parse(module.bytes(), FEATURES, module.limits());
            new OriginalProgram(module).check();
            return Optional.empty();
        } catch (ModuleException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (Refusal e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message, null, false, false);
        }
    }

    private void check() throws Refusal {
        for (Section section : module.sections()) {
            if (section.id() > Section.DATA) {
                throw new Refusal("invalid section id " + section.id());
            }
        }
        counts();
        types();
        imports();
        shapes();
        constants();
        elements();
        data();
        for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
            body(i);
        }
    }

    private static void atMost(long asked, int allowed, String what) throws Refusal {
        if (asked > allowed) {
            throw new Refusal(what + ": " + asked + ", at most " + allowed + " are allowed");
        }
    }

    private void counts() throws Refusal {
        atMost(module.typeCount(), DEFINITIONS_MAX, "types");
        atMost(module.importCount(), DEFINITIONS_MAX, "imports");
        atMost(module.functionCount(), DEFINITIONS_MAX, "functions");
        atMost(module.globalCount(), GLOBALS_MAX, "globals");
        atMost(module.exports().size(), EXPORTS_MAX, "exports");
        for (String name : module.exports().keySet()) {
            atMost(bytesOf(name), NAME_BYTES_MAX, "bytes of an export's name");
        }
    }

    private static int bytesOf(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    private void types() throws Refusal {
        for (int i = 0; i < module.typeCount(); i++) {
            atMost(module.type(i).parameterCount(), PARAMETERS_MAX, "parameters of type " + i);
        }
    }

    private void imports() throws Refusal {
        for (int i = 0; i < module.importCount(); i++) {
            Import wanted = module.importAt(i);
            if (wanted.kind() != ExternalKind.FUNCTION) {
                throw new Refusal("import " + wanted.kind().label() + " not supported: import " + i);
            }
            atMost(bytesOf(wanted.module()), NAME_BYTES_MAX, "bytes of an import's module");
            atMost(bytesOf(wanted.name()), NAME_BYTES_MAX, "bytes of an import's name");
            FunctionType type = module.functionType(wanted.index());
            FunctionType found = function(wanted).type();
            if (!found.equals(type)) {
                throw new Refusal("import " + i(wanted) + " has type " + type + ", not " + found);
            }
        }
    }

    private static AbiFunction function(Import wanted) throws Refusal {
        try {
            return AbiImports.find(wanted);
        } catch (BadProgramException e) {
            throw new Refusal("import function not supported: import " + i(wanted));
        }
    }

    private static String i(Import wanted) {
        String name = wanted.module() + "." + wanted.name();
        return wanted.index() + ", " + (name.length() > 100 ? name.substring(0, 100) + "…" : name);
    }

    private void shapes() throws Refusal {
        if (module.tableCount() > 0) {
            atMost(module.table(0).minimum(), TABLE_MAX, "elements of the table");
        }
        if (module.memoryCount() > 0) {
            atMost(module.memory(0).minimum(), MEMORY_PAGES_MAX, "pages of memory");
        }
    }

    private void constants() throws Refusal {
        for (int i = 0; i < module.globalCount(); i++) {
            constant(module.globalInitialiser(i), "global " + i);
        }
    }

    /// Nothing that an expression could read can be imported.
    private void constant(int expression, String where) throws Refusal {
        int opcode = new CodeCursor(module.bytes(), expression).opcode();
        if (opcode < I32_CONST || opcode > F64_CONST) {
            throw new Refusal(where + " has an initial value that isn't a constant");
        }
    }

    /// Segments must have the encoding of WebAssembly 1.0, which an active one of the first table
    /// can also lack.
    private void elements() throws Refusal {
        int at = contentOf(Section.ELEMENT);
        for (int i = 0; i < module.elementSegmentCount(); i++) {
            ElementSegment segment = module.elementSegment(i);
            CodeCursor in = new CodeCursor(module.bytes(), at);
            requireFlags(in.u32(), segment.mode(), "element segment " + i);
            constant(segment.offsetExpression(), "element segment " + i);
            CodeCursor items = new CodeCursor(module.bytes(), segment.items());
            for (int k = 0; k < segment.count(); k++) {
                items.u32();
            }
            at = items.position();
        }
    }

    private void data() throws Refusal {
        int at = contentOf(Section.DATA);
        for (int i = 0; i < module.dataSegmentCount(); i++) {
            DataSegment segment = module.dataSegment(i);
            CodeCursor in = new CodeCursor(module.bytes(), at);
            requireFlags(in.u32(), segment.mode(), "data segment " + i);
            constant(segment.offsetExpression(), "data segment " + i);
            at = segment.start() + segment.size();
        }
    }

    private int contentOf(int id) {
        return module.section(id)
                .map(section -> {
                    CodeCursor in = new CodeCursor(module.bytes(), section.contentStart());
                    in.u32();
                    return in.position();
                })
                .orElse(0);
    }

    private static void requireFlags(int flags, SegmentMode mode, String where) throws Refusal {
        if (flags != 0 || mode != SegmentMode.ACTIVE) {
            throw new Refusal(where + " isn't as in WebAssembly 1.0");
        }
    }

    private void body(int function) throws Refusal {
        CodeCursor in = new CodeCursor(module.bytes(), module.bodyStart(function));
        int locals = module.functionType(function).parameterCount() + in.locals();
        atMost(locals, LOCALS_MAX, "parameters and locals of function " + function);
        int end = module.bodyEnd(function);
        while (in.position() < end) {
            int at = in.position();
            int opcode = in.opcode();
            switch (opcode) {
                case BR_TABLE -> {
                    int targets = in.u32();
                    atMost(targets, BRANCH_TARGETS_MAX, "targets of a br_table of function " + function);
                    for (int i = 0; i <= targets; i++) {
                        in.u32();
                    }
                }
                case MEMORY_INIT, DATA_DROP, TABLE_INIT, ELEM_DROP, TABLE_COPY ->
                    throw new Refusal("unknown opcode fc " + Integer.toHexString(opcode & 0xFF) + " at offset 0x"
                            + Integer.toHexString(at) + " in function " + function);
                default -> in.skipImmediates(opcode);
            }
        }
    }
}
