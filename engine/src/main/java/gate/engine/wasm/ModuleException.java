// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// A module that can't be used, by the fault of whoever made it. The message says what is wrong and where.
public abstract sealed class ModuleException extends RuntimeException
        permits MalformedModuleException, InvalidModuleException, UnsupportedFeatureException, ModuleLimitException {
    private static final long serialVersionUID = 1L;

    /// No place is known.
    public static final long NOWHERE = -1;

    private final String reason;
    private final long offset;

    ModuleException(String reason, String place, long offset) {
        super(place.isEmpty() ? reason : reason + " (" + place + ")", null, false, false);
        this.reason = reason;
        this.offset = offset;
    }

    /// What is wrong, without the place.
    public final String reason() {
        return reason;
    }

    /// Byte offset in the module (for text: character offset), or [#NOWHERE].
    public final long offset() {
        return offset;
    }
}
