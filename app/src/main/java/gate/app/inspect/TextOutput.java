// SPDX-License-Identifier: Apache-2.0
package gate.app.inspect;

import java.io.PrintStream;
import java.util.function.IntFunction;

/// Lines for a person.
final class TextOutput {
    private final PrintStream out;

    TextOutput(PrintStream out) {
        this.out = out;
    }

    void line(String text) {
        out.println(text);
    }

    /// A heading and a line for each item, the first ones of them; nothing where there are none.
    void list(String heading, int count, int shownMax, IntFunction<String> item) {
        if (count == 0) {
            return;
        }
        out.printf("%s: %,d%n", heading, count);
        for (int i = 0; i < Math.min(count, shownMax); i++) {
            out.println("  " + item.apply(i));
        }
        if (count > shownMax) {
            out.printf("  ... and %,d more: --json has them all%n", count - shownMax);
        }
    }
}
