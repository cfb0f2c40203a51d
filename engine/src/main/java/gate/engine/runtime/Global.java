// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// A global instance (core specification 4.2.9): one raw value.
public final class Global {
    private final ExternType type;
    long value;

    Global(ExternType type, long value) {
        this.type = type;
        this.value = value;
    }

    ExternType type() {
        return type;
    }

    /// A global for import into modules.
    ///
    /// @param valueType a number type, `funcref` or `externref`
    public static Global of(int valueType, boolean mutable, long value) {
        return new Global(ExternType.global(valueType, mutable), value);
    }

    /// The value, raw: see [HostCall].
    public long value() {
        return value;
    }

    /// @throws IllegalStateException for an immutable global
    public void setValue(long value) {
        if (!type.mutable()) {
            throw new IllegalStateException("the global is immutable");
        }
        this.value = value;
    }

    public boolean mutable() {
        return type.mutable();
    }
}
