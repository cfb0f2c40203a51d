// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// Follows a translation, to find which instruction a word belongs to and where operands are there.
interface Watcher {
    /// Execution can stand before the word at `pc` with the instruction at `offset` to be executed next.
    ///
    /// @param operands height of the operand stack there
    /// @param beforeInstruction whether that instruction has been counted in the present piece of code already
    void at(int pc, int offset, int operands, boolean beforeInstruction, Translator translator);
}
