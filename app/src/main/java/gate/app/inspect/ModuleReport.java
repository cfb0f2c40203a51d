// SPDX-License-Identifier: Apache-2.0
package gate.app.inspect;

import gate.app.program.Text;
import gate.engine.snapshot.FileSection;
import gate.engine.wasm.DataSegment;
import gate.engine.wasm.Export;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.Feature;
import gate.engine.wasm.GlobalType;
import gate.engine.wasm.Import;
import gate.engine.wasm.MemoryType;
import gate.engine.wasm.Module;
import gate.engine.wasm.NameSection;
import gate.engine.wasm.Section;
import gate.engine.wasm.TableType;
import gate.engine.wasm.ValueType;
import java.util.List;
import java.util.Set;

/// The parts of a module.
final class ModuleReport implements Report {
    private static final int LINES_MAX = 60;
    private static final int PAGE_KIB = 64;

    private final Module module;
    private final List<FileSection> sections;
    private final NameSection names;
    private final Set<Feature> features;

    /// @param sections of the file, which has more of them than the module where it is a saved program
    ModuleReport(Module module, List<FileSection> sections, NameSection names, Set<Feature> features) {
        this.module = module;
        this.sections = sections;
        this.names = names;
        this.features = features;
    }

    // ---- for people ----

    @Override
    public void text(TextOutput out) {
        out.line("features: "
                + (features.isEmpty()
                        ? "none beyond WebAssembly 1.0"
                        : String.join(
                                ", ", features.stream().map(Feature::label).toList())));
        out.list("sections", sections.size(), LINES_MAX, i -> line(sections.get(i)));
        out.list("imports", module.importCount(), LINES_MAX, i -> line(module.importAt(i)));
        Export[] exports = module.exports().values().toArray(Export[]::new);
        out.list("exports", exports.length, LINES_MAX, i -> line(exports[i]));
        out.list("memories", module.memoryCount(), LINES_MAX, i -> i + ": " + memory(module.memory(i)));
        out.list("tables", module.tableCount(), LINES_MAX, i -> i + ": " + table(module.table(i)));
        out.line(String.format(
                "functions: %,d, of which %,d are imported", module.functionCount(), module.importedFunctionCount()));
        out.line(String.format("globals: %,d", module.globalCount()));
        out.line(String.format(
                "segments: %,d of elements, %,d of data with %,d bytes",
                module.elementSegmentCount(), module.dataSegmentCount(), dataBytes()));
        if (module.startFunction() >= 0) {
            out.line("start: " + function(module.startFunction()));
        }
    }

    private static String line(FileSection section) {
        String name = section.id() == Section.CUSTOM ? "custom " + Text.quoted(section.name()) : section.name();
        return String.format("%-24s at 0x%06x %,12d bytes", name, section.start(), section.end() - section.start());
    }

    private String line(Import entry) {
        return String.format(
                "%-6s %s.%s %s",
                entry.kind().label(),
                Text.printable(entry.module()),
                Text.printable(entry.name()),
                type(entry.kind(), entry.index()));
    }

    private String line(Export entry) {
        return String.format(
                "%-6s %s = %d: %s",
                entry.kind().label(), Text.printable(entry.name()), entry.index(), type(entry.kind(), entry.index()));
    }

    private String type(ExternalKind kind, int index) {
        return switch (kind) {
            case FUNCTION -> module.functionType(index).toString();
            case TABLE -> table(module.table(index));
            case MEMORY -> memory(module.memory(index));
            case GLOBAL -> global(module.global(index));
        };
    }

    private static String memory(MemoryType type) {
        return String.format(
                "%,d pages (%,d KiB), %s",
                type.minimum(),
                (long) type.minimum() * PAGE_KIB,
                type.maximum() < 0 ? "no maximum" : String.format("at most %,d", type.maximum()));
    }

    private static String table(TableType type) {
        return String.format(
                "%,d elements of %s, %s",
                type.minimum(),
                ValueType.name(type.elementType()),
                type.maximum() < 0 ? "no maximum" : String.format("at most %,d", type.maximum()));
    }

    private static String global(GlobalType type) {
        return (type.mutable() ? "mutable " : "") + ValueType.name(type.valueType());
    }

    private String function(int index) {
        return names.functionName(index)
                .map(name -> name + " (function " + index + ")")
                .orElse("function " + index);
    }

    private long dataBytes() {
        long bytes = 0;
        for (int i = 0; i < module.dataSegmentCount(); i++) {
            DataSegment segment = module.dataSegment(i);
            bytes += segment.size();
        }
        return bytes;
    }

    // ---- for programs ----

    @Override
    public void json(Json json) {
        json.key("features").beginArray();
        features.forEach(feature -> json.value(feature.label()));
        json.endArray();
        json.key("sections").beginArray();
        for (FileSection section : sections) {
            json.beginObject().key("id").value(section.id()).key("name").value(section.name());
            json.key("offset").value(section.start()).key("bytes").value(section.end() - section.start());
            json.endObject();
        }
        json.endArray();
        json.key("imports").beginArray();
        for (int i = 0; i < module.importCount(); i++) {
            Import entry = module.importAt(i);
            json.beginObject().key("module").value(entry.module()).key("name").value(entry.name());
            type(json, entry.kind(), entry.index());
            json.endObject();
        }
        json.endArray();
        json.key("exports").beginArray();
        for (Export entry : module.exports().values()) {
            json.beginObject().key("name").value(entry.name());
            type(json, entry.kind(), entry.index());
            json.endObject();
        }
        json.endArray();
        json.key("memories").beginArray();
        for (int i = 0; i < module.memoryCount(); i++) {
            MemoryType type = module.memory(i);
            limits(json.beginObject(), type.minimum(), type.maximum());
            json.endObject();
        }
        json.endArray();
        json.key("tables").beginArray();
        for (int i = 0; i < module.tableCount(); i++) {
            TableType type = module.table(i);
            json.beginObject().key("type").value(ValueType.name(type.elementType()));
            limits(json, type.minimum(), type.maximum());
            json.endObject();
        }
        json.endArray();
        json.key("functions").value(module.functionCount());
        json.key("importedFunctions").value(module.importedFunctionCount());
        json.key("globals").value(module.globalCount());
        json.key("elementSegments").value(module.elementSegmentCount());
        json.key("dataSegments").value(module.dataSegmentCount());
        json.key("dataBytes").value(dataBytes());
        if (module.startFunction() >= 0) {
            json.key("start").value(module.startFunction());
        }
    }

    private void type(Json json, ExternalKind kind, int index) {
        json.key("kind").value(kind.label()).key("index").value(index);
        json.key("type").value(type(kind, index));
    }

    private static void limits(Json json, long minimum, long maximum) {
        json.key("minimum").value(minimum).key("maximum");
        if (maximum < 0) {
            json.nothing();
        } else {
            json.value(maximum);
        }
    }
}
