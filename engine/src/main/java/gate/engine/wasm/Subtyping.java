// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// Matching of many types at once: core specification 3.4.
final class Subtyping {
    private static final int FUNC = ValueType.REFERENCE | ValueType.HEAP_FUNC;

    private Subtyping() {}

    /// Whether each of `count` types matches the one wanted in its place: [Module#matches] without branches, so that
    /// C2 makes vector instructions of it. A call of two bytes can have 1,000 parameters, of which every one is a
    /// subtype of what is wanted: compared one by one, that took 4 microseconds.
    static boolean allMatch(int[] actual, int from, int[] expected, int at, int count) {
        int wrong = 0;
        for (int i = 0; i < count; i++) {
            int a = actual[from + i];
            int e = expected[at + i];
            int differing = (a ^ e) & ~ValueType.NULLABLE;
            int maybeNull = a & ~e & ValueType.NULLABLE;
            int notFunc = (e & ~ValueType.NULLABLE) ^ FUNC;
            int concreteToFunc = spread(a & ValueType.CONCRETE) & ~spread(notFunc);
            wrong |= (differing & ~concreteToFunc | maybeNull) & spread(a); // spread(BOTTOM) is 0
        }
        return wrong == 0;
    }

    /// All bits set for anything but 0.
    private static int spread(int bits) {
        return (bits | -bits) >> 31;
    }
}
