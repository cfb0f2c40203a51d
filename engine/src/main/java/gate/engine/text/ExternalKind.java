// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import org.jspecify.annotations.Nullable;

/// What can be imported and exported. Core specification, 5.5.5 "Import Section".
enum ExternalKind {
    FUNCTION("func", "function", 0),
    TABLE("table", "table", 1),
    MEMORY("memory", "memory", 2),
    GLOBAL("global", "global", 3);

    private final String keyword;
    private final String label;
    private final int code;

    ExternalKind(String keyword, String label, int code) {
        this.keyword = keyword;
        this.label = label;
        this.code = code;
    }

    /// The kind in messages.
    String label() {
        return label;
    }

    int code() {
        return code;
    }

    IndexSpace space(ModuleContext context) {
        return switch (this) {
            case FUNCTION -> context.functions;
            case TABLE -> context.tables;
            case MEMORY -> context.memories;
            case GLOBAL -> context.globals;
        };
    }

    /// Reads the keyword of a kind if one comes next.
    static @Nullable ExternalKind accept(TokenReader tokens) {
        for (ExternalKind kind : values()) {
            if (tokens.acceptKeyword(kind.keyword)) {
                return kind;
            }
        }
        return null;
    }

    static ExternalKind read(TokenReader tokens) {
        ExternalKind kind = accept(tokens);
        if (kind == null) {
            throw tokens.unexpected();
        }
        return kind;
    }
}
