// SPDX-License-Identifier: Apache-2.0
package gate.app.inspect;

import gate.engine.snapshot.FileSection;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.Module;
import gate.engine.wasm.NameSection;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// All that is shown of one file.
///
/// @param title what the file is, in a few words
/// @param kind the same as a word for programs
public record Inspection(String title, String kind, long bytes, List<Report> parts) {
    public Inspection {
        parts = List.copyOf(parts);
    }

    /// Of a module.
    public static Inspection of(Module module, long bytes) {
        List<FileSection> sections = module.sections().stream()
                .map(section -> new FileSection(section.id(), section.name(), section.start(), section.end()))
                .toList();
        Report report = new ModuleReport(module, sections, NameSection.of(module), FeaturesUsed.by(module.bytes()));
        return new Inspection("a WebAssembly module", "module", bytes, List.of(report));
    }

    /// Of a saved program.
    public static Inspection of(Snapshot snapshot, long bytes) {
        Module module = snapshot.module();
        NameSection names = NameSection.of(module);
        List<Report> parts = new ArrayList<>();
        parts.add(new StackReport(snapshot, names));
        parts.add(new ModuleReport(module, snapshot.sections(), names, FeaturesUsed.by(module.bytes())));
        return new Inspection("a saved program", "saved", bytes, parts);
    }

    public void text(String file, PrintStream out) {
        out.printf("%s: %s, %,d bytes%n", file, title, bytes);
        TextOutput lines = new TextOutput(out);
        parts.forEach(part -> part.text(lines));
    }

    public void json(String file, PrintStream out) {
        Json json = new Json(out);
        json.beginObject()
                .key("file")
                .value(file)
                .key("kind")
                .value(kind)
                .key("bytes")
                .value(bytes);
        parts.forEach(part -> part.json(json));
        json.endObject();
    }
}
