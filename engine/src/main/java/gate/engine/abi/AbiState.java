// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// What of the import functions travels with a stopped program.
///
/// @param monotonicNanos what its monotonic clock stood at; 0 for a program that hasn't run,
///     because the clock never shows it
public record AbiState(long monotonicNanos) {
    /// Of a program that hasn't run.
    public static final AbiState FRESH = new AbiState(0);

    public AbiState {
        if (monotonicNanos < 0) {
            throw new IllegalArgumentException("a monotonic clock at " + monotonicNanos);
        }
    }
}
