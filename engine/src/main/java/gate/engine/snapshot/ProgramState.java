// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

/// What is saved of a program beside its execution and instance.
///
/// @param info how it stands
/// @param buffers what is on its way to and from services
/// @param originalStack the execution as in reference 7.5, for the original; empty where it can't be told so,
///     which makes the file one that the original refuses
/// @param host the embedder's own: open files, limits; may be empty
/// @param exportsHidden whether exports stay hidden also where there is nothing to go on with, as in the file that it
///     was made from
public record ProgramState(
        SnapshotInfo info, Buffers buffers, byte[] originalStack, byte[] host, boolean exportsHidden) {
    /// Bytes of a stack in the original's form.
    public static final int ORIGINAL_STACK_BYTES_MAX = 1 << 23;

    private static final byte[] NO_STACK = {};

    /// Of an execution that knows no services.
    public static ProgramState of(SnapshotInfo info, byte[] host) {
        return new ProgramState(info, Buffers.EMPTY, NO_STACK, host, false);
    }
}
