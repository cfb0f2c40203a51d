// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

import gate.engine.wasm.ValueType;

/// Values as words of a portable stack, and raw as in an image: reference 7.6.
final class PortableValues {
    private static final long LOW = 0xFFFF_FFFFL;

    private PortableValues() {}

    private static boolean isNarrow(int type) {
        return type == ValueType.I32 || type == ValueType.F32;
    }

    /// The other half of a narrow value's word may hold anything when it is read; zero is written.
    static long toWord(int type, long raw) {
        return isNarrow(type) ? raw & LOW : raw;
    }

    static long toRaw(int type, long word) {
        return isNarrow(type) ? (int) word : word;
    }
}
