// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

import org.jspecify.annotations.Nullable;

/// Reads value types: core specification 5.3.
final class ValueTypeReader {
    private static final int REF_NULL = 0x63;
    private static final int REF = 0x64;

    private ValueTypeReader() {}

    /// How a reader of types complains about a feature it can't use at its present position.
    @FunctionalInterface
    interface Refusal {
        UnsupportedFeatureException of(Feature feature);
    }

    /// @param checked whether type indexes must exist: false where only the structure is read
    static int valueType(ByteReader in, Module module, FeatureSet features, Refusal refusal, boolean checked) {
        int at = in.position;
        int code = in.u8();
        return switch (code) {
            case ValueType.I32, ValueType.I64, ValueType.F32, ValueType.F64 -> code;
            case ValueType.V128 -> throw refusal.of(Feature.SIMD);
            case ValueType.HEAP_FUNC -> {
                if (!features.referenceTypes) {
                    throw refusal.of(Feature.REFERENCE_TYPES); // version 1.0 has it as the type of tables alone
                }
                yield ValueType.FUNCREF;
            }
            default -> referenceType(in, at, module, features, refusal, checked, "malformed value type");
        };
    }

    static int referenceType(ByteReader in, Module module, FeatureSet features, Refusal refusal, boolean checked) {
        int at = in.position;
        in.u8();
        return referenceType(in, at, module, features, refusal, checked, "malformed reference type");
    }

    private static int referenceType(
            ByteReader in,
            int at,
            Module module,
            FeatureSet features,
            Refusal refusal,
            boolean checked,
            String complaint) {
        int code = in.bytes[at] & 0xFF;
        switch (code) {
            case ValueType.HEAP_FUNC, ValueType.HEAP_EXTERN -> {
                if (!features.referenceTypes && code == ValueType.HEAP_EXTERN) {
                    throw refusal.of(Feature.REFERENCE_TYPES);
                }
                return ValueType.REFERENCE | ValueType.NULLABLE | code;
            }
            case REF_NULL, REF -> {
                if (!features.functionReferences) {
                    throw refusal.of(Feature.FUNCTION_REFERENCES);
                }
                int heap = heapType(in, module, features, refusal, checked);
                return code == REF_NULL ? heap | ValueType.NULLABLE : heap;
            }
            default -> {
                Feature feature = featureOf(code);
                if (feature != null) {
                    throw refusal.of(feature);
                }
                throw in.malformed(complaint, at);
            }
        }
    }

    private static @Nullable Feature featureOf(int code) {
        return switch (code) {
            case 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x71, 0x72, 0x73 -> Feature.GC;
            case 0x69, 0x74 -> Feature.EXCEPTIONS;
            default -> null;
        };
    }

    static int heapType(ByteReader in, Module module, FeatureSet features, Refusal refusal) {
        return heapType(in, module, features, refusal, true);
    }

    /// A reference type to the heap type read, not nullable.
    static int heapType(ByteReader in, Module module, FeatureSet features, Refusal refusal, boolean checked) {
        int at = in.position;
        long code = in.s33();
        if (code >= 0) {
            if (!features.functionReferences) {
                throw refusal.of(Feature.FUNCTION_REFERENCES);
            }
            if (!checked) {
                return ValueType.REFERENCE | ValueType.HEAP_FUNC;
            }
            if (code >= module.typesDefined()) {
                throw module.invalidAt("unknown type " + code, at, in);
            }
            return ValueType.concrete(module.canonicalType((int) code), false);
        }
        int heap = (int) code & 0x7F;
        if (heap == ValueType.HEAP_FUNC || heap == ValueType.HEAP_EXTERN) {
            return ValueType.REFERENCE | heap;
        }
        Feature feature = featureOf(heap);
        if (feature != null) {
            throw refusal.of(feature);
        }
        throw in.malformed("malformed heap type", at);
    }
}
