// SPDX-License-Identifier: Apache-2.0
/// Looking into programs: code offsets as debuggers and breakpoints count them, and the source lines and functions that
/// a module's DWARF sections tell of.
///
/// Read [CodeOffsets], then [DebugInfo]. Everything is immutable once made. Not here: anything that runs a program
/// (`gate.engine.runtime`), and the types and places of a source language's variables.
@NullMarked
package gate.engine.debug;

import org.jspecify.annotations.NullMarked;
