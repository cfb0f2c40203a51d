// SPDX-License-Identifier: Apache-2.0
package gate.bench.modules;

import java.util.Random;

/// Writes function bodies like a compiler's: statements over a dozen locals, with addresses, comparisons, loops and
/// calls. Each takes an `i32` and returns one.
final class ProgramWriter {
    private static final int LOCALS = 12;
    private static final int LEVELS_MAX = 6;

    private static final int[] OPERATIONS = {0x6A, 0x6A, 0x6A, 0x6B, 0x6C, 0x71, 0x72, 0x73, 0x74, 0x76};
    private static final int[] COMPARISONS = {0x46, 0x47, 0x48, 0x49, 0x4A, 0x4E};
    private static final int[] LOADS = {0x28, 0x28, 0x2D, 0x2F};
    private static final int[] STORES = {0x36, 0x36, 0x3A, 0x3B};
    private static final int[] LOAD_ALIGNMENTS = {2, 2, 0, 1};

    private final ModuleBytes out;
    private final Random random;
    private final int function;

    /// @param function index of the function; it calls only those before it
    ProgramWriter(ModuleBytes out, Random random, int function) {
        this.out = out;
        this.random = random;
        this.function = function;
    }

    void write(int bytes) {
        out.raw(1, LOCALS - 1, ModuleBytes.I32);
        int levels = 0;
        while (out.size() < bytes) {
            switch (random.nextInt(12)) {
                case 0 -> {
                    if (levels < LEVELS_MAX) {
                        out.raw(random.nextBoolean() ? 0x02 : 0x03, 0x40); // block or loop
                        levels++;
                    }
                }
                case 1 -> {
                    if (levels > 0) {
                        out.raw(0x0B);
                        levels--;
                    }
                }
                case 2 -> {
                    if (levels > 0) {
                        condition();
                        out.raw(0x0D).unsigned(random.nextInt(levels)); // br_if
                    }
                }
                case 3 -> {
                    get();
                    value();
                    int kind = random.nextInt(STORES.length);
                    out.raw(STORES[kind], LOAD_ALIGNMENTS[kind]).unsigned(random.nextInt(2000));
                }
                case 4 -> {
                    if (function > 0) {
                        value();
                        out.raw(0x10).unsigned(random.nextInt(function)); // call
                        set();
                    }
                }
                default -> {
                    value();
                    set();
                }
            }
        }
        for (; levels > 0; levels--) {
            out.raw(0x0B);
        }
        get();
        out.raw(0x0B);
    }

    private void get() {
        out.raw(0x20).unsigned(random.nextInt(LOCALS));
    }

    private void set() {
        out.raw(0x21).unsigned(random.nextInt(LOCALS));
    }

    private void constant() {
        out.raw(0x41).signed(random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(256));
    }

    private void condition() {
        get();
        if (random.nextBoolean()) {
            get();
        } else {
            constant();
        }
        out.raw(COMPARISONS[random.nextInt(COMPARISONS.length)]);
    }

    /// An expression of one to three operations.
    private void value() {
        get();
        for (int operations = 1 + random.nextInt(3); operations > 0; operations--) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    int kind = random.nextInt(LOADS.length);
                    out.raw(LOADS[kind], LOAD_ALIGNMENTS[kind]).unsigned(random.nextInt(2000));
                }
                case 1 -> {
                    get();
                    out.raw(OPERATIONS[random.nextInt(OPERATIONS.length)]);
                }
                default -> {
                    constant();
                    out.raw(OPERATIONS[random.nextInt(OPERATIONS.length)]);
                }
            }
        }
    }
}
