// SPDX-License-Identifier: Apache-2.0
package gate.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Where and of what numbers were taken.
///
/// @param commit of the checkout, with `+` where files differ from it
public record Machine(String processor, int cores, String jdk, String commit, String date) {
    static Machine current() throws IOException, InterruptedException {
        return new Machine(
                readProcessor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vendor.version", System.getProperty("java.vendor", "")) + " "
                        + Runtime.version(),
                readCommit(),
                LocalDate.now(ZoneOffset.UTC).toString());
    }

    /// The folder of the checkout.
    public static Path root() {
        return Path.of(System.getProperty("gate.root", ""));
    }

    private static String readProcessor() throws IOException {
        Path information = Path.of("/proc/cpuinfo");
        if (Files.isReadable(information)) {
            for (String line : Files.readAllLines(information)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return System.getProperty("os.arch", "unknown");
    }

    private static String readCommit() throws IOException, InterruptedException {
        String commit = git("rev-parse", "--short=12", "HEAD");
        String changes = git("status", "--porcelain", "--untracked-files=no");
        return commit.isEmpty() ? "unknown" : changes.isEmpty() ? commit : commit + "+";
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process git = new ProcessBuilder(command)
                    .directory(root().toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? output : "";
        } catch (IOException e) {
            return ""; // no git here
        }
    }
}
