// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.program.Text;
import java.util.Optional;

/// Whether the words of a command line came through. Java decodes them as the locale says, and makes U+FFFD of what
/// isn't text in that encoding: a program must not be run with arguments that nobody gave it.
final class Encoding {
    private static final char REPLACEMENT = '\ufffd';

    private Encoding() {}

    /// A sentence about the first word that did not come through.
    static Optional<String> problem(String[] words) {
        for (String word : words) {
            if (word.indexOf(REPLACEMENT) >= 0) {
                return Optional.of(Text.quoted(word) + " is no text in this locale's encoding, "
                        + System.getProperty("sun.jnu.encoding", "which is unknown")
                        + ": write it in that, or set LC_ALL to a UTF-8 locale, say C.UTF-8");
            }
        }
        return Optional.empty();
    }
}
