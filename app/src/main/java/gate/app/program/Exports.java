// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.engine.wasm.Export;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.Module;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The functions that a module exports.
final class Exports {
    private static final int SHOWN_MAX = 40;

    private Exports() {}

    /// The index of an exported function, or null.
    static @Nullable Integer function(Module module, String name) {
        Export export = module.exports().get(name);
        return export == null || export.kind() != ExternalKind.FUNCTION ? null : export.index();
    }

    /// All of them, for a sentence.
    static String functions(Module module) {
        List<String> names = module.exports().values().stream()
                .filter(export -> export.kind() == ExternalKind.FUNCTION)
                .map(export -> Text.quoted(export.name()))
                .toList();
        if (names.isEmpty()) {
            return "no functions";
        }
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN_MAX, names.size())));
        return names.size() > SHOWN_MAX ? shown + " and " + (names.size() - SHOWN_MAX) + " more" : shown;
    }
}
