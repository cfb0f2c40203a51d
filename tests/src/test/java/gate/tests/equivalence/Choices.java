// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The decisions from which a module is generated: drawn from a seed, or played back from a list.
///
/// Everything that is generated from any list is valid, and a decision that the list doesn't have is 0, the simplest.
/// So a failing module is shrunk by shortening the list.
public final class Choices {
    private final @Nullable SplittableRandom random;
    private int[] made;
    private int count;
    private int position;

    private Choices(@Nullable SplittableRandom random, int[] made, int count) {
        this.random = random;
        this.made = made;
        this.count = count;
    }

    public static Choices seeded(long seed) {
        return new Choices(new SplittableRandom(seed), new int[256], 0);
    }

    static Choices of(int[] list) {
        return new Choices(null, list.clone(), list.length);
    }

    /// A number from 0 to `bound` - 1.
    int below(int bound) {
        if (random == null) {
            return position < count ? Integer.remainderUnsigned(made[position++], bound) : 0;
        }
        if (count == made.length) {
            made = Arrays.copyOf(made, count * 2);
        }
        int choice = random.nextInt(bound);
        made[count++] = choice;
        return choice;
    }

    /// True once in `odds` times; false where there is no decision.
    boolean rarely(int odds) {
        return below(odds) == odds - 1;
    }

    int bits() {
        return below(1 << 16) << 16 | below(1 << 16);
    }

    /// The decisions made so far.
    int[] list() {
        return Arrays.copyOf(made, count);
    }
}
