// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import gate.engine.wasm.Export;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.Module;
import gate.engine.wasm.NameSection;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// Source lines and functions of a module, as its DWARF sections tell; functions by the name section and exports too.
///
/// The sections are an attacker's like all of the module. Reading them takes time and memory linear in their size, and
/// what can't be read is left out: [#problem()] says what. Nothing here throws.
public final class DebugInfo {
    private final Module module;
    private final CodeOffsets code;
    private final NameSection names;
    private final LineTable lines;
    private final Subprograms subprograms;
    private final Optional<String> problem;
    /// First instructions of functions, once asked for.
    private final int[] first;

    private DebugInfo(Module module, CodeOffsets code, LinePrograms.Read lines, InfoUnits.Read info) {
        this.module = module;
        this.code = code;
        this.names = NameSection.of(module);
        this.lines = lines.table();
        this.subprograms = info.subprograms();
        this.problem = lines.problem().or(info::problem);
        this.first = new int[module.functionCount()];
    }

    public static DebugInfo of(Module module) {
        CodeOffsets code = CodeOffsets.of(module);
        return new DebugInfo(module, code, LinePrograms.read(module, code), InfoUnits.read(module, code));
    }

    /// The first thing that is wrong with the sections, and where; what follows it in its unit has been left out.
    public Optional<String> problem() {
        return problem;
    }

    /// Whether nothing is known of source lines.
    public boolean hasNoLines() {
        return lines.isEmpty();
    }

    /// Whether there is neither a line nor a function of the source.
    public boolean isEmpty() {
        return lines.isEmpty() && subprograms.isEmpty();
    }

    // ---- lines ----

    /// Where an instruction comes from.
    ///
    /// @param offset in the module
    public Optional<SourceLine> lineAt(int offset) {
        return lines.lineAt(offset);
    }

    /// Instructions at which the statements of a line begin, as offsets in the module: the first is that of the line's
    /// first entry (reference 8.4).
    ///
    /// @param file the end of the file's path, from the name of a folder or the file on
    public int[] offsetsOf(String file, int line) {
        return instructions(lines.offsetsOf(file, line).toArray());
    }

    /// The first line behind one that has code.
    public OptionalInt nextLine(String file, int line) {
        return lines.nextLine(file, line);
    }

    public boolean hasFile(String file) {
        return lines.hasFile(file);
    }

    /// Instructions at which statements begin, as offsets in the module.
    public int[] statements() {
        return instructions(lines.statements().toArray());
    }

    /// The statements within a function.
    public int[] statementsOf(int function) {
        int start = module.bodyStart(function);
        int end = module.bodyEnd(function);
        return instructions(lines.statements()
                .filter(offset -> offset >= start && offset < end)
                .toArray());
    }

    /// The first entry of a function is for its locals, which are no instructions.
    private int[] instructions(int[] offsets) {
        for (int i = 0; i < offsets.length; i++) {
            int function = code.functionAt(offsets[i]);
            if (function >= 0) {
                offsets[i] = Math.max(offsets[i], firstInstruction(function));
            }
        }
        return Arrays.stream(offsets).distinct().toArray();
    }

    private int firstInstruction(int function) {
        if (first[function] == 0) {
            first[function] = code.firstInstruction(function);
        }
        return first[function];
    }

    // ---- functions ----

    /// The first instruction of a function, as an offset in the module: of the source's function of that name, else of
    /// the name section's, else of the exported one.
    public OptionalInt function(String name) {
        OptionalInt known = subprograms.offsetOf(name);
        if (known.isPresent()) {
            return OptionalInt.of(firstInstruction(code.functionAt(known.getAsInt())));
        }
        for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
            if (names.functionName(i).filter(name::equals).isPresent()) {
                return OptionalInt.of(firstInstruction(i));
            }
        }
        Export export = module.exports().get(name);
        if (export == null
                || export.kind() != ExternalKind.FUNCTION
                || export.index() < module.importedFunctionCount()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(firstInstruction(export.index()));
    }

    /// What a function is called: by the name section, which has whole paths, else by an export, else by the source.
    public Optional<String> functionName(int function) {
        return names.functionName(function).or(() -> sourceName(function));
    }

    private Optional<String> sourceName(int function) {
        return function < module.importedFunctionCount()
                ? Optional.empty()
                : subprograms.nameWithin(module.bodyStart(function), module.bodyEnd(function));
    }

    public CodeOffsets code() {
        return code;
    }
}
