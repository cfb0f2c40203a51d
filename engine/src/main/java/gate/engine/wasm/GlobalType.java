// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// A global's type: core specification 2.3.9.
///
/// @param valueType relative to the module
/// @param mutable whether `global.set` may change it
public record GlobalType(int valueType, boolean mutable) {}
