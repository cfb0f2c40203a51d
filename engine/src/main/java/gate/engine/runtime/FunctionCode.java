// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// A function in register form: see [Op]. Immutable once published.
///
/// @param function its index
/// @param boundary offset of the instruction at which this code can be entered besides its beginning; -1 for the
/// code
///     that all instances share
/// @param counting whether it charges fuel
/// @param stops where it stops for a debugger
/// @param words instructions
/// @param parameters slots of its parameters, the frame's first
/// @param zeroTo slots from `parameters` up to here are zero at entry
/// @param slots of its frame
/// @param budget stack budget that its frame takes, in words of 8 bytes, without the return site
/// @param slack slots of its frame that the budget doesn't count
record FunctionCode(
        int function,
        int boundary,
        boolean counting,
        Breakpoints stops,
        long[] words,
        int parameters,
        int zeroTo,
        int slots,
        int budget,
        int slack) {}
