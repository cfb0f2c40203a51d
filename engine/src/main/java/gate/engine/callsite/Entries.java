// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

/// The functions that a program runs, one after the other.
///
/// @param start the module's start function, -1 for none
/// @param entry the function that it was launched with, -1 for none
public record Entries(int start, int entry) {
    /// Neither.
    public static final int NONE = -1;
}
