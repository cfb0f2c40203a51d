// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// A data segment: core specification 5.5.14.
///
/// @param memory index of the memory that an active segment is for
/// @param offsetExpression byte offset of an active segment's offset expression, else -1
/// @param start byte offset of its content
/// @param size of its content in bytes
public record DataSegment(SegmentMode mode, int memory, int offsetExpression, int start, int size) {}
