// SPDX-License-Identifier: Apache-2.0
package gate.app;

import java.util.List;

/// Runs commands as a user would, while the JDK watches and writes its AOT cache: classes that they load and profiles
/// of what they run are there at the next start. Called by the build of `./gate`.
final class Training {
    private Training() {}

    /// A command, and the status that it must end with.
    private record Lesson(int status, List<String> command) {}

    /// Mistakes are among them: a class is kept only if what it may throw has been linked as well.
    private static final List<Lesson> LESSONS = List.of(
            new Lesson(0, List.of("version")),
            new Lesson(0, List.of("help")),
            new Lesson(0, List.of("help", "version")),
            new Lesson(0, List.of("version", "--help")),
            new Lesson(64, List.of("version", "--wrong")));

    public static void main(String[] args) {
        for (Lesson lesson : LESSONS) {
            int status = Main.run(lesson.command.toArray(String[]::new));
            if (status != lesson.status) {
                throw new IllegalStateException(lesson.command + " ended with " + status);
            }
        }
    }
}
