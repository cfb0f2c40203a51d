// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// A frame in canonical form, the same in every tier and on every machine.
///
/// @param function index in the module
/// @param offset of the instruction to be executed next, or of the call in progress; the end of the body for one
/// that
///     is about to return
/// @param inCall whether the call at `offset` is in progress: its operands are popped, its results not yet pushed
/// @param locals parameters and other locals, raw
/// @param operands from the deepest up, raw
public record FrameImage(int function, int offset, boolean inCall, long[] locals, long[] operands) {}
