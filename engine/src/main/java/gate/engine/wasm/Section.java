// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// A section of a module's bytes.
///
/// @param id core specification 5.5.2
/// @param name a custom section's name, else the section's word, for instance `code`
/// @param start offset of the id byte
/// @param contentStart offset of the content; of a custom section, of what follows its name
/// @param end offset after the content
public record Section(int id, String name, int start, int contentStart, int end) {
    public static final int CUSTOM = 0;
    public static final int TYPE = 1;
    public static final int IMPORT = 2;
    public static final int FUNCTION = 3;
    public static final int TABLE = 4;
    public static final int MEMORY = 5;
    public static final int GLOBAL = 6;
    public static final int EXPORT = 7;
    public static final int START = 8;
    public static final int ELEMENT = 9;
    public static final int CODE = 10;
    public static final int DATA = 11;
    public static final int DATA_COUNT = 12;
    public static final int TAG = 13;

    private static final String[] NAMES = {
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
        "tag"
    };

    /// The word for a section other than a custom one.
    public static String name(int id) {
        return id < NAMES.length ? NAMES[id] : "unknown";
    }
}
