// SPDX-License-Identifier: Apache-2.0
package gate.engine.callsite;

/// A call site.
///
/// @param function in whose code it is; -1 for the sites 0 to 2
/// @param offset of the instruction in the module; the first instruction's for a prologue, -1 where
///     there is none
/// @param stackBytes what the high half of its site word says: 8 × (1 + operands + locals that
///     aren't parameters). At a trap, the most that it can say, as the original keeps some operands
///     in registers. -1 in code to which execution can't come
public record Site(int number, SiteKind kind, int function, int offset, int stackBytes) {}
