// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.engine.wasm.ValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compares raw results with what a script expects, and turns its arguments into raw values.
///
/// Raw values are those of [gate.engine.runtime.HostCall]. The engine leaves the numbers of external references to the
/// embedder except for null, which is 0: here `(ref.extern N)` is N + 1.
final class Results {
    private static final int F32_CANONICAL_NAN = 0x7FC0_0000;
    private static final long F64_CANONICAL_NAN = 0x7FF8_0000_0000_0000L;

    private Results() {}

    static long[] raw(List<Value> arguments) {
        return arguments.stream().mapToLong(Results::raw).toArray();
    }

    private static long raw(Value value) {
        return switch (value) {
            case Value.I32(int number) -> number;
            case Value.I64(long number) -> number;
            case Value.F32(int bits) -> bits;
            case Value.F64(long bits) -> bits;
            case Value.NullReference _ -> 0;
            case Value.ExternReference(int number) -> external(number);
            case Value.V128 _, Value.HostReference _ ->
                throw new AssertionError("only features that aren't built take " + value);
        };
    }

    private static long external(int number) {
        return Integer.toUnsignedLong(number) + 1;
    }

    /// What is wrong with the results, or null.
    static @Nullable String mismatch(List<Expectation> expected, int[] types, long[] actual) {
        boolean fits = expected.size() == actual.length;
        for (int i = 0; fits && i < actual.length; i++) {
            fits = fits(expected.get(i), types[i], actual[i]);
        }
        return fits ? null : "expected " + expected + ", got " + describe(types, actual);
    }

    private static String describe(int[] types, long[] values) {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : " ").append(ValueType.name(types[i])).append(':');
            text.append(values[i]).append("=0x").append(Long.toHexString(values[i]));
        }
        return text.append(')').toString();
    }

    private static boolean fits(Expectation expected, int type, long actual) {
        return switch (expected) {
            case Expectation.Exactly(Value value) -> fits(value, type, actual);
            case Expectation.NotANumber(int bits, boolean canonical) ->
                bits == Float.SIZE
                        ? type == ValueType.F32 && isNaN((int) actual, canonical)
                        : type == ValueType.F64 && isNaN(actual, canonical);
            case Expectation.AnyNull() -> ValueType.isReference(type) && actual == 0;
            case Expectation.AnyReference(String kind) -> isReference(kind, type) && actual != 0;
            case Expectation.Either(List<Expectation> alternatives) ->
                alternatives.stream().anyMatch(alternative -> fits(alternative, type, actual));
            case Expectation.Lanes _ -> throw new AssertionError("only a feature that isn't built gives vectors");
        };
    }

    private static boolean fits(Value expected, int type, long actual) {
        int wanted = switch (expected) {
            case Value.I32 _ -> ValueType.I32;
            case Value.I64 _ -> ValueType.I64;
            case Value.F32 _ -> ValueType.F32;
            case Value.F64 _ -> ValueType.F64;
            case Value.ExternReference _ -> ValueType.EXTERNREF;
            case Value.NullReference _ -> ValueType.REFERENCE;
            case Value.V128 _, Value.HostReference _ ->
                throw new AssertionError("only features that aren't built give " + expected);
        };
        boolean typed = switch (expected) {
            case Value.NullReference(String heapType) -> isReference(heapType, type);
            default -> ValueType.asNonNull(type) == ValueType.asNonNull(wanted);
        };
        return typed && raw(expected) == actual;
    }

    private static boolean isReference(String heapType, int type) {
        if (!ValueType.isReference(type)) {
            return false;
        }
        boolean external = !ValueType.isConcrete(type) && ValueType.heap(type) == ValueType.HEAP_EXTERN;
        return external == heapType.endsWith("extern");
    }

    private static boolean isNaN(int bits, boolean canonical) {
        return canonical
                ? (bits & Integer.MAX_VALUE) == F32_CANONICAL_NAN
                : (bits & F32_CANONICAL_NAN) == F32_CANONICAL_NAN;
    }

    private static boolean isNaN(long bits, boolean canonical) {
        return canonical
                ? (bits & Long.MAX_VALUE) == F64_CANONICAL_NAN
                : (bits & F64_CANONICAL_NAN) == F64_CANONICAL_NAN;
    }
}
