// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

/// A section of a saved program's file, which can be larger than a module: one of the program's own, or one with its
/// state.
///
/// @param id core specification 5.5.2
/// @param name a custom section's name, else the section's word, for instance `code`
/// @param start offset of the id byte
/// @param end offset after the content
public record FileSection(int id, String name, long start, long end) {}
