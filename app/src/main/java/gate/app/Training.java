// SPDX-License-Identifier: Apache-2.0
package gate.app;

import gate.app.program.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Runs commands as a user would, while the JDK watches and writes its AOT cache: classes that they load and profiles
/// of what they run are there at the next start. Called by the build of `./gate`, which gives it an empty folder.
final class Training {
    /// Enough for the interpreter to be compiled with profiling, and its profile to be kept.
    private static final int ROUNDS = 20_000;

    private Training() {}

    /// A command, and the status that it must end with.
    private record Lesson(int status, List<String> command) {
        Lesson(int status, String... command) {
            this(status, List.of(command));
        }
    }

    /// Mistakes are among them: a class is kept only if what it may throw has been linked as well.
    private static List<Lesson> lessons(Path folder) throws IOException {
        String text = folder.resolve("training.wat").toString();
        String broken = folder.resolve("broken.wasm").toString();
        String saved = folder.resolve("saved.wasm").toString();
        String again = folder.resolve("again.wasm").toString();
        String counted = folder.resolve("counted.wasm").toString();
        Files.writeString(Path.of(text), TrainingProgram.text(ROUNDS));
        Files.write(Path.of(broken), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1});
        return List.of(
                new Lesson(0, "version"),
                new Lesson(0, "help"),
                new Lesson(0, "help", "run"),
                new Lesson(0, "version", "--help"),
                new Lesson(64, "version", "--wrong"),
                new Lesson(7, "run", "--dir", folder + "::/data", "--env", "A=b", "--timeout", "1h", text, "argument"),
                new Lesson(75, "run", "--invoke", "forever", "--snapshot", saved, "--after", "300ms", text),
                new Lesson(75, "resume", "--snapshot", again, "--after", "50ms", saved),
                new Lesson(75, "run", "--invoke", "forever", "--fuel", "50000", "--snapshot", counted, text),
                new Lesson(75, "resume", "--fuel", "50000", "--snapshot", counted, counted),
                new Lesson(124, "resume", "--timeout", "50ms", again),
                new Lesson(0, "run", "--invoke", "fail", text, "1"),
                new Lesson(134, "run", "--invoke", "fail", text, "0"),
                new Lesson(65, "run", broken),
                new Lesson(66, "run", folder.resolve("nothing").toString()),
                new Lesson(0, "inspect", text),
                new Lesson(0, "inspect", counted),
                new Lesson(0, "inspect", "--json", saved),
                new Lesson(0, "validate", text, saved),
                new Lesson(1, "validate", broken));
    }

    public static void main(String[] args) throws IOException {
        for (Lesson lesson : lessons(Path.of(args[0]))) {
            int status = Main.run(lesson.command.toArray(String[]::new));
            if (status != lesson.status) {
                throw new IllegalStateException(lesson.command + " ended with " + status);
            }
        }
        Leftovers.none().close(); // what the launcher ends with
    }
}
