// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// Value types, each one `int`, so that the validator's operand stack and a saved frame are plain data.
///
/// A number type is its byte in the binary format. A reference type is [#REFERENCE], [#NULLABLE] where null is
/// allowed, and its heap type: an abstract heap type's byte, or [#CONCRETE] and an index into the module's type
/// section. Two modules' concrete types are compared through [FunctionType], never by index.
///
/// Core specification, 2.3 "Types" and 5.3 "Types".
public final class ValueType {
    public static final int I32 = 0x7F;
    public static final int I64 = 0x7E;
    public static final int F32 = 0x7D;
    public static final int F64 = 0x7C;
    /// Takes two slots of a frame. Not supported yet: [Feature#SIMD].
    public static final int V128 = 0x7B;

    public static final int REFERENCE = 0x4000_0000;
    public static final int NULLABLE = 0x2000_0000;
    public static final int CONCRETE = 0x1000_0000;

    /// Heap type bytes.
    public static final int HEAP_FUNC = 0x70;

    public static final int HEAP_EXTERN = 0x6F;

    public static final int FUNCREF = REFERENCE | NULLABLE | HEAP_FUNC;
    public static final int EXTERNREF = REFERENCE | NULLABLE | HEAP_EXTERN;

    /// The type of an operand that unreachable code never produces: it matches every type.
    public static final int BOTTOM = 0;

    private static final int INDEX_MASK = 0x0FFF_FFFF;

    private ValueType() {}

    /// A reference to functions of the type at `typeIndex` in the module's type section.
    public static int concrete(int typeIndex, boolean nullable) {
        return REFERENCE | CONCRETE | (nullable ? NULLABLE : 0) | typeIndex;
    }

    public static boolean isReference(int type) {
        return (type & REFERENCE) != 0;
    }

    public static boolean isNullable(int type) {
        return (type & NULLABLE) != 0;
    }

    public static boolean isConcrete(int type) {
        return (type & CONCRETE) != 0;
    }

    /// The type index of a concrete reference type.
    public static int typeIndex(int type) {
        return type & INDEX_MASK;
    }

    /// The heap type byte of an abstract reference type.
    public static int heap(int type) {
        return type & INDEX_MASK;
    }

    public static int asNonNull(int type) {
        return type & ~NULLABLE;
    }

    /// A value of this type has a default (zero or null), so a local of it needs no initialisation.
    public static boolean isDefaultable(int type) {
        return !isReference(type) || isNullable(type);
    }

    /// Slots of a frame that a value of this type takes.
    public static int slots(int type) {
        return type == V128 ? 2 : 1;
    }

    /// The type as the text format writes it.
    public static String name(int type) {
        return switch (type) {
            case I32 -> "i32";
            case I64 -> "i64";
            case F32 -> "f32";
            case F64 -> "f64";
            case V128 -> "v128";
            case FUNCREF -> "funcref";
            case EXTERNREF -> "externref";
            case BOTTOM -> "bottom";
            default -> referenceName(type);
        };
    }

    private static String referenceName(int type) {
        if (!isReference(type)) {
            return "type 0x" + Integer.toHexString(type);
        }
        String heap = isConcrete(type)
                ? Integer.toString(typeIndex(type))
                : switch (heap(type)) {
                    case HEAP_FUNC -> "func";
                    case HEAP_EXTERN -> "extern";
                    default -> "0x" + Integer.toHexString(heap(type));
                };
        return "(ref " + (isNullable(type) ? "null " : "") + heap + ")";
    }
}
