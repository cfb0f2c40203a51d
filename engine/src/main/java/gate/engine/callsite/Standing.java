// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

/// How the innermost frame of an image is written.
///
/// @param site of the frame
/// @param operands of the frame's, the deepest, that are kept
/// @param zeros above them, for operands that the branch at the site drops
/// @param index above these: of a branch table, or -1
/// @param callee whose prologue stands above the frame, or -1
/// @param locals whether the frame has its locals: not where it is at its own prologue
record Standing(int site, int operands, int zeros, int index, int callee, boolean locals) {
    static Standing at(int site, int operands) {
        return new Standing(site, operands, 0, -1, -1, true);
    }

    static Standing prologue(int site) {
        return new Standing(site, 0, 0, -1, -1, false);
    }

    static Standing branch(int site, int operands) {
        return at(site, operands);
    }

    static Standing table(int site, int operands, int zeros, int index) {
        return new Standing(site, operands, zeros, index, -1, true);
    }

    static Standing call(int site, int operands, int callee) {
        return new Standing(site, operands, 0, -1, callee, true);
    }

    /// Words above the locals, without the site word.
    int words() {
        return operands + zeros + (index < 0 ? 0 : 1);
    }
}
