// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.CREAT;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.READ;
import static gate.tests.wasi.WasiGuest.RESULT;
import static gate.tests.wasi.WasiGuest.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.HostFunction.Outcome;
import gate.executor.host.wasi.Errno;
import gate.executor.host.wasi.WasiLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Functions on open descriptors that don't move data.
class DescriptorCallsTest {
    @TempDir
    private Path directory;

    private WasiGuest guest;
    private int file;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(directory.resolve("file"), "0123456789");
        guest = WasiGuest.in(directory);
        file = guest.opened(DIR, "file", 0);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    @Test
    void everyFunctionAnswersBadfForADescriptorThatIsNotOpen() {
        for (String name : List.of(
                "fd_allocate",
                "fd_advise",
                "fd_close",
                "fd_datasync",
                "fd_fdstat_get",
                "fd_fdstat_set_flags",
                "fd_fdstat_set_rights",
                "fd_filestat_get",
                "fd_filestat_set_size",
                "fd_filestat_set_times",
                "fd_pread",
                "fd_prestat_get",
                "fd_prestat_dir_name",
                "fd_pwrite",
                "fd_read",
                "fd_readdir",
                "fd_renumber",
                "fd_seek",
                "fd_sync",
                "fd_tell",
                "fd_write",
                "path_create_directory",
                "path_filestat_get",
                "path_filestat_set_times",
                "path_link",
                "path_open",
                "path_readlink",
                "path_remove_directory",
                "path_rename",
                "path_unlink_file")) {
            assertThat(guest.call(name, 99, 0, 0, 0, 0, 0, 0, 0, RESULT))
                    .as(name)
                    .isEqualTo(Errno.BADF);
            assertThat(guest.call(name, -1, 0, 0, 0, 0, 0, 0, 0, RESULT))
                    .as(name)
                    .isEqualTo(Errno.BADF);
        }
        assertThat(guest.call("path_symlink", guest.text("x"), 1, 99, guest.text("y"), 1))
                .isEqualTo(Errno.BADF);
    }

    @Test
    void adviceIsTakenForFilesOnly() {
        for (int advice = 0; advice <= 5; advice++) {
            guest.done("fd_advise", file, 0, 10, advice);
        }
        assertThat(guest.call("fd_advise", file, 0, 10, 6)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_advise", file, 0, -1, 0)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_advise", DIR, 0, 10, 0)).isEqualTo(Errno.BADF);
        assertThat(guest.call("fd_advise", 1, 0, 10, 0)).isEqualTo(Errno.SPIPE);
    }

    @Test
    void allocatingOnlyLengthensAFile() {
        guest.done("fd_allocate", file, 0, 5);
        assertThat(size()).isEqualTo(10);
        guest.done("fd_allocate", file, 5, 100);
        assertThat(size()).isEqualTo(105);
        assertThat(guest.call("fd_allocate", file, 0, 0)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_allocate", file, 1, Long.MAX_VALUE)).isEqualTo(Errno.FBIG);
        assertThat(guest.call("fd_allocate", file, -1, 1)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_allocate", DIR, 0, 1)).isEqualTo(Errno.BADF);
        assertThat(guest.call("fd_allocate", 1, 0, 1)).isEqualTo(Errno.SPIPE);
    }

    @Test
    void allocatingALotCanBeStoppedAndGoesOn() {
        long length = 200L << 20;
        FakeCall call = guest.prepare(file, 5, length);
        call.suspend();
        assertThat(guest.make("fd_allocate", call)).isEqualTo(Outcome.AGAIN);
        assertThat(size()).isEqualTo(5 + (64 << 20));
        guest.done("fd_allocate", file, 5, length);
        assertThat(size()).isEqualTo(5 + length);
    }

    @Test
    void allocatingMoreThanAFileCanHaveChangesNothing() {
        assertThat(guest.call("fd_allocate", file, 5, Long.MAX_VALUE - 5)).isIn(Errno.FBIG, Errno.NOSPC);
        assertThat(size()).isEqualTo(10);
    }

    @Test
    void aClosedNumberIsUsedAgain() {
        guest.done("fd_close", file);
        assertThat(guest.call("fd_close", file)).isEqualTo(Errno.BADF);
        assertThat(guest.call("fd_tell", file, RESULT)).isEqualTo(Errno.BADF);
        assertThat(guest.opened(DIR, "file", 0)).isEqualTo(file);
    }

    @Test
    void standardStreamsAndPreopensCanBeClosed() {
        guest.done("fd_close", 1);
        assertThat(guest.write(1, "x")).isEqualTo(Errno.BADF);
        guest.done("fd_close", DIR);
        assertThat(guest.open(DIR, "file", 0, 0, READ, 0)).isEqualTo(Errno.BADF);
        // What was opened through it stays open.
        assertThat(guest.read(file, 3)).isEqualTo("012");
    }

    @Test
    void syncWorksOnFilesAndDirectories() {
        for (String name : List.of("fd_sync", "fd_datasync")) {
            guest.done(name, file);
            guest.done(name, DIR);
            assertThat(guest.call(name, 1)).isEqualTo(Errno.INVAL);
        }
    }

    @Test
    void statusOfAFileTellsTypeFlagsAndRights() {
        guest.done("path_open", DIR, 0, guest.text("file"), 4, 0, READ | WRITE, 0, 1 | 16, RESULT);
        guest.done("fd_fdstat_get", guest.result(), 128);
        assertThat(guest.memory.loadByte(128)).isEqualTo((byte) 4);
        assertThat(guest.memory.loadShort(130)).isEqualTo((short) 17);
        assertThat(guest.memory.loadLong(136)).isEqualTo(READ | WRITE);
    }

    @Test
    void statusOfAPreopenHasWhatLibrariesLookFor() {
        guest.done("fd_fdstat_get", DIR, 128);
        assertThat(guest.memory.loadByte(128)).isEqualTo((byte) 3);
        long base = guest.memory.loadLong(136);
        long inheriting = guest.memory.loadLong(144);
        // path_open and fd_readdir here; fd_read, fd_write and fd_seek for files opened in it.
        assertThat(base & (1L << 13 | 1L << 14)).isEqualTo(1L << 13 | 1L << 14);
        assertThat(base & (READ | WRITE)).isZero();
        assertThat(inheriting & (READ | WRITE | 1L << 2)).isEqualTo(READ | WRITE | 1L << 2);
    }

    @Test
    void aTerminalCanNotSeek() {
        guest.done("fd_fdstat_get", 0, 128);
        assertThat(guest.memory.loadByte(128)).isEqualTo((byte) 2);
        // By the absence of fd_seek and fd_tell, C's isatty tells a terminal from a device.
        assertThat(guest.memory.loadLong(136) & (1L << 2 | 1L << 5)).isZero();
        assertThat(guest.memory.loadLong(136) & READ).isEqualTo(READ);
        guest.done("fd_fdstat_get", 1, 128);
        assertThat(guest.memory.loadLong(136) & WRITE).isEqualTo(WRITE);
    }

    @Test
    void appendCanBeSwitched() throws IOException {
        guest.done("fd_fdstat_set_flags", file, 1);
        assertThat(guest.write(file, "a")).isEqualTo(Errno.SUCCESS);
        guest.done("fd_tell", file, RESULT);
        assertThat(guest.longResult()).isEqualTo(11);
        guest.done("fd_fdstat_set_flags", file, 0);
        guest.done("fd_seek", file, 0, 0, RESULT);
        assertThat(guest.write(file, "b")).isEqualTo(Errno.SUCCESS);
        assertThat(Files.readString(directory.resolve("file"))).isEqualTo("b123456789a");
    }

    @Test
    void syncFlagsStayAsTheyWereOpened() {
        assertThat(guest.open(DIR, "file", 0, 0, READ | WRITE, 16)).isEqualTo(Errno.SUCCESS);
        int synchronous = guest.result();
        guest.done("fd_fdstat_set_flags", synchronous, 1 | 2);
        guest.done("fd_fdstat_get", synchronous, 128);
        assertThat(guest.memory.loadShort(130)).isEqualTo((short) 17);
        assertThat(guest.call("fd_fdstat_set_flags", synchronous, 32)).isEqualTo(Errno.INVAL);
    }

    @Test
    void rightsCanOnlyBeTakenAway() {
        guest.done("fd_fdstat_set_rights", file, READ, 0);
        assertThat(guest.write(file, "x")).isEqualTo(Errno.BADF);
        assertThat(guest.read(file, 1)).isEqualTo("0");
        assertThat(guest.call("fd_fdstat_set_rights", file, READ | WRITE, 0)).isEqualTo(Errno.NOTCAPABLE);
        assertThat(guest.call("fd_fdstat_set_rights", file, READ, 1)).isEqualTo(Errno.NOTCAPABLE);
        guest.done("fd_fdstat_set_rights", file, 0, 0);
        assertThat(guest.call("fd_read", file, guest.buffers(BUFFER, 1), 1, RESULT))
                .isEqualTo(Errno.BADF);
    }

    @Test
    void statTellsTheInode() throws IOException {
        Files.setLastModifiedTime(directory.resolve("file"), FileTime.from(1_234_567_890_123L, TimeUnit.NANOSECONDS));
        guest.done("fd_filestat_get", file, 128);
        assertThat(guest.memory.loadLong(136))
                .isEqualTo(((Number) Files.getAttribute(directory.resolve("file"), "unix:ino")).longValue());
        assertThat(guest.memory.loadByte(144)).isEqualTo((byte) 4);
        assertThat(guest.memory.loadLong(152)).isEqualTo(1);
        assertThat(guest.memory.loadLong(160)).isEqualTo(10);
        assertThat(guest.memory.loadLong(176)).isEqualTo(1_234_567_890_123L);
        guest.done("fd_filestat_get", DIR, 128);
        assertThat(guest.memory.loadByte(144)).isEqualTo((byte) 3);
        guest.done("fd_filestat_get", 0, 128);
        assertThat(guest.memory.loadByte(144)).isEqualTo((byte) 2);
    }

    @Test
    void sizeCanBeSet() {
        guest.done("fd_filestat_set_size", file, 3);
        assertThat(size()).isEqualTo(3);
        guest.done("fd_filestat_set_size", file, 300);
        assertThat(size()).isEqualTo(300);
        assertThat(guest.call("fd_filestat_set_size", file, -1)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_filestat_set_size", DIR, 0)).isEqualTo(Errno.BADF);
        assertThat(guest.open(DIR, "file", 0, 0, READ, 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.call("fd_filestat_set_size", guest.result(), 0)).isEqualTo(Errno.INVAL);
    }

    @Test
    void timesCanBeSetEachByValueOrToNowOrLeftAlone() {
        guest.done("fd_filestat_set_times", file, 5_000_000_007L, 6_000_000_008L, 1 | 4);
        guest.done("fd_filestat_get", file, 128);
        assertThat(guest.memory.loadLong(168)).isEqualTo(5_000_000_007L);
        assertThat(guest.memory.loadLong(176)).isEqualTo(6_000_000_008L);
        guest.done("fd_filestat_set_times", file, 1, 1, 2);
        guest.done("fd_filestat_get", file, 128);
        assertThat(guest.memory.loadLong(168)).isGreaterThan(1_700_000_000_000_000_000L);
        assertThat(guest.memory.loadLong(176)).isEqualTo(6_000_000_008L);
        guest.done("fd_filestat_set_times", file, 9, 1, 1 | 8);
        guest.done("fd_filestat_get", file, 128);
        assertThat(guest.memory.loadLong(168)).isEqualTo(9);
        assertThat(guest.memory.loadLong(176)).isGreaterThan(1_700_000_000_000_000_000L);
        guest.done("fd_filestat_set_times", file, 3, 4, 0);
        guest.done("fd_filestat_get", file, 128);
        assertThat(guest.memory.loadLong(168)).isEqualTo(9);
        guest.done("fd_filestat_set_times", DIR, 3, 4, 1 | 4);
    }

    @Test
    void conflictingTimeFlagsAreInvalid() {
        for (int flags : new int[] {3, 12, 15, 7, 16, -1}) {
            assertThat(guest.call("fd_filestat_set_times", file, 1, 1, flags)).isEqualTo(Errno.INVAL);
        }
        assertThat(guest.call("fd_filestat_set_times", 1, 1, 1, 1)).isEqualTo(Errno.INVAL);
    }

    @Test
    void renumberingClosesWhatWasThere() throws IOException {
        Files.writeString(directory.resolve("other"), "other");
        int other = guest.opened(DIR, "other", 0);
        guest.done("fd_renumber", other, file);
        assertThat(guest.read(file, 10)).isEqualTo("other");
        assertThat(guest.call("fd_tell", other, RESULT)).isEqualTo(Errno.BADF);
        assertThat(guest.call("fd_renumber", file, 99)).isEqualTo(Errno.BADF);
        assertThat(guest.call("fd_renumber", 99, file)).isEqualTo(Errno.BADF);
        guest.done("fd_renumber", file, file);
        guest.done("fd_tell", file, RESULT);
        assertThat(guest.longResult()).isEqualTo(5);
    }

    @Test
    void aStandardStreamCanBeRenumbered() {
        guest.done("fd_renumber", 1, file);
        assertThat(guest.write(file, "there")).isEqualTo(Errno.SUCCESS);
        assertThat(guest.output.text()).isEqualTo("there");
        assertThat(guest.write(1, "x")).isEqualTo(Errno.BADF);
    }

    @Test
    void seekingGoesFromStartPositionOrEnd() {
        assertThat(guest.read(file, 4)).isEqualTo("0123");
        assertThat(seek(2, 1)).isEqualTo(6);
        assertThat(seek(-1, 2)).isEqualTo(9);
        assertThat(seek(3, 0)).isEqualTo(3);
        assertThat(seek(1000, 2)).isEqualTo(1010);
        guest.done("fd_tell", file, RESULT);
        assertThat(guest.longResult()).isEqualTo(1010);
        assertThat(guest.read(file, 4)).isEmpty();
    }

    @Test
    void seekingBeforeTheStartOrBeyondTheLargestIsAnErrorAndMovesNothing() {
        assertThat(seek(3, 0)).isEqualTo(3);
        assertThat(guest.call("fd_seek", file, -1, 0, RESULT)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_seek", file, -4, 1, RESULT)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_seek", file, -11, 2, RESULT)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_seek", file, Long.MIN_VALUE, 1, RESULT)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_seek", file, Long.MAX_VALUE, 1, RESULT)).isEqualTo(Errno.OVERFLOW);
        assertThat(guest.call("fd_seek", file, 0, 3, RESULT)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_seek", file, 0, 0, -4)).isEqualTo(Errno.FAULT);
        guest.done("fd_tell", file, RESULT);
        assertThat(guest.longResult()).isEqualTo(3);
    }

    @Test
    void streamsAndDirectoriesCanNotSeek() {
        assertThat(guest.call("fd_seek", 0, 0, 1, RESULT)).isEqualTo(Errno.SPIPE);
        assertThat(guest.call("fd_tell", 1, RESULT)).isEqualTo(Errno.SPIPE);
        assertThat(guest.call("fd_seek", DIR, 0, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(guest.call("fd_tell", DIR, RESULT)).isEqualTo(Errno.BADF);
    }

    @Test
    void openFilesAreLimited() {
        Errno last = Errno.SUCCESS;
        int opened = 5;
        while (last == Errno.SUCCESS) {
            last = guest.open(DIR, "file", 0, 0, READ, 0);
            opened++;
        }
        assertThat(last).isEqualTo(Errno.MFILE);
        assertThat(opened - 1).isEqualTo(WasiLimits.OPEN_FILES_MAX);
        assertThat(guest.open(DIR, "new", 0, CREAT, READ, 0)).isEqualTo(Errno.MFILE);
        assertThat(directory.resolve("new")).doesNotExist();
    }

    private long seek(long offset, int whence) {
        guest.done("fd_seek", file, offset, whence, RESULT);
        return guest.longResult();
    }

    private long size() {
        guest.done("fd_filestat_get", file, 128);
        return guest.memory.loadLong(160);
    }
}
