// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// One line of a WebAssembly call stack.
///
/// @param functionIndex index in the module's function index space
/// @param functionName from the name section, else the export's name, else empty
/// @param codeOffset byte offset of the instruction in the module
public record StackFrame(int functionIndex, String functionName, int codeOffset) {
    @Override
    public String toString() {
        String name = functionName.isEmpty() ? "function " + functionIndex : functionName;
        return name + " @0x" + Integer.toHexString(codeOffset);
    }
}
