// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// What the embedder allows the instances of a store.
///
/// @param backend where memories come from
/// @param memoryPagesMax pages that the memories of one instance may have together, at most [Memory#PAGES_MAX]
/// @param tableElementsMax elements that the tables of one instance may have together
/// @param stackWords stack budget of an execution in words of 8 bytes: reference 7.6 says what counts
public record StoreOptions(MemoryBackend backend, int memoryPagesMax, int tableElementsMax, int stackWords) {
    /// Flag-free memories of any size, 10,000,000 table elements, 8 MiB of stack.
    public static final StoreOptions DEFAULT =
            new StoreOptions(MemoryBackend.arena(), Memory.PAGES_MAX, 10_000_000, 1 << 20);

    /// 128 MiB; a saved call stack has at most as many frames.
    public static final int STACK_WORDS_MAX = 1 << 24;

    public StoreOptions {
        if (memoryPagesMax < 0 || memoryPagesMax > Memory.PAGES_MAX) {
            throw new IllegalArgumentException("memoryPagesMax out of range: " + memoryPagesMax);
        }
        if (tableElementsMax < 0) {
            throw new IllegalArgumentException("tableElementsMax out of range: " + tableElementsMax);
        }
        if (stackWords < 1 || stackWords > STACK_WORDS_MAX) {
            throw new IllegalArgumentException("stackWords out of range: " + stackWords);
        }
    }

    public StoreOptions withBackend(MemoryBackend other) {
        return new StoreOptions(other, memoryPagesMax, tableElementsMax, stackWords);
    }

    public StoreOptions withMemoryPagesMax(int pages) {
        return new StoreOptions(backend, pages, tableElementsMax, stackWords);
    }

    public StoreOptions withStackWords(int words) {
        return new StoreOptions(backend, memoryPagesMax, tableElementsMax, words);
    }
}
