// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// A part of WebAssembly that came after version 1.0, by the name its proposal goes by.
///
/// A policy switches each of the supported ones off by leaving it out of the set given to the decoder.
public enum Feature {
    MUTABLE_GLOBALS("mutable-globals", true),
    SIGN_EXTENSION("sign-extension", true),
    SATURATING_CONVERSIONS("saturating-float-to-int", true),
    MULTI_VALUE("multi-value", true),
    BULK_MEMORY("bulk-memory", true),
    REFERENCE_TYPES("reference-types", true),
    EXTENDED_CONST("extended-const", true),
    TAIL_CALL("tail-call", true),
    MULTI_MEMORY("multi-memory", true),
    FUNCTION_REFERENCES("function-references", true),
    SIMD("simd", false),
    RELAXED_SIMD("relaxed-simd", false),
    EXCEPTIONS("exceptions", false),
    LEGACY_EXCEPTIONS("legacy-exceptions", false),
    MEMORY64("memory64", false),
    GC("gc", false),
    THREADS("threads", false);

    private static final Set<Feature> ALL_SUPPORTED = supportedSet();

    private final String label;
    private final boolean supported;

    Feature(String label, boolean supported) {
        this.label = label;
        this.supported = supported;
    }

    /// The name used in messages, options and documentation.
    public String label() {
        return label;
    }

    /// Whether the engine can run programs that use it.
    public boolean supported() {
        return supported;
    }

    /// Every supported feature, unmodifiable.
    public static Set<Feature> allSupported() {
        return ALL_SUPPORTED;
    }

    private static Set<Feature> supportedSet() {
        EnumSet<Feature> set = EnumSet.noneOf(Feature.class);
        for (Feature feature : values()) {
            if (feature.supported) {
                set.add(feature);
            }
        }
        return Collections.unmodifiableSet(set);
    }
}
