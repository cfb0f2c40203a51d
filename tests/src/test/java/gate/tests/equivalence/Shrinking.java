// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import java.util.Arrays;
import java.util.function.Predicate;

/// Makes a list of decisions shorter and simpler for as long as something still fails.
final class Shrinking {
    private final Predicate<int[]> fails;
    private final long deadlineNanos;
    private int[] best;

    private Shrinking(int[] list, Predicate<int[]> fails, long nanos) {
        this.best = list;
        this.fails = fails;
        this.deadlineNanos = System.nanoTime() + nanos;
    }

    /// @param nanos how long to try
    static int[] shrink(int[] list, Predicate<int[]> fails, long nanos) {
        Shrinking shrinking = new Shrinking(list, fails, nanos);
        while (shrinking.round() && System.nanoTime() < shrinking.deadlineNanos) {}
        return shrinking.best;
    }

    private boolean round() {
        boolean better = false;
        for (int size = Math.max(1, best.length / 2); size > 0; size /= 2) {
            for (int at = best.length - size; at >= 0; at -= size) {
                better |= attempt(without(at, size));
            }
            for (int at = 0; at + size <= best.length; at += size) {
                better |= attempt(zeroed(at, size));
            }
        }
        for (int at = 0; at < best.length; at++) {
            int[] lower = best.clone();
            lower[at] /= 2;
            better |= attempt(lower);
        }
        return better;
    }

    private boolean attempt(int[] candidate) {
        if (System.nanoTime() > deadlineNanos || Arrays.equals(candidate, best) || !fails.test(candidate)) {
            return false;
        }
        best = candidate;
        return true;
    }

    private int[] without(int at, int size) {
        int to = Math.min(best.length, at + size);
        int from = Math.min(at, to);
        int[] shorter = Arrays.copyOf(best, best.length - (to - from));
        System.arraycopy(best, to, shorter, from, best.length - to);
        return shorter;
    }

    private int[] zeroed(int at, int size) {
        int[] simpler = best.clone();
        Arrays.fill(simpler, at, at + size, 0);
        return simpler;
    }
}
