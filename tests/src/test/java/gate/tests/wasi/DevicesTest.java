// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.DIRECTORY;
import static gate.tests.wasi.WasiGuest.NONBLOCK;
import static gate.tests.wasi.WasiGuest.READ;
import static gate.tests.wasi.WasiGuest.RESULT;
import static gate.tests.wasi.WasiGuest.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.runtime.HostFunction.Outcome;
import gate.executor.host.wasi.Bytes;
import gate.executor.host.wasi.Errno;
import gate.executor.host.wasi.FileType;
import gate.executor.host.wasi.Preopen;
import gate.executor.host.wasi.SavedDescriptor;
import gate.executor.host.wasi.Wasi;
import gate.executor.host.wasi.WasiRestoreException;
import gate.executor.host.wasi.WasiState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Character devices and named pipes in a directory that the guest was given.
class DevicesTest {
    private static final int DEVICES = 4;
    private static final long SEEK = 1L << 2;
    private static final long TELL = 1L << 5;

    @TempDir
    private Path directory;

    private List<Preopen> preopens;
    private WasiGuest guest;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        preopens = List.of(new Preopen(directory, "/", false), new Preopen(Path.of("/dev"), "/dev", false));
        guest = WasiGuest.of(WasiGuest.world(preopens));
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private int opened(int directoryNumber, String name, long access, int flags) {
        assertThat(guest.open(directoryNumber, name, 0, 0, access, flags)).isEqualTo(Errno.SUCCESS);
        return guest.result();
    }

    /// Both ends of the pipe, which Linux opens without waiting.
    private RandomAccessFile otherEnd() throws IOException {
        return new RandomAccessFile(directory.resolve("pipe").toFile(), "rw");
    }

    private FakeCall reading(int descriptor) {
        return guest.prepare(descriptor, guest.buffers(BUFFER, 100), 1, RESULT);
    }

    private FakeCall writing(int descriptor, int bytes) {
        return guest.prepare(descriptor, guest.buffers(BUFFER, bytes), 1, RESULT);
    }

    @Test
    void devicesAreReadAndWritten() {
        int nothing = opened(DEVICES, "null", READ | WRITE, 0);
        assertThat(guest.write(nothing, "gone")).isEqualTo(Errno.SUCCESS);
        assertThat(guest.result()).isEqualTo(4);
        assertThat(guest.read(nothing, 10)).isEmpty();
        int zero = opened(DEVICES, "zero", READ, 0);
        guest.put(BUFFER, (byte) 1, (byte) 1, (byte) 1);
        assertThat(guest.read(zero, 3)).isEqualTo("\0\0\0");
        assertThat(guest.write(zero, "x")).isEqualTo(Errno.BADF);
        int random = opened(DEVICES, "urandom", READ, 0);
        assertThat(guest.read(random, 100)).isNotEqualTo("\0".repeat(100));
        assertThat(guest.write(opened(DEVICES, "full", WRITE, 0), "x")).isEqualTo(Errno.NOSPC);
    }

    @Test
    void manyBuffersAreOneTransfer() throws IOException {
        int zero = opened(DEVICES, "zero", READ, 0);
        guest.put(BUFFER, (byte) 1, (byte) 1, (byte) 1, (byte) 1, (byte) 1);
        guest.done("fd_read", zero, guest.buffers(BUFFER, 1, BUFFER + 2, 0, BUFFER + 3, 1), 3, RESULT);
        assertThat(guest.result()).isEqualTo(2);
        assertThat(guest.string(BUFFER, 5)).isEqualTo("\0\1\1\0\1");
        try (RandomAccessFile reader = otherEnd()) {
            int pipe = opened(DIR, "pipe", WRITE, 0);
            guest.done("fd_write", pipe, guest.buffers(guest.text("ab"), 2, guest.text("cde"), 3), 2, RESULT);
            assertThat(guest.result()).isEqualTo(5);
            byte[] bytes = new byte[5];
            reader.readFully(bytes);
            assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("abcde");
        }
    }

    @Test
    void theyAreWhatTheySayTheyAre() throws IOException {
        int nothing = opened(DEVICES, "null", READ | WRITE, 0);
        guest.done("fd_filestat_get", nothing, RESULT);
        assertThat(guest.memory.loadByte(RESULT + 16)).isEqualTo((byte) FileType.CHARACTER_DEVICE.code());
        guest.done("fd_fdstat_get", nothing, RESULT);
        assertThat(guest.memory.loadByte(RESULT)).isEqualTo((byte) FileType.CHARACTER_DEVICE.code());
        // C libraries take a device without a position for a terminal.
        assertThat(guest.memory.loadLong(RESULT + 8) & (SEEK | TELL)).isEqualTo(SEEK | TELL);
        int pipe = opened(DIR, "pipe", READ, 0);
        guest.done("fd_filestat_get", pipe, RESULT);
        assertThat(guest.memory.loadByte(RESULT + 16)).isEqualTo((byte) FileType.UNKNOWN.code());
        assertThat(guest.longResult()).isNotZero();
        guest.done("fd_fdstat_get", pipe, RESULT);
        assertThat(guest.memory.loadLong(RESULT + 8) & (SEEK | TELL)).isZero();
        guest.done("fd_filestat_set_times", pipe, 1_000_000_000L, 2_000_000_000L, 5);
        assertThat(Files.getLastModifiedTime(directory.resolve("pipe")).toMillis())
                .isEqualTo(2000);
    }

    @Test
    void whatMakesNoSenseForThemIsRefused() {
        int nothing = opened(DEVICES, "null", READ | WRITE, 0);
        int pipe = opened(DIR, "pipe", READ | WRITE, 0);
        guest.done("fd_seek", nothing, 5, 0, RESULT);
        assertThat(guest.longResult()).isZero();
        guest.done("fd_tell", nothing, RESULT);
        assertThat(guest.call("fd_seek", nothing, 5, 3, RESULT)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_seek", pipe, 0, 1, RESULT)).isEqualTo(Errno.SPIPE);
        assertThat(guest.call("fd_tell", pipe, RESULT)).isEqualTo(Errno.SPIPE);
        for (int device : new int[] {nothing, pipe}) {
            assertThat(guest.call("fd_pread", device, guest.buffers(BUFFER, 1), 1, 0, RESULT))
                    .isEqualTo(Errno.SPIPE);
            assertThat(guest.call("fd_pwrite", device, guest.buffers(BUFFER, 1), 1, 0, RESULT))
                    .isEqualTo(Errno.SPIPE);
            assertThat(guest.call("fd_filestat_set_size", device, 0)).isEqualTo(Errno.INVAL);
            assertThat(guest.call("fd_allocate", device, 0, 1)).isEqualTo(Errno.SPIPE);
            assertThat(guest.call("fd_sync", device)).isEqualTo(Errno.INVAL);
            assertThat(guest.call("fd_readdir", device, BUFFER, 10, 0, RESULT)).isEqualTo(Errno.NOTDIR);
        }
        assertThat(guest.open(DIR, "pipe", 0, DIRECTORY, READ, 0)).isEqualTo(Errno.NOTDIR);
        assertThat(guest.open(DIR, "pipe/", 0, 0, READ, 0)).isEqualTo(Errno.NOTDIR);
    }

    @Test
    void socketsAreRefused() throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
            assertThat(guest.open(DIR, "socket", 0, 0, READ, 0)).isEqualTo(Errno.NOTSUP);
            assertThat(guest.open(DIR, "socket", 0, 0, WRITE, 0)).isEqualTo(Errno.NOTSUP);
        }
    }

    @Test
    void throughAReadOnlyDirectoryTheyAreOnlyRead() {
        try (WasiGuest reader = WasiGuest.of(WasiGuest.world(List.of(new Preopen(Path.of("/dev"), "/dev", true))))) {
            assertThat(reader.open(DIR, "null", 0, 0, WRITE, 0)).isEqualTo(Errno.ROFS);
            assertThat(reader.open(DIR, "null", 0, 0, READ, 0)).isEqualTo(Errno.SUCCESS);
        }
    }

    @Test
    void aReaderOfAPipeWaitsForItsWriterAndCanBeStopped() throws IOException {
        int pipe = opened(DIR, "pipe", READ, 0);
        FakeCall stopped = reading(pipe);
        guest.clocks.whilePausing = stopped::suspend;
        assertThat(guest.make("fd_read", stopped)).isEqualTo(Outcome.AGAIN);
        assertThat(guest.clocks.paused).isPositive();
        try (RandomAccessFile writer = otherEnd()) {
            guest.clocks.whilePausing = () -> {
                try {
                    writer.writeBytes("hello");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                guest.clocks.whilePausing = () -> {};
            };
            assertThat(guest.read(pipe, 100)).isEqualTo("hello");
            guest.done("fd_fdstat_set_flags", pipe, NONBLOCK);
            assertThat(guest.call("fd_read", pipe, guest.buffers(BUFFER, 1), 1, RESULT))
                    .isEqualTo(Errno.AGAIN);
            writer.writeBytes("bye");
        }
        assertThat(guest.read(pipe, 100)).isEqualTo("bye");
        assertThat(guest.read(pipe, 100)).as("the end").isEmpty();
    }

    @Test
    void aWriterOfAPipeWaitsForItsReaderAndCanBeStopped() throws IOException {
        assertThat(guest.open(DIR, "pipe", 0, 0, WRITE, NONBLOCK)).isEqualTo(Errno.NXIO);
        FakeCall stopped = guest.prepare(DIR, 0, guest.text("pipe"), 4, 0, WRITE, 0, 0, RESULT);
        guest.clocks.whilePausing = stopped::suspend;
        assertThat(guest.make("path_open", stopped)).isEqualTo(Outcome.AGAIN);
        int pipe;
        try (RandomAccessFile reader = otherEnd()) {
            pipe = opened(DIR, "pipe", WRITE, 0);
            FakeCall full = writing(pipe, 1 << 20);
            guest.clocks.whilePausing = full::suspend;
            assertThat(guest.make("fd_write", full)).isEqualTo(Outcome.DONE);
            assertThat(WasiGuest.errno(full)).isEqualTo(Errno.SUCCESS);
            int written = guest.result();
            assertThat(written).isBetween(4096, (1 << 20) - 1);
            FakeCall none = writing(pipe, 1);
            guest.clocks.whilePausing = none::suspend;
            assertThat(guest.make("fd_write", none)).isEqualTo(Outcome.AGAIN);
            guest.done("fd_fdstat_set_flags", pipe, NONBLOCK);
            assertThat(guest.write(pipe, "x")).isEqualTo(Errno.AGAIN);
            reader.readFully(new byte[written]);
            assertThat(guest.write(pipe, "x")).isEqualTo(Errno.SUCCESS);
            assertThat(reader.read()).isEqualTo('x');
        }
        assertThat(guest.write(pipe, "x")).isEqualTo(Errno.PIPE);
    }

    @Test
    void aWriterThatWaitsInOpenGoesOnWhenAReaderComes() throws IOException {
        RandomAccessFile[] reader = new RandomAccessFile[1];
        guest.clocks.whilePausing = () -> {
            if (guest.clocks.paused > 1_000_000 && reader[0] == null) {
                try {
                    reader[0] = otherEnd();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
        int pipe = opened(DIR, "pipe", WRITE, 0);
        assertThat(guest.write(pipe, "x")).isEqualTo(Errno.SUCCESS);
        assertThat(reader[0].read()).isEqualTo('x');
        reader[0].close();
    }

    private static byte[] subscription(int type, int descriptor) {
        byte[] bytes = new byte[48];
        bytes[0] = 9;
        bytes[8] = (byte) type;
        bytes[16] = (byte) descriptor;
        return bytes;
    }

    @Test
    void theyCanBePolled() throws IOException {
        int pipe = opened(DIR, "pipe", READ, 0);
        int in = guest.bytes(subscription(1, pipe));
        FakeCall stopped = guest.prepare(in, BUFFER, 1, RESULT);
        guest.clocks.whilePausing = stopped::suspend;
        assertThat(guest.make("poll_oneoff", stopped)).isEqualTo(Outcome.AGAIN);
        try (RandomAccessFile writer = otherEnd()) {
            guest.clocks.whilePausing = () -> {
                try {
                    writer.writeBytes("x");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            };
            guest.done("poll_oneoff", in, BUFFER, 1, RESULT);
            assertThat(guest.result()).isEqualTo(1);
            assertThat(guest.memory.loadLong(BUFFER)).isEqualTo(9);
            assertThat(guest.memory.loadShort(BUFFER + 8)).isZero();
            assertThat(guest.memory.loadLong(BUFFER + 16)).isPositive();
        }
        assertThat(guest.read(pipe, 100)).startsWith("x");
        guest.done("poll_oneoff", in, BUFFER, 1, RESULT);
        assertThat(guest.memory.loadLong(BUFFER + 24)).as("hang-up").isEqualTo(1);
        int nothing = opened(DEVICES, "null", WRITE, 0);
        guest.done("poll_oneoff", guest.bytes(subscription(2, nothing)), BUFFER, 1, RESULT);
        assertThat(guest.memory.loadShort(BUFFER + 8)).isZero();
    }

    @Test
    void theyAreReopenedByPath() throws IOException {
        int nothing = opened(DEVICES, "null", READ | WRITE, 0);
        int pipe = opened(DIR, "pipe", READ, NONBLOCK);
        try (WasiGuest next = guest.elsewhere()) {
            assertThat(next.wasi.save()).isEqualTo(guest.wasi.save());
            assertThat(next.write(nothing, "x")).isEqualTo(Errno.SUCCESS);
            try (RandomAccessFile writer = otherEnd()) {
                assertThat(next.call("fd_read", pipe, next.buffers(BUFFER, 1), 1, RESULT))
                        .isEqualTo(Errno.AGAIN);
                writer.writeBytes("x");
                assertThat(next.read(pipe, 10)).isEqualTo("x");
            }
        }
    }

    @Test
    void whatIsNotAsItWasIsNamed() throws IOException {
        WasiState state;
        try (RandomAccessFile _ = otherEnd()) {
            int pipe = opened(DIR, "pipe", WRITE, 0);
            state = guest.wasi.save();
            assertThat(state.problems()).isEmpty();
            Wasi.restore(state, WasiGuest.world(preopens)).close();
            assertThat(guest.write(pipe, "x")).isEqualTo(Errno.SUCCESS);
        }
        restoreFails(state, "pipe \"pipe\"", "nobody reads from it now");
        Path path = directory.resolve("pipe");
        Files.delete(path);
        assertThat(guest.wasi.save().problems()).singleElement().asString().contains("pipe \"pipe\"", "was deleted");
        restoreFails(state, "it is gone");
        Files.createFile(path);
        restoreFails(state, "is a regular file now");
        Files.delete(path);
        Files.createSymbolicLink(path, Path.of("elsewhere"));
        restoreFails(state, "symbolic link now");
    }

    @Test
    void aForgedPositionOrKindIsRefused() {
        SavedDescriptor.Common common = new SavedDescriptor.Common(0, -1, -1);
        restoreFails(
                state(new SavedDescriptor.Device(5, common, "/", "pipe", FileType.UNKNOWN, 2, 7, false)),
                "pipe \"pipe\"",
                "has no position 7");
        restoreFails(
                state(new SavedDescriptor.Device(5, common, "/dev", "null", FileType.UNKNOWN, 2, 0, false)),
                "is a device now");
        restoreFails(state(new SavedDescriptor.File(5, common, "/dev", "null", 2, 0, false)), "is a device now");
    }

    private static WasiState state(SavedDescriptor descriptor) {
        return new WasiState(List.of(), List.of(), 0, 0, List.of(descriptor), Bytes.EMPTY, null, null);
    }

    private void restoreFails(WasiState state, String... reasons) {
        assertThatThrownBy(() -> Wasi.restore(WasiState.parse(state.toBytes()), WasiGuest.world(preopens)))
                .isInstanceOf(WasiRestoreException.class)
                .hasMessageContainingAll(reasons);
    }
}
