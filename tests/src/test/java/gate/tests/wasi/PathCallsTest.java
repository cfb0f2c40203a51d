// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.FOLLOW;
import static gate.tests.wasi.WasiGuest.RESULT;
import static gate.tests.wasi.WasiGuest.length;
import static org.assertj.core.api.Assertions.assertThat;

import gate.executor.host.wasi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The functions on paths but `path_open`.
class PathCallsTest {
    @TempDir
    private Path directory;

    private WasiGuest guest;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(directory.resolve("dir/sub"));
        Files.writeString(directory.resolve("file"), "contents");
        Files.writeString(directory.resolve("dir/inner"), "inner");
        Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
        Files.createSymbolicLink(directory.resolve("dirlink"), Path.of("dir"));
        Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
        guest = WasiGuest.in(directory);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    @Test
    void pathsThatAreNoPathsAreRefusedByAll() {
        for (String name : List.of("path_create_directory", "path_remove_directory", "path_unlink_file")) {
            assertThat(guest.pathCall(name, DIR, "")).as(name).isEqualTo(Errno.NOENT);
            assertThat(guest.pathCall(name, DIR, "a\0b")).as(name).isEqualTo(Errno.INVAL);
            assertThat(guest.pathCall(name, DIR, "x".repeat(5000))).as(name).isEqualTo(Errno.NAMETOOLONG);
            assertThat(guest.pathCall(name, DIR, "x".repeat(300))).as(name).isEqualTo(Errno.NAMETOOLONG);
            assertThat(guest.pathCall(name, DIR, "file/x")).as(name).isEqualTo(Errno.NOTDIR);
            assertThat(guest.pathCall(name, DIR, "nowhere/x")).as(name).isEqualTo(Errno.NOENT);
            assertThat(guest.pathCall(name, 1, "x")).as(name).isEqualTo(Errno.NOTDIR);
            assertThat(guest.call(name, DIR, -1, 2)).as(name).isEqualTo(Errno.FAULT);
            assertThat(guest.call(name, DIR, guest.bytes((byte) 0xFF, (byte) 'a'), 2))
                    .as(name)
                    .isEqualTo(Errno.ILSEQ);
        }
    }

    @Test
    void aDirectoryCanBeMade() {
        assertThat(guest.pathCall("path_create_directory", DIR, "new")).isEqualTo(Errno.SUCCESS);
        assertThat(directory.resolve("new")).isDirectory();
        assertThat(guest.pathCall("path_create_directory", DIR, "dirlink/new/")).isEqualTo(Errno.SUCCESS);
        assertThat(directory.resolve("dir/new")).isDirectory();
        for (String there : List.of("dir", "file", "link", "dangling", ".", "dir/.", "dir/..", "dir/")) {
            assertThat(guest.pathCall("path_create_directory", DIR, there))
                    .as(there)
                    .isEqualTo(Errno.EXIST);
        }
    }

    @Test
    void anEmptyDirectoryCanBeRemoved() {
        assertThat(guest.pathCall("path_remove_directory", DIR, "dir")).isEqualTo(Errno.NOTEMPTY);
        assertThat(guest.pathCall("path_remove_directory", DIR, "dir/sub/")).isEqualTo(Errno.SUCCESS);
        assertThat(directory.resolve("dir/sub")).doesNotExist();
        for (String other : List.of("file", "file/", "link", "dirlink", "dirlink/")) {
            assertThat(guest.pathCall("path_remove_directory", DIR, other))
                    .as(other)
                    .isEqualTo(Errno.NOTDIR);
        }
        assertThat(guest.pathCall("path_remove_directory", DIR, "nowhere")).isEqualTo(Errno.NOENT);
        assertThat(guest.pathCall("path_remove_directory", DIR, "dir/.")).isEqualTo(Errno.INVAL);
    }

    @Test
    void aFileOrLinkCanBeUnlinked() {
        assertThat(guest.pathCall("path_unlink_file", DIR, "link")).isEqualTo(Errno.SUCCESS);
        assertThat(Files.isSymbolicLink(directory.resolve("link"))).isFalse();
        assertThat(directory.resolve("file")).exists();
        assertThat(guest.pathCall("path_unlink_file", DIR, "file/")).isEqualTo(Errno.NOTDIR);
        assertThat(guest.pathCall("path_unlink_file", DIR, "file")).isEqualTo(Errno.SUCCESS);
        assertThat(guest.pathCall("path_unlink_file", DIR, "file")).isEqualTo(Errno.NOENT);
        assertThat(guest.pathCall("path_unlink_file", DIR, "dir")).isEqualTo(Errno.ISDIR);
        assertThat(guest.pathCall("path_unlink_file", DIR, "dir/")).isEqualTo(Errno.ISDIR);
        assertThat(guest.pathCall("path_unlink_file", DIR, ".")).isEqualTo(Errno.ISDIR);
    }

    @Test
    void statFollowsALinkWhenAsked() {
        assertThat(guest.stat(DIR, "link", FOLLOW)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.memory.loadByte(RESULT + 16)).isEqualTo((byte) 4);
        assertThat(guest.memory.loadLong(RESULT + 32)).isEqualTo(8);
        assertThat(guest.stat(DIR, "link", 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.memory.loadByte(RESULT + 16)).isEqualTo((byte) 7);
        assertThat(guest.stat(DIR, "dirlink/", 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.memory.loadByte(RESULT + 16)).isEqualTo((byte) 3);
        assertThat(guest.stat(DIR, "dirlink/inner", 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.memory.loadLong(RESULT + 32)).isEqualTo(5);
        assertThat(guest.stat(DIR, "dangling", 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.stat(DIR, "dangling", FOLLOW)).isEqualTo(Errno.NOENT);
        assertThat(guest.stat(DIR, "file/", 0)).isEqualTo(Errno.NOTDIR);
        assertThat(guest.stat(DIR, "link/", 0)).isEqualTo(Errno.NOTDIR);
        assertThat(guest.stat(DIR, "dir/../dir/./inner", 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.stat(DIR, ".", 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.stat(DIR, "file", 2)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("path_filestat_get", DIR, 0, guest.text("file"), 4, -8))
                .isEqualTo(Errno.FAULT);
    }

    @Test
    void timesAreSetOnTheFileOrTheLink() throws IOException {
        assertThat(setTimes("link", FOLLOW, 5_000_000_000L, 4)).isEqualTo(Errno.SUCCESS);
        assertThat(modified("file")).isEqualTo(5_000_000_000L);
        assertThat(setTimes("link", 0, 7_000_000_000L, 4)).isEqualTo(Errno.SUCCESS);
        assertThat(modified("link")).isEqualTo(7_000_000_000L);
        assertThat(modified("file")).isEqualTo(5_000_000_000L);
        assertThat(setTimes("file", 0, 0, 8)).isEqualTo(Errno.SUCCESS);
        assertThat(modified("file")).isGreaterThan(1_700_000_000_000_000_000L);
        assertThat(setTimes("file", 0, 1, 4 | 8)).isEqualTo(Errno.INVAL);
        assertThat(setTimes("file", 0, 1, 1 | 2)).isEqualTo(Errno.INVAL);
        assertThat(setTimes("file", 0, 1, 16)).isEqualTo(Errno.INVAL);
        assertThat(setTimes("file/", 0, 1, 4)).isEqualTo(Errno.NOTDIR);
        assertThat(setTimes("nowhere", 0, 1, 4)).isEqualTo(Errno.NOENT);
        assertThat(setTimes("dir", 0, 9_000_000_000L, 4)).isEqualTo(Errno.SUCCESS);
        assertThat(modified("dir")).isEqualTo(9_000_000_000L);
    }

    private Errno setTimes(String path, int lookup, long modification, int flags) {
        return guest.call(
                "path_filestat_set_times",
                DIR,
                lookup,
                guest.text(path),
                length(path),
                1_000_000_000L,
                modification,
                flags);
    }

    private long modified(String path) throws IOException {
        return Files.getLastModifiedTime(directory.resolve(path), LinkOption.NOFOLLOW_LINKS)
                .to(TimeUnit.NANOSECONDS);
    }

    @Test
    void aHardLinkIsTheSameFile() throws IOException {
        assertThat(link(0, "file", "hard")).isEqualTo(Errno.SUCCESS);
        Files.writeString(directory.resolve("hard"), "changed");
        assertThat(Files.readString(directory.resolve("file"))).isEqualTo("changed");
        assertThat(link(0, "link", "hardlink")).isEqualTo(Errno.SUCCESS);
        assertThat(Files.isSymbolicLink(directory.resolve("hardlink"))).isTrue();
        assertThat(link(FOLLOW, "link", "hardfile")).isEqualTo(Errno.SUCCESS);
        assertThat(Files.isSymbolicLink(directory.resolve("hardfile"))).isFalse();
        assertThat(link(0, "file", "hard")).isEqualTo(Errno.EXIST);
        assertThat(link(0, "file", "dangling")).isEqualTo(Errno.EXIST);
        assertThat(link(0, "dir", "harddir")).isEqualTo(Errno.PERM);
        assertThat(link(0, "nowhere", "x")).isEqualTo(Errno.NOENT);
        assertThat(link(FOLLOW, "dangling", "x")).isEqualTo(Errno.NOENT);
        assertThat(link(0, "file", "x/")).isEqualTo(Errno.NOENT);
        assertThat(link(0, "file/", "x")).isEqualTo(Errno.NOTDIR);
        assertThat(link(2, "file", "x")).isEqualTo(Errno.INVAL);
    }

    private Errno link(int lookup, String from, String to) {
        return guest.call("path_link", DIR, lookup, guest.text(from), length(from), DIR, guest.text(to), length(to));
    }

    @Test
    void aSymbolicLinkHoldsTheGuestsText() throws IOException {
        assertThat(symlink("some where", "dir/new")).isEqualTo(Errno.SUCCESS);
        assertThat(Files.readSymbolicLink(directory.resolve("dir/new"))).hasToString("some where");
        assertThat(symlink("x", "file")).isEqualTo(Errno.EXIST);
        assertThat(symlink("x", "dir/")).isEqualTo(Errno.EXIST);
        assertThat(symlink("x", "new/")).isEqualTo(Errno.NOENT);
        assertThat(symlink("", "new")).isEqualTo(Errno.NOENT);
        assertThat(symlink("a\0b", "new")).isEqualTo(Errno.INVAL);
        assertThat(symlink("/etc", "new")).isEqualTo(Errno.NOTCAPABLE);
        assertThat(directory.resolve("new")).doesNotExist();
    }

    private Errno symlink(String target, String path) {
        return guest.call("path_symlink", guest.text(target), length(target), DIR, guest.text(path), length(path));
    }

    @Test
    void readingALinkIsCutToTheBuffer() {
        assertThat(readLink("link", 100)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.string(BUFFER, guest.result())).isEqualTo("file");
        guest.memory.storeByte(BUFFER + 2, (byte) 77);
        assertThat(readLink("link", 2)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.result()).isEqualTo(2);
        assertThat(guest.memory.loadByte(BUFFER + 2)).isEqualTo((byte) 77);
        assertThat(readLink("link", 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.result()).isZero();
        assertThat(readLink("dirlink/../link", 100)).isEqualTo(Errno.SUCCESS);
        assertThat(readLink("file", 100)).isEqualTo(Errno.INVAL);
        assertThat(readLink("file", 0)).isEqualTo(Errno.INVAL);
        assertThat(readLink("dir", 100)).isEqualTo(Errno.INVAL);
        assertThat(readLink("nowhere", 100)).isEqualTo(Errno.NOENT);
        assertThat(guest.call("path_readlink", DIR, guest.text("link"), 4, BUFFER, 10, -1))
                .isEqualTo(Errno.FAULT);
    }

    private Errno readLink(String path, int size) {
        return guest.call("path_readlink", DIR, guest.text(path), length(path), BUFFER, size, RESULT);
    }

    @Test
    void renamingReplacesAsPosixSays() throws IOException {
        assertThat(rename("file", "renamed")).isEqualTo(Errno.SUCCESS);
        assertThat(Files.readString(directory.resolve("renamed"))).isEqualTo("contents");
        assertThat(rename("renamed", "dir/inner")).isEqualTo(Errno.SUCCESS);
        assertThat(Files.readString(directory.resolve("dir/inner"))).isEqualTo("contents");
        assertThat(rename("nowhere", "x")).isEqualTo(Errno.NOENT);
        assertThat(rename("dir/inner", "dir/sub")).isEqualTo(Errno.ISDIR);
        assertThat(rename("dir/sub", "dir/inner")).isEqualTo(Errno.NOTDIR);
        assertThat(rename("dir", "dir/sub/x")).isEqualTo(Errno.INVAL);
        assertThat(rename("dir/inner/", "x")).isEqualTo(Errno.NOTDIR);
        Files.createDirectory(directory.resolve("empty"));
        assertThat(rename("empty", "dir")).isEqualTo(Errno.NOTEMPTY);
        assertThat(rename("dir/", "empty/")).isEqualTo(Errno.SUCCESS);
        assertThat(directory.resolve("empty/inner")).exists();
        assertThat(rename("link", "dangling")).isEqualTo(Errno.SUCCESS);
        assertThat(Files.readSymbolicLink(directory.resolve("dangling"))).hasToString("file");
    }

    private Errno rename(String from, String to) {
        return guest.call("path_rename", DIR, guest.text(from), length(from), DIR, guest.text(to), length(to));
    }
}
