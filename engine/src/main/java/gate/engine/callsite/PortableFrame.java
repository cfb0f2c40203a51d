// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

/// A call site on a stack that is being read, with what its function's code says of it.
///
/// @param offset of the instruction
/// @param target beginning of the block to which a branch goes, or a table by default
record PortableFrame(SiteKind kind, int site, int function, int offset, int target) {
    /// Offset of the instruction to be executed next, or of the call in progress.
    int standsAt() {
        return kind == SiteKind.LOOP_BRANCH ? target : offset;
    }
}
