// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// An entry of the import section.
///
/// @param index in the kind's index space
public record Import(String module, String name, ExternalKind kind, int index) {}
