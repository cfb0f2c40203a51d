// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// Bytes or text that aren't a module at all: core specification chapters 5 "Binary Format" and 6 "Text Format".
public final class MalformedModuleException extends ModuleException {
    private static final long serialVersionUID = 1L;

    /// @param reason what is wrong, in the words of the specification's own tests where they have some
    /// @param place section, function and offset, or line and column of a text; empty where unknown
    /// @param offset see [ModuleException#offset()]
    public MalformedModuleException(String reason, String place, long offset) {
        super(reason, place, offset);
    }
}
