// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// A table's type: core specification 2.3.11.
///
/// @param elementType reference type, relative to the module
/// @param minimum elements
/// @param maximum elements, or -1 for none
public record TableType(int elementType, long minimum, long maximum) {}
