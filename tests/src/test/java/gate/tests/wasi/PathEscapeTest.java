// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.CREAT;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.FOLLOW;
import static gate.tests.wasi.WasiGuest.READ;
import static gate.tests.wasi.WasiGuest.RESULT;
import static gate.tests.wasi.WasiGuest.WRITE;
import static gate.tests.wasi.WasiGuest.length;
import static org.assertj.core.api.Assertions.assertThat;

import gate.executor.host.wasi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No path leads out of the directory that was given, in whatever way it is tried.
class PathEscapeTest {
    @TempDir
    private Path temporary;

    private Path inside;
    private Path outside;
    private WasiGuest guest;

    @BeforeEach
    void open() throws IOException {
        outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        inside = Files.createDirectory(temporary.resolve("inside"));
        Files.createDirectories(inside.resolve("a/b/c"));
        Files.writeString(inside.resolve("file"), "file");
        guest = WasiGuest.in(inside);
    }

    @AfterEach
    void close() throws IOException {
        guest.close();
        assertThat(Files.readString(outside.resolve("secret"))).isEqualTo("secret");
        try (var files = Files.list(outside)) {
            assertThat(files.count()).isEqualTo(1);
        }
        try (var files = Files.list(temporary)) {
            assertThat(files.count()).isEqualTo(2);
        }
    }

    /// Tries every function with a path; each must answer with `expected`.
    private void allRefuse(int directory, String path, Errno expected) {
        assertThat(guest.open(directory, path, FOLLOW, 0, READ, 0)).as(path).isEqualTo(expected);
        assertThat(guest.open(directory, path, FOLLOW, CREAT, READ | WRITE, 0))
                .as(path)
                .isEqualTo(expected);
        assertThat(guest.stat(directory, path, FOLLOW)).as(path).isEqualTo(expected);
        String below = path + "/x";
        for (String name : List.of("path_create_directory", "path_remove_directory", "path_unlink_file")) {
            assertThat(guest.pathCall(name, directory, below))
                    .as(name + " " + below)
                    .isEqualTo(expected);
        }
        int text = guest.text(below);
        int size = length(below);
        int file = guest.text("file");
        assertThat(guest.call("path_filestat_set_times", directory, FOLLOW, text, size, 0, 0, 2 | 8))
                .isEqualTo(expected);
        assertThat(guest.call("path_readlink", directory, text, size, BUFFER, 100, RESULT))
                .isEqualTo(expected);
        assertThat(guest.call("path_link", DIR, 0, file, 4, directory, text, size))
                .isEqualTo(expected);
        assertThat(guest.call("path_link", directory, FOLLOW, text, size, DIR, guest.text("n"), 1))
                .isEqualTo(expected);
        assertThat(guest.call("path_rename", DIR, file, 4, directory, text, size))
                .isEqualTo(expected);
        assertThat(guest.call("path_rename", directory, text, size, DIR, guest.text("n"), 1))
                .isEqualTo(expected);
        assertThat(guest.call("path_symlink", file, 4, directory, text, size)).isEqualTo(expected);
    }

    @Test
    void dotDotStopsAtTheDirectory() {
        allRefuse(DIR, "..", Errno.NOTCAPABLE);
        allRefuse(DIR, "../outside", Errno.NOTCAPABLE);
        allRefuse(DIR, "../inside", Errno.NOTCAPABLE);
        allRefuse(DIR, "a/../../outside", Errno.NOTCAPABLE);
        allRefuse(DIR, "./a/b/c/../../../../outside", Errno.NOTCAPABLE);
        allRefuse(DIR, "a//..//..//outside", Errno.NOTCAPABLE);
    }

    @Test
    void dotDotStopsAtTheDirectoryThatWasOpenedToo() {
        int b = guest.openedDirectory(DIR, "a/b");
        allRefuse(b, "..", Errno.NOTCAPABLE);
        allRefuse(b, "c/../../b", Errno.NOTCAPABLE);
        assertThat(guest.stat(b, "c/../c", FOLLOW)).isEqualTo(Errno.SUCCESS);
    }

    @Test
    void absolutePathsAreRefused() {
        allRefuse(DIR, "/", Errno.NOTCAPABLE);
        allRefuse(DIR, outside.toString(), Errno.NOTCAPABLE);
        allRefuse(DIR, inside.toString(), Errno.NOTCAPABLE);
        allRefuse(DIR, "//etc", Errno.NOTCAPABLE);
    }

    @Test
    void linksOutAreNotFollowed() throws IOException {
        Files.createSymbolicLink(inside.resolve("absolute"), outside);
        Files.createSymbolicLink(inside.resolve("relative"), Path.of("../outside"));
        Files.createSymbolicLink(inside.resolve("a/deep"), Path.of("../../outside"));
        Files.createSymbolicLink(inside.resolve("chained"), Path.of("a/deep"));
        Files.createSymbolicLink(inside.resolve("parent"), Path.of(".."));
        Files.createSymbolicLink(inside.resolve("here"), inside);
        for (String path : List.of(
                "absolute", "relative", "a/deep", "chained", "parent/outside", "here", "a/b/../deep", "parent")) {
            allRefuse(DIR, path, Errno.NOTCAPABLE);
        }
        assertThat(guest.open(DIR, "absolute/secret", FOLLOW, 0, READ, 0)).isEqualTo(Errno.NOTCAPABLE);
        assertThat(guest.open(DIR, "absolute/", 0, 0, READ, 0)).isEqualTo(Errno.NOTCAPABLE);
    }

    @Test
    void linksToFilesOutsideAreNotFollowed() throws IOException {
        Files.createSymbolicLink(inside.resolve("absolute"), outside.resolve("secret"));
        Files.createSymbolicLink(inside.resolve("relative"), Path.of("../outside/secret"));
        Files.createSymbolicLink(inside.resolve("new"), Path.of("../outside/new"));
        for (String path : List.of("absolute", "relative", "new")) {
            assertThat(guest.open(DIR, path, FOLLOW, 0, READ, 0)).as(path).isEqualTo(Errno.NOTCAPABLE);
            assertThat(guest.open(DIR, path, FOLLOW, CREAT, WRITE, 0)).as(path).isEqualTo(Errno.NOTCAPABLE);
            assertThat(guest.open(DIR, path, 0, CREAT, WRITE, 0)).as(path).isEqualTo(Errno.LOOP);
            assertThat(guest.stat(DIR, path, FOLLOW)).as(path).isEqualTo(Errno.NOTCAPABLE);
            assertThat(guest.stat(DIR, path, 0)).as(path).isEqualTo(Errno.SUCCESS);
            assertThat(guest.call("path_link", DIR, FOLLOW, guest.text(path), length(path), DIR, guest.text("h"), 1))
                    .as(path)
                    .isEqualTo(Errno.NOTCAPABLE);
            assertThat(guest.call("path_filestat_set_times", DIR, FOLLOW, guest.text(path), length(path), 0, 0, 10))
                    .as(path)
                    .isEqualTo(Errno.NOTCAPABLE);
        }
    }

    @Test
    void linksThatTheGuestMakesAreNotFollowedOutEither() {
        assertThat(symlink("../outside", "out")).isEqualTo(Errno.SUCCESS);
        assertThat(symlink("../../../outside/secret", "a/b/out")).isEqualTo(Errno.SUCCESS);
        assertThat(symlink(outside.toString(), "absolute")).isEqualTo(Errno.NOTCAPABLE);
        allRefuse(DIR, "out", Errno.NOTCAPABLE);
        assertThat(guest.open(DIR, "a/b/out", FOLLOW, 0, READ, 0)).isEqualTo(Errno.NOTCAPABLE);
        // Moved up, the same text leads further out.
        assertThat(symlink("../file", "a/up")).isEqualTo(Errno.SUCCESS);
        assertThat(guest.open(DIR, "a/up", FOLLOW, 0, READ, 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.call("path_rename", DIR, guest.text("a/up"), 4, DIR, guest.text("up"), 2))
                .isEqualTo(Errno.SUCCESS);
        assertThat(guest.open(DIR, "up", FOLLOW, 0, READ, 0)).isEqualTo(Errno.NOTCAPABLE);
    }

    private Errno symlink(String target, String path) {
        return guest.call("path_symlink", guest.text(target), length(target), DIR, guest.text(path), length(path));
    }

    @Test
    void aHardLinkToALinkDoesNotTurnItIntoAWayOut() throws IOException {
        Files.createSymbolicLink(inside.resolve("out"), outside);
        assertThat(guest.call("path_link", DIR, 0, guest.text("out"), 3, DIR, guest.text("hard"), 4))
                .isEqualTo(Errno.SUCCESS);
        allRefuse(DIR, "hard", Errno.NOTCAPABLE);
    }

    @Test
    void aDirectoryThatIsMovedAwayGivesNoWayToItsNewParent() throws IOException {
        int b = guest.openedDirectory(DIR, "a/b");
        Files.move(inside.resolve("a/b"), outside.resolve("b"));
        try {
            assertThat(guest.stat(b, "../secret", FOLLOW)).isEqualTo(Errno.NOTCAPABLE);
            assertThat(guest.stat(b, "c/../../secret", FOLLOW)).isEqualTo(Errno.NOTCAPABLE);
        } finally {
            Files.move(outside.resolve("b"), inside.resolve("a/b"));
        }
    }

    @Test
    void theKernelsMagicLinksAreNoWayOut() throws IOException {
        try (WasiGuest proc = WasiGuest.in(Path.of("/proc/self"))) {
            for (String path : List.of("root/etc", "cwd", "fd/0", "exe")) {
                assertThat(proc.open(DIR, path, FOLLOW, 0, READ, 0)).as(path).isIn(Errno.NOTCAPABLE, Errno.NOENT);
            }
        }
    }
}
