// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// What can be imported and exported: core specification 5.5.5, with its numbers in the binary format.
public enum ExternalKind {
    FUNCTION(0, "func"),
    TABLE(1, "table"),
    MEMORY(2, "memory"),
    GLOBAL(3, "global");

    private final int number;
    private final String label;

    ExternalKind(int number, String label) {
        this.number = number;
        this.label = label;
    }

    public int number() {
        return number;
    }

    /// The text format's word.
    public String label() {
        return label;
    }

    static ExternalKind of(int number) {
        return values()[number];
    }
}
