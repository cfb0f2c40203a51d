// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A run of one of our scripts, in a process of its own.
///
/// @param status its exit status
/// @param out all of its standard output
/// @param err all of its standard error
/// @param millis wall time
record Script(int status, String out, String err, double millis) {
    private static final long MINUTES_MAX = 5;

    /// A script that is running, its output going to files.
    record Started(Process process, Path out, Path err, long began) {
        /// Waits for its end; then its files are gone. To be called once, however the test goes.
        Script await() throws IOException, InterruptedException {
            try {
                if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("still running after minutes: " + Files.readString(err));
                }
                double millis = (System.nanoTime() - began) / 1e6;
                return new Script(process.exitValue(), Files.readString(out), Files.readString(err), millis);
            } finally {
                process.destroyForcibly();
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        }
    }

    static Started start(Path folder, Map<String, String> environment, String... command) throws IOException {
        Path out = Files.createTempFile("script", ".out");
        Path err = Files.createTempFile("script", ".err");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        environment.forEach((key, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(key);
            } else {
                builder.environment().put(key, value);
            }
        });
        long began = System.nanoTime();
        return new Started(builder.start(), out, err, began);
    }

    static Script run(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        return start(folder, environment, command).await();
    }
}
