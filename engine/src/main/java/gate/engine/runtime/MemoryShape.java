// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// What a memory back-end must know to make a memory.
///
/// @param initialPages pages at the start
/// @param maximumPages declared maximum, or [Memory#PAGES_MAX] where none is declared
/// @param declaredMaximum whether the module declares a maximum
/// @param pagesAllowed what the policy allows, at most [Memory#PAGES_MAX]
/// @param allowance what it and the instance's other memories may grow by
public record MemoryShape(
        int initialPages, int maximumPages, boolean declaredMaximum, int pagesAllowed, Allowance allowance) {
    /// A memory that shares no allowance with others.
    public MemoryShape(int initialPages, int maximumPages, boolean declaredMaximum, int pagesAllowed) {
        this(initialPages, maximumPages, declaredMaximum, pagesAllowed, new Allowance(Memory.PAGES_MAX));
    }

    public MemoryShape {
        if (initialPages < 0
                || maximumPages < initialPages
                || maximumPages > Memory.PAGES_MAX
                || pagesAllowed < 0
                || pagesAllowed > Memory.PAGES_MAX) {
            throw new IllegalArgumentException("memory shape out of range");
        }
    }
}
