// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// A memory's type: core specification 2.3.10.
///
/// @param minimum pages of 64 KiB
/// @param maximum pages, or -1 for none
public record MemoryType(int minimum, int maximum) {}
