// SPDX-License-Identifier: Apache-2.0
package gate.tests.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The checkout that these tests are part of, as files. Paths are relative to its root, with `/`.
public final class Repository {
    private static final Set<String> NOT_OURS = Set.of(".git", "target", "node_modules", ".idea", ".vscode", ".gate");

    private Repository() {}

    /// The folder that holds the root pom.
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isRegularFile(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("these tests must run inside of the checkout");
        }
        return folder;
    }

    /// Every file but what builds and tools leave behind.
    public static List<String> files() {
        Path root = root();
        List<String> found = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean skipped = NOT_OURS.contains(String.valueOf(folder.getFileName()));
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = root.relativize(file).toString();
                    if (!NOT_OURS.contains(name)) { // in a worktree, .git is a file
                        found.add(name);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Collections.sort(found);
        return found;
    }

    static List<String> javaFiles() {
        return files().stream().filter(name -> name.endsWith(".java")).toList();
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(root().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    public static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    static boolean exists(String name) {
        return Files.exists(root().resolve(name));
    }

    /// Text files have no NUL byte in their first part.
    static boolean isText(String name) {
        byte[] bytes = bytes(name);
        for (int i = 0; i < Math.min(bytes.length, 8_000); i++) {
            if (bytes[i] == 0) {
                return false;
            }
        }
        return true;
    }

    /// A list of exceptions from a rule: lines of `KEY | REASON`, comments with `#`.
    ///
    /// @return reasons by key
    static Map<String, String> exceptions(String name) {
        Map<String, String> reasons = new TreeMap<>();
        for (String line :
                text("tests/src/test/resources/gate/tests/tidy/" + name).lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> parts = List.of(line.split("\\|", 2));
            if (parts.size() != 2 || parts.getLast().isBlank()) {
                throw new IllegalStateException(name + ": every entry needs a reason after a |: " + line);
            }
            reasons.put(parts.getFirst().strip(), parts.getLast().strip());
        }
        return reasons;
    }
}
