// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.APPEND;
import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.CREAT;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.EXCL;
import static gate.tests.wasi.WasiGuest.FOLLOW;
import static gate.tests.wasi.WasiGuest.NONBLOCK;
import static gate.tests.wasi.WasiGuest.READ;
import static gate.tests.wasi.WasiGuest.RESULT;
import static gate.tests.wasi.WasiGuest.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.executor.host.wasi.Bytes;
import gate.executor.host.wasi.CorruptWasiStateException;
import gate.executor.host.wasi.DirectoryEntry;
import gate.executor.host.wasi.Errno;
import gate.executor.host.wasi.FileType;
import gate.executor.host.wasi.PendingCall;
import gate.executor.host.wasi.Preopen;
import gate.executor.host.wasi.SavedDescriptor;
import gate.executor.host.wasi.Wasi;
import gate.executor.host.wasi.WasiLimits;
import gate.executor.host.wasi.WasiRestoreException;
import gate.executor.host.wasi.WasiState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is saved, and going on from it.
class WasiStateTest {
    @TempDir
    private Path temporary;

    private Path directory;
    private List<Preopen> preopens;
    private WasiGuest guest;

    @BeforeEach
    void open() throws IOException {
        directory = Files.createDirectory(temporary.resolve("work"));
        Files.writeString(directory.resolve("file"), "0123456789");
        Files.createDirectories(directory.resolve("dir/sub"));
        preopens = List.of(new Preopen(directory, "/work", false));
        guest = WasiGuest.of(WasiGuest.world(preopens));
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private static WasiState everything() {
        SavedDescriptor.Common common = new SavedDescriptor.Common(5, -1, 3);
        List<DirectoryEntry> listing = List.of(
                new DirectoryEntry(Bytes.of((byte) 0xFF, (byte) 'x'), -7, FileType.SYMBOLIC_LINK),
                new DirectoryEntry(Bytes.ofText("ü"), 0, FileType.UNKNOWN));
        return new WasiState(
                List.of("program", "", "ä\uD83D\uDE00"),
                List.of("A=b"),
                WasiLimits.TIME_NANOS_MAX,
                3,
                List.of(
                        new SavedDescriptor.Stream(0, common, 0),
                        new SavedDescriptor.Stream(2, common, 2),
                        new SavedDescriptor.Directory(3, common, "/work", true, "", false, null),
                        new SavedDescriptor.File(4, common, "/work", "a/b", 2, Long.MAX_VALUE, false),
                        new SavedDescriptor.File(5, common, "/work", "gone", 0, 0, true),
                        new SavedDescriptor.Device(6, common, "/dev", "null", FileType.CHARACTER_DEVICE, 1, 17, false),
                        new SavedDescriptor.Device(7, common, "/work", "pipe", FileType.UNKNOWN, 0, 0, true),
                        new SavedDescriptor.Directory(Integer.MAX_VALUE, common, "/work", false, "dir", true, listing)),
                Bytes.ofText("left over"),
                new PendingCall("poll_oneoff", 123_456_789_012L),
                -1);
    }

    @Test
    void bytesHoldEverything() {
        assertThat(WasiState.parse(everything().toBytes())).isEqualTo(everything());
        WasiState little = new WasiState(List.of(), List.of(), 0, 0, List.of(), Bytes.EMPTY, null, null);
        assertThat(WasiState.parse(little.toBytes())).isEqualTo(little);
        assertThat(little.toBytes()).hasSizeLessThan(20);
    }

    @Test
    void everyTruncationAndExtensionIsCorrupt() {
        byte[] bytes = everything().toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> WasiState.parse(cut)).isInstanceOf(CorruptWasiStateException.class);
        }
        assertThatThrownBy(() -> WasiState.parse(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(CorruptWasiStateException.class)
                .hasMessageContaining("more bytes");
    }

    @Test
    void anotherVersionOrFormatIsRefused() {
        byte[] version = everything().toBytes();
        version[4] = 3;
        assertThatThrownBy(() -> WasiState.parse(version))
                .isInstanceOf(CorruptWasiStateException.class)
                .hasMessageContaining("version 3");
        byte[] magic = everything().toBytes();
        magic[0] = 'X';
        assertThatThrownBy(() -> WasiState.parse(magic))
                .isInstanceOf(CorruptWasiStateException.class)
                .hasMessageContaining("GWSI");
    }

    @Test
    void versionOneIsReadAsItWasMeant() {
        long then = 1L << 13 | 1L << 4; // PATH_OPEN, FD_SYNC
        long now = then | 1L << 19 | 1L; // and those that truncating and FD_DATASYNC need
        WasiState old = new WasiState(
                List.of(),
                List.of(),
                0,
                0,
                List.of(
                        new SavedDescriptor.Directory(
                                3, new SavedDescriptor.Common(0, then, then), "/work", true, "", false, null),
                        new SavedDescriptor.File(4, new SavedDescriptor.Common(0, 2, then), "/work", "a", 0, 7, false)),
                Bytes.EMPTY,
                null,
                null);
        byte[] bytes = old.toBytes();
        bytes[4] = 1;
        assertThat(WasiState.parse(bytes).descriptors())
                .satisfiesExactly(
                        directory -> assertThat(directory.common()).isEqualTo(new SavedDescriptor.Common(0, now, now)),
                        file -> assertThat(file.common()).isEqualTo(new SavedDescriptor.Common(0, 2, now)));
        byte[] device = everything().toBytes();
        device[4] = 1;
        assertThatThrownBy(() -> WasiState.parse(device))
                .isInstanceOf(CorruptWasiStateException.class)
                .hasMessageContaining("kind of descriptor");
    }

    @Test
    void countsBeyondTheBytesAreRefusedBeforeAllocating() {
        // Two billion arguments, in five bytes.
        byte[] bytes = {'G', 'W', 'S', 'I', 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 7};
        assertThatThrownBy(() -> WasiState.parse(bytes))
                .isInstanceOf(CorruptWasiStateException.class)
                .hasMessageContaining("number of texts");
    }

    @Test
    void aStateWithinTheLimitsIsReadAndOneBeyondIsRefused() {
        SavedDescriptor.Common common = new SavedDescriptor.Common(0, 0, 0);
        List<SavedDescriptor> files = new ArrayList<>();
        for (int i = 0; i <= WasiLimits.OPEN_FILES_MAX; i++) {
            files.add(new SavedDescriptor.Stream(i, common, 0));
        }
        assertLimit(files.subList(0, files.size() - 1), 0, true, "");
        assertLimit(files, 0, false, "number of descriptors");
        assertLimit(List.of(), WasiLimits.INPUT_BYTES_MAX, true, "");
        assertLimit(List.of(), WasiLimits.INPUT_BYTES_MAX + 1, false, "input");
        DirectoryEntry entry = new DirectoryEntry(Bytes.ofText("a"), 1, FileType.UNKNOWN);
        int most = WasiLimits.DIRECTORY_ENTRIES_MAX + 2; // with the folder itself and its parent
        for (int entries : new int[] {most, most + 1}) {
            List<DirectoryEntry> listing = Collections.nCopies(entries, entry);
            assertLimit(
                    List.of(new SavedDescriptor.Directory(3, common, "/", false, "d", false, listing)),
                    0,
                    entries == most,
                    "number of directory entries");
        }
        assertThatThrownBy(() -> WasiState.parse(new byte[WasiLimits.STATE_BYTES_MAX]))
                .isInstanceOf(CorruptWasiStateException.class)
                .hasMessageContaining("GWSI");
        assertThatThrownBy(() -> WasiState.parse(new byte[WasiLimits.STATE_BYTES_MAX + 1]))
                .isInstanceOf(CorruptWasiStateException.class)
                .hasMessageContaining("longer than 268435456 bytes");
    }

    private static void assertLimit(List<SavedDescriptor> files, int inputBytes, boolean fits, String what) {
        Bytes input = Bytes.of(new byte[inputBytes]);
        byte[] bytes = new WasiState(List.of(), List.of(), 0, 0, files, input, null, null).toBytes();
        if (fits) {
            assertThat(WasiState.parse(bytes).input().toArray()).hasSize(inputBytes);
        } else {
            assertThatThrownBy(() -> WasiState.parse(bytes))
                    .isInstanceOf(CorruptWasiStateException.class)
                    .hasMessageContaining(what);
        }
    }

    @Test
    void changedBytesAreReadOrRefusedButNeverAnotherFailure() {
        byte[] bytes = everything().toBytes();
        Random random = new Random(99);
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] changed = bytes.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                changed[5 + random.nextInt(changed.length - 5)] = (byte) random.nextInt(256);
            }
            try {
                WasiState state = WasiState.parse(changed);
                assertThat(state.descriptors()).hasSizeLessThan(1025);
            } catch (CorruptWasiStateException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(10_000, 99_000);
    }

    @Test
    void aForgedStateOpensNothingOutside() throws IOException {
        Files.writeString(temporary.resolve("secret"), "secret");
        Files.createSymbolicLink(directory.resolve("out"), temporary);
        for (String path : List.of("../secret", temporary + "/secret", "dir/../../secret", "out/secret")) {
            SavedDescriptor.File file =
                    new SavedDescriptor.File(4, new SavedDescriptor.Common(0, -1, -1), "/work", path, 2, 0, false);
            WasiState forged = new WasiState(List.of(), List.of(), 0, 0, List.of(file), Bytes.EMPTY, null, null);
            assertThatThrownBy(() -> Wasi.restore(WasiState.parse(forged.toBytes()), WasiGuest.world(preopens)))
                    .as(path)
                    .isInstanceOf(WasiRestoreException.class)
                    .hasMessageContaining("leads out");
        }
    }

    @Test
    void filesAreReopenedAtTheirPositionWithTheirFlags() throws IOException {
        int file = guest.opened(DIR, "file", 0);
        assertThat(guest.read(file, 4)).isEqualTo("0123");
        assertThat(guest.open(DIR, "dir/log", 0, CREAT | EXCL, WRITE, APPEND)).isEqualTo(Errno.SUCCESS);
        int log = guest.result();
        assertThat(guest.write(log, "one ")).isEqualTo(Errno.SUCCESS);
        int sub = guest.openedDirectory(DIR, "dir/sub");
        guest.done("fd_renumber", file, log);
        guest.done("fd_fdstat_set_flags", 0, NONBLOCK);
        assertThat(guest.open(DIR, "dir/log", 0, 0, WRITE, APPEND)).isEqualTo(Errno.SUCCESS);
        int appending = guest.result();
        guest.done("fd_close", 2);
        try (WasiGuest next = guest.elsewhere()) {
            assertThat(next.read(log, 3)).isEqualTo("456");
            assertThat(next.write(log, "XY")).isEqualTo(Errno.SUCCESS);
            assertThat(next.write(appending, "two")).isEqualTo(Errno.SUCCESS);
            assertThat(next.write(2, "x")).isEqualTo(Errno.BADF);
            assertThat(next.open(sub, "new", 0, CREAT, WRITE, 0)).isEqualTo(Errno.SUCCESS);
            assertThat(next.call("fd_read", 0, next.buffers(BUFFER, 1), 1, RESULT))
                    .isEqualTo(Errno.AGAIN);
            next.done("args_sizes_get", 64, 68);
            assertThat(next.memory.loadInt(64)).isEqualTo(3);
            assertThat(next.memory.loadInt(68)).isEqualTo(15);
        }
        assertThat(Files.readString(directory.resolve("file"))).isEqualTo("0123456XY9");
        assertThat(Files.readString(directory.resolve("dir/log"))).isEqualTo("one two");
        assertThat(directory.resolve("dir/sub/new")).exists();
    }

    @Test
    void filesOpenedThroughLinksAndOtherDirectoriesAreFoundAgain() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), Path.of("dir/sub"));
        Files.writeString(directory.resolve("dir/sub/deep"), "deep");
        int sub = guest.openedDirectory(DIR, "link");
        int deep = guest.opened(sub, "deep", 0);
        Files.delete(directory.resolve("link"));
        try (WasiGuest next = guest.elsewhere()) {
            assertThat(next.read(deep, 10)).isEqualTo("deep");
            assertThat(next.open(sub, "deep", FOLLOW, 0, READ, 0)).isEqualTo(Errno.SUCCESS);
        }
    }

    @Test
    void aDirectoryBeingReadGoesOnWithItsCookie() throws IOException {
        for (char name = 'a'; name <= 'j'; name++) {
            Files.createFile(directory.resolve("dir/sub/" + name));
        }
        int sub = guest.openedDirectory(DIR, "dir/sub");
        // ".", ".." and three more.
        guest.done("fd_readdir", sub, BUFFER, 24 + 1 + 24 + 2 + 3 * 25, 0, RESULT);
        long cookie = guest.memory.loadLong(BUFFER + 51 + 50);
        assertThat(guest.string(BUFFER + 51 + 50 + 24, 1)).isEqualTo("c");
        Files.delete(directory.resolve("dir/sub/a"));
        Files.createFile(directory.resolve("dir/sub/0"));
        try (WasiGuest next = guest.elsewhere()) {
            next.done("fd_readdir", sub, BUFFER, 25, cookie, RESULT);
            assertThat(next.string(BUFFER + 24, 1)).isEqualTo("d");
            next.done("fd_readdir", sub, BUFFER, 24 + 1 + 24 + 2 + 25, 0, RESULT);
            assertThat(next.string(BUFFER + 51 + 24, 1)).isEqualTo("0");
        }
    }

    private void restoreFails(WasiState state, List<Preopen> given, String... reasons) {
        assertThatThrownBy(() -> Wasi.restore(WasiState.parse(state.toBytes()), WasiGuest.world(given)))
                .isInstanceOf(WasiRestoreException.class)
                .hasMessageContainingAll(reasons);
    }

    @Test
    void aFileThatIsGoneIsNamed() throws IOException {
        int file = guest.opened(DIR, "file", 0);
        WasiState state = guest.wasi.save();
        assertThat(state.problems()).isEmpty();
        Files.delete(directory.resolve("file"));
        restoreFails(state, preopens, "\"file\"", "\"/work\"", "descriptor " + file, "gone");
    }

    @Test
    void aFileThatIsNoFileAnyMoreIsNamed() throws IOException {
        assertThat(guest.opened(DIR, "file", 0)).isEqualTo(4);
        WasiState state = guest.wasi.save();
        Files.delete(directory.resolve("file"));
        Files.createDirectory(directory.resolve("file"));
        restoreFails(state, preopens, "\"file\"", "directory now");
        Files.delete(directory.resolve("file"));
        Files.createSymbolicLink(directory.resolve("file"), Path.of("dir"));
        restoreFails(state, preopens, "\"file\"", "symbolic link now");
    }

    @Test
    void aDirectoryThatIsNotGivenIsNamed() {
        assertThat(guest.opened(DIR, "file", 0)).isEqualTo(4);
        restoreFails(guest.wasi.save(), List.of(), "no directory is given for \"/work\"", "--dir");
        restoreFails(
                guest.wasi.save(),
                List.of(new Preopen(directory, "/other", false)),
                "no directory is given for \"/work\"");
    }

    @Test
    void aWritableFileInADirectoryThatIsReadOnlyNowIsNamed() {
        assertThat(guest.opened(DIR, "file", 0)).isEqualTo(4);
        restoreFails(
                guest.wasi.save(),
                List.of(new Preopen(directory, "/work", true)),
                "\"file\"",
                "open for writing",
                "read-only");
    }

    @Test
    void aFileDeletedRenamedOrReplacedWhileOpenIsAProblemTheStateTells() throws IOException {
        int deleted = guest.opened(DIR, "deleted", CREAT);
        int renamed = guest.opened(DIR, "renamed", CREAT);
        int replaced = guest.opened(DIR, "replaced", CREAT);
        int kept = guest.opened(DIR, "kept", CREAT);
        int dir = guest.openedDirectory(DIR, "dir/sub");
        assertThat(guest.pathCall("path_unlink_file", DIR, "deleted")).isEqualTo(Errno.SUCCESS);
        Files.move(directory.resolve("renamed"), directory.resolve("elsewhere"));
        Files.writeString(temporary.resolve("new"), "");
        Files.move(temporary.resolve("new"), directory.resolve("replaced"), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(directory.resolve("dir/sub"));
        WasiState state = guest.wasi.save();
        assertThat(state.problems()).hasSize(4);
        assertThat(state.problems().get(0)).contains("\"deleted\"", "descriptor " + deleted, "deleted, replaced or");
        assertThat(state.problems().get(1)).contains("\"renamed\"", "descriptor " + renamed);
        assertThat(state.problems().get(2)).contains("\"replaced\"", "descriptor " + replaced);
        assertThat(state.problems().get(3)).contains("\"dir/sub\"", "descriptor " + dir);
        restoreFails(state, preopens, "\"deleted\"", "while it was open");
        // It goes on here, and can be saved once they are closed.
        for (int closed : new int[] {deleted, renamed, replaced, dir}) {
            guest.done("fd_close", closed);
        }
        assertThat(guest.wasi.save().problems()).isEmpty();
        assertThat(guest.write(kept, "x")).isEqualTo(Errno.SUCCESS);
    }

    @Test
    void aSavedStateOfARestoredOneIsTheSame() {
        assertThat(guest.opened(DIR, "file", 0)).isEqualTo(4);
        assertThat(guest.read(4, 3)).isEqualTo("012");
        guest.input.type("abc");
        WasiState state = guest.wasi.save();
        try (WasiGuest next = guest.elsewhere()) {
            assertThat(next.wasi.save()).isEqualTo(state);
        }
    }

    @Test
    void descriptorNumbersAreFoundFreeAfterRestoring() {
        int file = guest.opened(DIR, "file", 0);
        int other = guest.opened(DIR, "file", 0);
        guest.done("fd_close", file);
        try (WasiGuest next = guest.elsewhere()) {
            assertThat(next.opened(DIR, "file", 0)).isEqualTo(file);
            assertThat(next.opened(DIR, "file", 0)).isEqualTo(other + 1);
        }
    }
}
