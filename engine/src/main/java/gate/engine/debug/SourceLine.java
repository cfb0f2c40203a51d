// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

/// A place in a program's source.
///
/// @param file as the compiler was told, with its folder where that is known
/// @param line from 1 on
/// @param column from 1 on; 0 where it isn't known
public record SourceLine(String file, int line, int column) {
    /// As reference 8.4 prints it.
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
