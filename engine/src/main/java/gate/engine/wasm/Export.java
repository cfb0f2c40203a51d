// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// An entry of the export section.
///
/// @param index in the kind's index space
public record Export(String name, ExternalKind kind, int index) {}
