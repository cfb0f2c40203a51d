// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.Streams;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// What Ctrl-C asks at a terminal.
public final class SaveQuestion {
    /// What to do with the stopped program.
    public sealed interface Answer {
        /// Save it to a file that isn't there yet.
        record Save(Path file) implements Answer {}

        /// What needs no more words.
        enum Plain implements Answer {
            END,
            GO_ON,
            /// No answer: SIGTERM or SIGHUP came first.
            TERMINATED
        }
    }

    private SaveQuestion() {}

    /// Asks until there is an answer. The end of the input is one: end.
    public static Answer ask(Streams streams, BufferedReader terminal, Path file) {
        while (true) {
            streams.err()
                    .print("\ngate: stopped. Save it to " + file + "? [Y]es, [n]o (end it), [c]ontinue, or another\n"
                            + "name that ends in .wasm: ");
            streams.err().flush();
            String line;
            try {
                line = terminal.readLine();
            } catch (IOException e) {
                return Answer.Plain.END;
            }
            if (line == null) {
                return Answer.Plain.END;
            }
            String answer = line.strip();
            switch (answer) {
                case "", "y", "Y", "yes" -> {
                    return new Answer.Save(file);
                }
                case "n", "N", "no" -> {
                    return Answer.Plain.END;
                }
                case "c", "C", "continue" -> {
                    return Answer.Plain.GO_ON;
                }
                default -> {
                    if (answer.endsWith(".wasm")
                            && Encoding.problem(new String[] {answer}).isEmpty()) {
                        return new Answer.Save(Path.of(answer));
                    }
                    streams.err().print("Please answer y, n, c or a name that ends in .wasm.");
                }
            }
        }
    }

    /// Where a program is saved if nobody says where: beside nothing else, in the current folder, under a name
    /// that is free.
    ///
    /// @param program the program's own file
    /// @param folder the current folder
    public static Path defaultFile(Path program, Path folder) {
        String name = String.valueOf(program.getFileName());
        String stem = name.replaceFirst("\\.(wasm|wat)$", "").replaceFirst("\\.saved(-[0-9]+)?$", "");
        Path file = folder.resolve(stem + ".saved.wasm");
        for (int number = 2; Files.exists(file, LinkOption.NOFOLLOW_LINKS); number++) {
            file = folder.resolve(stem + ".saved-" + number + ".wasm");
        }
        return file;
    }
}
