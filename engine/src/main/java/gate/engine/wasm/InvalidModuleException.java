// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// A well-formed module that breaks a rule of core specification chapter 3 "Validation".
public final class InvalidModuleException extends ModuleException {
    private static final long serialVersionUID = 1L;

    /// @param reason what is wrong, in the words of the specification's own tests where they have some
    /// @param place section, function and offset
    /// @param offset byte offset in the module
    public InvalidModuleException(String reason, String place, long offset) {
        super(reason, place, offset);
    }
}
