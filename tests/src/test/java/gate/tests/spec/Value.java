// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

/// A constant of a script.
public sealed interface Value {
    record I32(int value) implements Value {}

    record I64(long value) implements Value {}

    /// By its bits, so that NaNs compare.
    record F32(int bits) implements Value {}

    record F64(long bits) implements Value {}

    /// @param low lanes from 0 on, lowest bits first
    record V128(long low, long high) implements Value {}

    /// @param heapType the keyword of the type
    record NullReference(String heapType) implements Value {}

    record ExternReference(int number) implements Value {}

    record HostReference(int number) implements Value {}
}
