// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// An element segment, still encoded: core specification 5.5.12.
///
/// @param table index of the table that an active segment is for
/// @param offsetExpression byte offset of an active segment's offset expression, else -1
/// @param type of its elements
/// @param count of its elements
/// @param items byte offset of its elements
/// @param expressions whether elements are expressions; otherwise function indexes
public record ElementSegment(
        SegmentMode mode, int table, int offsetExpression, int type, int count, int items, boolean expressions) {}
