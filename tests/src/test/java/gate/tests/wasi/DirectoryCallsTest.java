// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.RESULT;
import static org.assertj.core.api.Assertions.assertThat;

import gate.executor.host.wasi.Errno;
import gate.executor.host.wasi.Preopen;
import gate.executor.host.wasi.WasiLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Listing directories, and finding preopens.
class DirectoryCallsTest {
    @TempDir
    private Path directory;

    private WasiGuest guest;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectory(directory.resolve("b"));
        Files.createFile(directory.resolve("a"));
        Files.createSymbolicLink(directory.resolve("c"), Path.of("a"));
        Files.createFile(directory.resolve("ü"));
        guest = WasiGuest.in(directory);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private record Entry(String name, int type, long inode, long next) {}

    /// The whole entries in a buffer of `size` bytes, and whether the end was told.
    private List<Entry> list(int descriptor, long cookie, int size) {
        guest.done("fd_readdir", descriptor, BUFFER, size, cookie, RESULT);
        int used = guest.result();
        assertThat(used).isLessThanOrEqualTo(size);
        List<Entry> entries = new ArrayList<>();
        int at = 0;
        while (at + 24 <= used) {
            int length = guest.memory.loadInt(BUFFER + at + 16);
            if (at + 24 + length > used) {
                break;
            }
            entries.add(new Entry(
                    guest.string(BUFFER + at + 24, length),
                    guest.memory.loadInt(BUFFER + at + 20),
                    guest.memory.loadLong(BUFFER + at + 8),
                    guest.memory.loadLong(BUFFER + at)));
            at += 24 + length;
        }
        return entries;
    }

    /// Makes a million links.
    @Tag("long")
    @Test
    void aDirectoryWithMoreEntriesThanAreKeptIsRefused() throws IOException {
        Path large = Files.createDirectory(directory.resolve("large"));
        for (int i = 0; i < WasiLimits.DIRECTORY_ENTRIES_MAX; i++) {
            Files.createSymbolicLink(large.resolve(Integer.toString(i)), Path.of("x"));
        }
        int opened = guest.openedDirectory(DIR, "large");
        assertThat(list(opened, 0, 4096)).hasSizeGreaterThan(100);
        Files.createFile(large.resolve("one more"));
        assertThat(guest.call("fd_readdir", opened, BUFFER, 4096, 0, RESULT)).isEqualTo(Errno.NOMEM);
    }

    @Test
    void entriesAreSortedWithTypesAndInodes() throws IOException {
        List<Entry> entries = list(DIR, 0, 4096);
        assertThat(entries).extracting(Entry::name).containsExactly(".", "..", "a", "b", "c", "ü");
        assertThat(entries).extracting(Entry::type).containsExactly(3, 3, 4, 3, 7, 4);
        assertThat(entries.get(2).inode())
                .isEqualTo(((Number) Files.getAttribute(directory.resolve("a"), "unix:ino")).longValue());
        assertThat(guest.result()).isLessThan(4096);
    }

    @Test
    void theParentOfAPreopenIsNotTold() throws IOException {
        assertThat(list(DIR, 0, 4096).get(1).inode())
                .isNotEqualTo(((Number) Files.getAttribute(directory.resolve(".."), "unix:ino")).longValue());
    }

    @Test
    void aFullBufferEndsInsideAnEntry() {
        for (int size = 0; size < 200; size++) {
            guest.memory.storeByte(BUFFER + size, (byte) 77);
            guest.done("fd_readdir", DIR, BUFFER, size, 0, RESULT);
            int whole = 24 + 1 + 24 + 2 + 3 * (24 + 1) + 24 + 2;
            assertThat(guest.result()).isEqualTo(Math.min(size, whole));
            assertThat(guest.memory.loadByte(BUFFER + size)).isEqualTo((byte) 77);
        }
    }

    @Test
    void cookiesGoOnAfterAnEntry() {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        while (true) {
            // Room for one entry, not for two.
            List<Entry> entries = list(DIR, cookie, 30);
            if (guest.result() < 30 && entries.isEmpty()) {
                break;
            }
            names.add(entries.getFirst().name());
            cookie = entries.getFirst().next();
        }
        assertThat(names).containsExactly(".", "..", "a", "b", "c", "ü");
    }

    @Test
    void changesShowAfterStartingAnewOnly() throws IOException {
        List<Entry> before = list(DIR, 0, 4096);
        Files.delete(directory.resolve("b"));
        Files.createFile(directory.resolve("0"));
        assertThat(list(DIR, before.get(2).next(), 4096))
                .extracting(Entry::name)
                .containsExactly("b", "c", "ü");
        assertThat(list(DIR, 0, 4096)).extracting(Entry::name).containsExactly(".", "..", "0", "a", "c", "ü");
    }

    @Test
    void cookiesBeyondTheEndAreTheEnd() {
        assertThat(list(DIR, 6, 4096)).isEmpty();
        assertThat(list(DIR, 1000, 4096)).isEmpty();
        assertThat(list(DIR, -1, 4096)).isEmpty();
        assertThat(guest.result()).isZero();
    }

    @Test
    void manyEntriesAreAllThere() throws IOException {
        Files.createDirectory(directory.resolve("many"));
        for (int i = 0; i < 3000; i++) {
            Files.createFile(directory.resolve("many/a-rather-long-file-name-to-fill-buffers-" + i));
        }
        int many = guest.openedDirectory(DIR, "many");
        int total = 0;
        long cookie = 0;
        while (true) {
            List<Entry> entries = list(many, cookie, 500);
            total += entries.size();
            if (guest.result() < 500) {
                break;
            }
            cookie = entries.getLast().next();
        }
        assertThat(total).isEqualTo(3002);
    }

    @Test
    void onlyDirectoriesAreListed() {
        int file = guest.opened(DIR, "a", 0);
        assertThat(guest.call("fd_readdir", file, BUFFER, 100, 0, RESULT)).isEqualTo(Errno.NOTDIR);
        assertThat(guest.call("fd_readdir", 0, BUFFER, 100, 0, RESULT)).isEqualTo(Errno.NOTDIR);
        assertThat(guest.call("fd_readdir", DIR, -1, 100, 0, RESULT)).isEqualTo(Errno.FAULT);
        assertThat(guest.call("fd_readdir", DIR, BUFFER, 100, 0, -1)).isEqualTo(Errno.FAULT);
    }

    @Test
    void aDirectoryThatWasRemovedIsEmpty() throws IOException {
        int b = guest.openedDirectory(DIR, "b");
        Files.delete(directory.resolve("b"));
        Errno errno = guest.call("fd_readdir", b, BUFFER, 100, 0, RESULT);
        assertThat(errno).isEqualTo(Errno.NOENT);
    }

    @Test
    void preopensAreFoundInOrderUntilBadf() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (WasiGuest two = WasiGuest.of(
                WasiGuest.world(List.of(new Preopen(directory, "/", false), new Preopen(other, "/data/ö", true))))) {
            two.done("fd_prestat_get", 3, RESULT);
            assertThat(two.memory.loadByte(RESULT)).isZero();
            assertThat(two.memory.loadInt(RESULT + 4)).isEqualTo(1);
            two.done("fd_prestat_get", 4, RESULT);
            assertThat(two.memory.loadInt(RESULT + 4)).isEqualTo(8);
            two.done("fd_prestat_dir_name", 4, BUFFER, 8);
            assertThat(two.string(BUFFER, 8)).isEqualTo("/data/ö");
            two.done("fd_prestat_dir_name", 4, BUFFER, 9);
            assertThat(two.call("fd_prestat_dir_name", 4, BUFFER, 7)).isEqualTo(Errno.NAMETOOLONG);
            assertThat(two.call("fd_prestat_get", 5, RESULT)).isEqualTo(Errno.BADF);
            assertThat(two.call("fd_prestat_get", 0, RESULT)).isEqualTo(Errno.BADF);
            assertThat(two.call("fd_prestat_get", 3, -1)).isEqualTo(Errno.FAULT);
            int sub = two.openedDirectory(3, "b");
            assertThat(two.call("fd_prestat_get", sub, RESULT)).isEqualTo(Errno.BADF);
        }
    }
}
