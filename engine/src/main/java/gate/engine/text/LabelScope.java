// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The labels that an instruction can branch to. An inner one hides an outer one of the same name.
///
/// Core specification, 6.5.1 "Labels".
final class LabelScope {
    /// @param shadowed level of the outer label of the same name
    private record Label(@Nullable String name, @Nullable Integer shadowed) {}

    private final Map<String, Integer> levels = new HashMap<>();
    private final List<Label> open = new ArrayList<>();

    void push(@Nullable String name) {
        Integer shadowed = name == null ? null : levels.put(name, open.size());
        open.add(new Label(name, shadowed));
    }

    void pop() {
        Label label = open.removeLast();
        if (label.name() == null) {
            return;
        }
        if (label.shadowed() == null) {
            levels.remove(label.name());
        } else {
            levels.put(label.name(), label.shadowed());
        }
    }

    /// Reads a label: how many blocks lie between it and the instruction.
    int read(TokenReader tokens) {
        int at = tokens.offset();
        String name = tokens.acceptIdentifier();
        if (name == null) {
            return tokens.unsigned32();
        }
        Integer level = levels.get(name);
        if (level == null) {
            throw tokens.malformed("unknown label $" + name, at);
        }
        return open.size() - 1 - level;
    }
}
