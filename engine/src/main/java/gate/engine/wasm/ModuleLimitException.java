// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// A module that may be valid but is larger than a limit allows: see [Limits].
public final class ModuleLimitException extends ModuleException {
    private static final long serialVersionUID = 1L;

    /// @param limit the limit's name, as `docs/limits.md` lists it
    /// @param asked what the module asks for
    /// @param allowed what the limit allows
    /// @param place section, function and offset
    /// @param offset byte offset in the module
    public ModuleLimitException(String limit, long asked, long allowed, String place, long offset) {
        super("limit exceeded: " + limit + " is " + allowed + ", the module asks for " + asked, place, offset);
    }
}
