// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.AbiPolicy;
import gate.engine.runtime.Memory;
import gate.engine.runtime.StoreOptions;

/// What an instance may use: reference 5.3.
///
/// @param memoryPagesMax pages of 64 KiB of all its memories together
/// @param stackWords its call stack, in words of 8 bytes as reference 7.6 counts them
/// @param abi time and chance
public record InstancePolicy(int memoryPagesMax, int stackWords, AbiPolicy abi) {
    /// Of the stack that a policy allows, what the original uses itself: reference 1.1, "Memory and stack".
    public static final int ORIGINAL_STACK_OVERHEAD = 9_968;

    /// A server's: 32 MiB of memory, a stack of 64 KiB.
    public static final InstancePolicy DEFAULT = of(32 << 20, 64 << 10, AbiPolicy.DEFAULT);

    public InstancePolicy {
        if (memoryPagesMax < 0 || memoryPagesMax > Memory.PAGES_MAX) {
            throw new IllegalArgumentException("memoryPagesMax out of range: " + memoryPagesMax);
        }
        if (stackWords < 1 || stackWords > StoreOptions.STACK_WORDS_MAX) {
            throw new IllegalArgumentException("stackWords out of range: " + stackWords);
        }
    }

    /// A policy as the original's configuration puts it.
    ///
    /// @param memoryBytes of linear memory
    /// @param stackBytes of the call stack, the original's overhead included
    public static InstancePolicy of(long memoryBytes, long stackBytes, AbiPolicy abi) {
        long words = Math.max(1, (stackBytes - ORIGINAL_STACK_OVERHEAD) / Long.BYTES);
        return new InstancePolicy(
                (int) Math.min(memoryBytes / Memory.PAGE_BYTES, Memory.PAGES_MAX),
                (int) Math.min(words, StoreOptions.STACK_WORDS_MAX),
                abi);
    }
}
