// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.CREAT;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.DIRECTORY;
import static gate.tests.wasi.WasiGuest.READ;
import static gate.tests.wasi.WasiGuest.RESULT;
import static gate.tests.wasi.WasiGuest.TRUNC;
import static gate.tests.wasi.WasiGuest.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import gate.executor.host.wasi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each right of preview 1's `$rights`, and what it lets a guest do.
class RightsTest {
    private static final long ALL = (1L << 30) - 1;
    private static final int DSYNC = 2;
    private static final int RSYNC = 8;
    private static final int SYNC = 16;

    /// Descriptor of a file with all rights.
    private static final int FILE = 4;

    /// Descriptor of a directory that was opened through the given one, with all rights.
    private static final int SUB = 5;

    @TempDir
    private Path directory;

    private WasiGuest guest;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(directory.resolve("file"), "contents");
        Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
        Files.createDirectory(directory.resolve("empty"));
        guest = WasiGuest.in(directory);
        assertThat(guest.opened(DIR, "file", 0)).isEqualTo(FILE);
        assertThat(guest.openedDirectory(DIR, ".")).isEqualTo(SUB);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private static int text(WasiGuest guest, String text) {
        return guest.text(text);
    }

    private static Errno path(WasiGuest guest, String name, int directory, String path) {
        return guest.pathCall(name, directory, path);
    }

    /// @param right its number
    /// @param descriptor what loses it
    /// @param missing what the call answers then
    /// @param call gives the error
    record Need(int right, String name, int descriptor, Errno missing, ToLongFunction<WasiGuest> call) {
        static Need of(int right, String name, int descriptor, ToErrno call) {
            return new Need(
                    right,
                    name,
                    descriptor,
                    Errno.NOTCAPABLE,
                    guest -> call.of(guest).code());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    interface ToErrno {
        Errno of(WasiGuest guest);
    }

    static Stream<Need> needs() {
        return Stream.concat(ofFiles(), ofDirectories());
    }

    private static Stream<Need> ofFiles() {
        ToErrno poll = guest -> {
            byte[] subscription = new byte[48];
            subscription[8] = 1;
            subscription[16] = FILE;
            guest.done("poll_oneoff", guest.bytes(subscription), BUFFER, 1, RESULT);
            int errno = guest.memory.loadShort(BUFFER + 8);
            return errno == 0 ? Errno.SUCCESS : errno == 76 ? Errno.NOTCAPABLE : Errno.INVAL;
        };
        return Stream.of(
                new Need(
                        1,
                        "fd_read",
                        FILE,
                        Errno.BADF,
                        guest -> guest.call("fd_read", FILE, guest.buffers(BUFFER, 1), 1, RESULT)
                                .code()),
                new Need(
                        6,
                        "fd_write",
                        FILE,
                        Errno.BADF,
                        guest -> guest.write(FILE, "x").code()),
                Need.of(2, "fd_seek", FILE, guest -> guest.call("fd_seek", FILE, 1, 0, RESULT)),
                Need.of(
                        2,
                        "fd_pread",
                        FILE,
                        guest -> guest.call("fd_pread", FILE, guest.buffers(BUFFER, 1), 1, 0, RESULT)),
                Need.of(
                        2,
                        "fd_pwrite",
                        FILE,
                        guest -> guest.call("fd_pwrite", FILE, guest.buffers(BUFFER, 1), 1, 0, RESULT)),
                Need.of(3, "fd_fdstat_set_flags", FILE, guest -> guest.call("fd_fdstat_set_flags", FILE, 1)),
                Need.of(4, "fd_sync", FILE, guest -> guest.call("fd_sync", FILE)),
                Need.of(7, "fd_advise", FILE, guest -> guest.call("fd_advise", FILE, 0, 1, 0)),
                Need.of(8, "fd_allocate", FILE, guest -> guest.call("fd_allocate", FILE, 0, 1)),
                Need.of(21, "fd_filestat_get", FILE, guest -> guest.call("fd_filestat_get", FILE, RESULT)),
                Need.of(22, "fd_filestat_set_size", FILE, guest -> guest.call("fd_filestat_set_size", FILE, 3)),
                Need.of(23, "fd_filestat_set_times", FILE, guest -> guest.call("fd_filestat_set_times", FILE, 0, 0, 2)),
                Need.of(27, "poll_oneoff", FILE, poll));
    }

    private static Stream<Need> ofDirectories() {
        return Stream.of(
                Need.of(9, "path_create_directory", SUB, guest -> path(guest, "path_create_directory", SUB, "new")),
                Need.of(10, "path_open creating", SUB, guest -> guest.open(SUB, "new", 0, CREAT, READ, 0)),
                Need.of(
                        11,
                        "path_link from",
                        SUB,
                        guest -> guest.call("path_link", SUB, 0, text(guest, "file"), 4, DIR, text(guest, "new"), 3)),
                Need.of(
                        12,
                        "path_link to",
                        SUB,
                        guest -> guest.call("path_link", DIR, 0, text(guest, "file"), 4, SUB, text(guest, "new"), 3)),
                Need.of(13, "path_open", SUB, guest -> guest.open(SUB, "file", 0, 0, READ, 0)),
                Need.of(14, "fd_readdir", SUB, guest -> guest.call("fd_readdir", SUB, BUFFER, 99, 0, RESULT)),
                Need.of(
                        15,
                        "path_readlink",
                        SUB,
                        guest -> guest.call("path_readlink", SUB, text(guest, "link"), 4, BUFFER, 99, RESULT)),
                Need.of(
                        16,
                        "path_rename from",
                        SUB,
                        guest -> guest.call("path_rename", SUB, text(guest, "file"), 4, DIR, text(guest, "new"), 3)),
                Need.of(
                        17,
                        "path_rename to",
                        SUB,
                        guest -> guest.call("path_rename", DIR, text(guest, "file"), 4, SUB, text(guest, "new"), 3)),
                Need.of(18, "path_filestat_get", SUB, guest -> guest.stat(SUB, "file", 0)),
                Need.of(
                        20,
                        "path_filestat_set_times",
                        SUB,
                        guest -> guest.call("path_filestat_set_times", SUB, 0, text(guest, "file"), 4, 0, 0, 2)),
                Need.of(
                        24,
                        "path_symlink",
                        SUB,
                        guest -> guest.call("path_symlink", text(guest, "file"), 4, SUB, text(guest, "new"), 3)),
                Need.of(25, "path_remove_directory", SUB, guest -> path(guest, "path_remove_directory", SUB, "empty")),
                Need.of(26, "path_unlink_file", SUB, guest -> path(guest, "path_unlink_file", SUB, "link")),
                Need.of(4, "fd_sync of a directory", SUB, guest -> guest.call("fd_sync", SUB)),
                Need.of(21, "fd_filestat_get of a directory", SUB, guest -> guest.call("fd_filestat_get", SUB, RESULT)),
                Need.of(
                        23,
                        "fd_filestat_set_times of a directory",
                        SUB,
                        guest -> guest.call("fd_filestat_set_times", SUB, 0, 0, 2)));
    }

    private void shrink(int descriptor, long base, long inheriting) {
        guest.done("fd_fdstat_get", descriptor, RESULT);
        guest.done(
                "fd_fdstat_set_rights",
                descriptor,
                guest.memory.loadLong(RESULT + 8) & base,
                guest.memory.loadLong(RESULT + 16) & inheriting);
    }

    @ParameterizedTest
    @MethodSource("needs")
    void withoutItsRightAFunctionDoesNothing(Need need) {
        shrink(need.descriptor(), ~(1L << need.right()), -1);
        assertThat(need.call().applyAsLong(guest)).isEqualTo(need.missing().code());
        assertThat(directory.resolve("new")).doesNotExist();
        assertThat(directory.resolve("file")).hasContent("contents");
        assertThat(directory.resolve("link")).isSymbolicLink();
        assertThat(directory.resolve("empty")).exists();
    }

    @ParameterizedTest
    @MethodSource("needs")
    void withItsRightAloneItDoes(Need need) {
        // Reading and writing at a position needs two; creating and truncating are part of opening.
        long others = 1L << 1 | 1L << 6 | 1L << 13;
        shrink(need.descriptor(), 1L << need.right() | others, -1);
        assertThat(need.call().applyAsLong(guest)).isZero();
    }

    @Test
    void askingForThePositionNeedsOneOfTwoRights() {
        shrink(FILE, ~(1L << 2), -1);
        guest.done("fd_tell", FILE, RESULT);
        guest.done("fd_seek", FILE, 0, 1, RESULT);
        assertThat(guest.call("fd_seek", FILE, 0, 0, RESULT)).isEqualTo(Errno.NOTCAPABLE);
        shrink(FILE, ~(1L << 5), -1);
        assertThat(guest.call("fd_tell", FILE, RESULT)).isEqualTo(Errno.NOTCAPABLE);
        int other = guest.opened(DIR, "file", 0);
        shrink(other, ~(1L << 5), -1);
        guest.done("fd_tell", other, RESULT);
    }

    @Test
    void writingDataToTheDiskNeedsOneOfTwoRights() {
        shrink(FILE, ~1L, -1);
        guest.done("fd_datasync", FILE);
        shrink(FILE, ~(1L << 4), -1);
        assertThat(guest.call("fd_datasync", FILE)).isEqualTo(Errno.NOTCAPABLE);
    }

    @Test
    void whatADirectoryCanNotHandOnIsNotOpened() {
        shrink(SUB, -1, ~WRITE);
        assertThat(guest.open(SUB, "file", 0, 0, READ | WRITE, 0)).isEqualTo(Errno.NOTCAPABLE);
        assertThat(guest.call("path_open", SUB, 0, text(guest, "file"), 4, 0, READ, WRITE, 0, RESULT))
                .isEqualTo(Errno.NOTCAPABLE);
        guest.done("path_open", SUB, 0, text(guest, "file"), 4, 0, READ, READ, 0, RESULT);
        int file = guest.result();
        assertThat(guest.write(file, "x")).isEqualTo(Errno.BADF);
        assertThat(guest.call("fd_tell", file, RESULT)).isEqualTo(Errno.NOTCAPABLE);
        guest.done("path_open", SUB, 0, text(guest, "."), 1, DIRECTORY, ALL & ~WRITE, READ, 0, RESULT);
        int below = guest.result();
        assertThat(guest.call("path_open", below, 0, text(guest, "file"), 4, 0, READ | 1L << 5, 0, 0, RESULT))
                .isEqualTo(Errno.NOTCAPABLE);
        guest.done("path_open", below, 0, text(guest, "file"), 4, 0, READ, 0, 0, RESULT);
    }

    @Test
    void bitsThatMeanNothingAreNoRights() {
        guest.done("path_open", DIR, 0, text(guest, "file"), 4, 0, -1L, -1L, 0, RESULT);
        guest.done("fd_fdstat_get", guest.result(), RESULT);
        assertThat(guest.memory.loadLong(RESULT + 8) & ~ALL).isZero();
        assertThat(guest.memory.loadLong(RESULT + 16)).isEqualTo(ALL);
    }

    @Test
    void truncatingAndSynchronousWritingNeedARightThatADirectoryHasOrHandsOn() {
        shrink(SUB, ~(1L << 19 | 1L << 4 | 1L), -1);
        assertThat(guest.call("path_open", SUB, 0, text(guest, "file"), 4, 0, READ, 0, SYNC, RESULT))
                .isEqualTo(Errno.SUCCESS);
        shrink(SUB, -1, ~(1L << 19 | 1L << 4 | 1L));
        for (int flags : new int[] {DSYNC, RSYNC, SYNC}) {
            assertThat(guest.call("path_open", SUB, 0, text(guest, "file"), 4, 0, READ, 0, flags, RESULT))
                    .isEqualTo(Errno.NOTCAPABLE);
        }
        assertThat(guest.call("path_open", SUB, 0, text(guest, "file"), 4, TRUNC, WRITE, 0, 0, RESULT))
                .isEqualTo(Errno.NOTCAPABLE);
        assertThat(directory.resolve("file")).hasContent("contents");
        assertThat(guest.call("path_open", SUB, 0, text(guest, "file"), 4, 0, WRITE, 0, 0, RESULT))
                .isEqualTo(Errno.SUCCESS);
    }

    @Test
    void aDirectoryThatGoOpensLetsItTruncateFiles() {
        // Go asks without what it takes for rights to write; files in it are then opened through it.
        long writing = 1L | WRITE | 1L << 8 | 1L << 19;
        guest.done("path_open", DIR, 0, text(guest, "."), 1, 0, ALL & ~writing, ALL, 0, RESULT);
        int opened = guest.result();
        assertThat(guest.open(opened, "file", 0, TRUNC, WRITE, 0)).isEqualTo(Errno.SUCCESS);
        assertThat(directory.resolve("file")).isEmptyFile();
    }

    @Test
    void rightsAreTakenAwayForEver() {
        shrink(FILE, READ, READ);
        assertThat(guest.call("fd_fdstat_set_rights", FILE, READ | 1L << 5, READ))
                .isEqualTo(Errno.NOTCAPABLE);
        assertThat(guest.call("fd_fdstat_set_rights", FILE, READ, READ | 1L << 5))
                .isEqualTo(Errno.NOTCAPABLE);
        try (WasiGuest next = guest.elsewhere()) {
            assertThat(next.call("fd_tell", FILE, RESULT)).isEqualTo(Errno.NOTCAPABLE);
            assertThat(next.read(FILE, 3)).isEqualTo("con");
        }
    }

    @Test
    void directoriesThatAreGivenHaveAllRights() {
        guest.done("fd_fdstat_get", DIR, RESULT);
        assertThat(guest.memory.loadLong(RESULT + 16)).isEqualTo(ALL);
        long ofFiles = READ | WRITE | 1L << 2 | 1L << 5 | 1L << 7 | 1L << 8 | 1L << 22 | 1L << 27 | 1L << 28 | 1L << 29;
        assertThat(guest.memory.loadLong(RESULT + 8)).isEqualTo(ALL & ~ofFiles);
    }
}
