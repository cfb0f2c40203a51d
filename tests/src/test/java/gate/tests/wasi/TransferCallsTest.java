// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.APPEND;
import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.NONBLOCK;
import static gate.tests.wasi.WasiGuest.READ;
import static gate.tests.wasi.WasiGuest.RESULT;
import static gate.tests.wasi.WasiGuest.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.HostFunction.Outcome;
import gate.executor.host.wasi.Errno;
import gate.executor.host.wasi.WasiLimits;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reading and writing.
class TransferCallsTest {
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
    void readingFillsOneBufferAfterTheOther() {
        int buffers = guest.buffers(BUFFER, 3, BUFFER + 100, 0, BUFFER + 200, 4);
        guest.done("fd_read", file, buffers, 3, RESULT);
        assertThat(guest.result()).isEqualTo(7);
        assertThat(guest.string(BUFFER, 3)).isEqualTo("012");
        assertThat(guest.string(BUFFER + 200, 4)).isEqualTo("3456");
        assertThat(guest.read(file, 100)).isEqualTo("789");
        assertThat(guest.read(file, 100)).isEmpty();
    }

    @Test
    void writingTakesOneBufferAfterTheOther() throws IOException {
        int ab = guest.text("ab");
        int cd = guest.text("cd");
        guest.done("fd_write", file, guest.buffers(ab, 2, cd, 2), 2, RESULT);
        assertThat(guest.result()).isEqualTo(4);
        assertThat(Files.readString(directory.resolve("file"))).isEqualTo("abcd456789");
        guest.done("fd_tell", file, RESULT);
        assertThat(guest.longResult()).isEqualTo(4);
    }

    @Test
    void positionedTransfersDontMoveThePosition() throws IOException {
        int x = guest.text("xyz");
        guest.done("fd_pwrite", file, guest.buffers(x, 3), 1, 4, RESULT);
        assertThat(guest.result()).isEqualTo(3);
        guest.done("fd_pread", file, guest.buffers(BUFFER, 5), 1, 3, RESULT);
        assertThat(guest.string(BUFFER, guest.result())).isEqualTo("3xyz7");
        guest.done("fd_tell", file, RESULT);
        assertThat(guest.longResult()).isZero();
        assertThat(Files.readString(directory.resolve("file"))).isEqualTo("0123xyz789");
        assertThat(guest.call("fd_pread", file, guest.buffers(BUFFER, 5), 1, -1, RESULT))
                .isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_pwrite", file, guest.buffers(BUFFER, 5), 1, -1, RESULT))
                .isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_pread", 0, guest.buffers(BUFFER, 5), 1, 0, RESULT))
                .isEqualTo(Errno.SPIPE);
        assertThat(guest.call("fd_pwrite", 1, guest.buffers(BUFFER, 5), 1, 0, RESULT))
                .isEqualTo(Errno.SPIPE);
    }

    @Test
    void appendingIgnoresThePositionAndPositionedWritingDoesNot() throws IOException {
        assertThat(guest.open(DIR, "file", 0, 0, READ | WRITE, APPEND)).isEqualTo(Errno.SUCCESS);
        int appending = guest.result();
        assertThat(guest.write(appending, "AB")).isEqualTo(Errno.SUCCESS);
        guest.done("fd_pwrite", appending, guest.buffers(guest.text("z"), 1), 1, 0, RESULT);
        assertThat(guest.write(appending, "C")).isEqualTo(Errno.SUCCESS);
        assertThat(Files.readString(directory.resolve("file"))).isEqualTo("z123456789ABC");
        guest.done("fd_tell", appending, RESULT);
        assertThat(guest.longResult()).isEqualTo(13);
    }

    @Test
    void aHoleReadsAsZeros() throws IOException {
        guest.done("fd_seek", file, 5000, 0, RESULT);
        assertThat(guest.write(file, "end")).isEqualTo(Errno.SUCCESS);
        byte[] bytes = Files.readAllBytes(directory.resolve("file"));
        assertThat(bytes).hasSize(5003);
        assertThat(bytes[4999]).isZero();
    }

    @Test
    void accessModesAreKept() {
        assertThat(guest.open(DIR, "file", 0, 0, READ, 0)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.write(guest.result(), "x")).isEqualTo(Errno.BADF);
        assertThat(guest.open(DIR, "file", 0, 0, WRITE, 0)).isEqualTo(Errno.SUCCESS);
        int writeOnly = guest.result();
        assertThat(guest.call("fd_read", writeOnly, guest.buffers(BUFFER, 1), 1, RESULT))
                .isEqualTo(Errno.BADF);
        assertThat(guest.write(writeOnly, "x")).isEqualTo(Errno.SUCCESS);
        assertThat(guest.call("fd_read", 1, guest.buffers(BUFFER, 1), 1, RESULT))
                .isEqualTo(Errno.BADF);
        assertThat(guest.write(0, "x")).isEqualTo(Errno.BADF);
    }

    @Test
    void directoriesAreNotReadOrWritten() {
        int buffers = guest.buffers(BUFFER, 10);
        assertThat(guest.call("fd_read", DIR, buffers, 1, RESULT)).isEqualTo(Errno.ISDIR);
        assertThat(guest.call("fd_pread", DIR, buffers, 1, 0, RESULT)).isEqualTo(Errno.ISDIR);
        assertThat(guest.call("fd_write", DIR, buffers, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(guest.call("fd_pwrite", DIR, buffers, 1, 0, RESULT)).isEqualTo(Errno.BADF);
    }

    @Test
    void badBuffersAreFoundBeforeAnythingIsMoved() throws IOException {
        int end = (int) guest.memory.byteSize();
        assertThat(guest.call("fd_read", file, guest.buffers(BUFFER, 2, end - 1, 2), 2, RESULT))
                .isEqualTo(Errno.FAULT);
        assertThat(guest.call("fd_read", file, guest.buffers(BUFFER, 2), 1, end - 3))
                .isEqualTo(Errno.FAULT);
        assertThat(guest.call("fd_write", file, guest.buffers(BUFFER, 2, 0, -1), 2, RESULT))
                .isEqualTo(Errno.FAULT);
        assertThat(guest.call("fd_write", file, end - 4, 1, RESULT)).isEqualTo(Errno.FAULT);
        guest.input.type("keep");
        assertThat(guest.call("fd_read", 0, guest.buffers(BUFFER, 2), 1, end)).isEqualTo(Errno.FAULT);
        assertThat(guest.input.left()).isEqualTo(4);
        guest.done("fd_tell", file, RESULT);
        assertThat(guest.longResult()).isZero();
        assertThat(Files.readString(directory.resolve("file"))).isEqualTo("0123456789");
    }

    @Test
    void buffersAreLimitedInNumberAndTotal() {
        int[] many = new int[2 * (WasiLimits.BUFFERS_MAX + 1)];
        int list = guest.buffers(many);
        guest.done("fd_read", file, list, WasiLimits.BUFFERS_MAX, RESULT);
        assertThat(guest.call("fd_read", file, list, WasiLimits.BUFFERS_MAX + 1, RESULT))
                .isEqualTo(Errno.INVAL);
        assertThat(guest.call("fd_read", file, list, -1, RESULT)).isEqualTo(Errno.INVAL);
        // 1,024 buffers of the whole memory, 4 MiB, come to 2^32.
        for (int i = 0; i < WasiLimits.BUFFERS_MAX; i++) {
            guest.memory.storeInt(list + 8L * i + 4, (int) guest.memory.byteSize());
        }
        assertThat(guest.call("fd_read", file, list, WasiLimits.BUFFERS_MAX, RESULT))
                .isEqualTo(Errno.INVAL);
    }

    @Test
    void noBuffersMoveNothing() {
        guest.done("fd_read", file, 0, 0, RESULT);
        assertThat(guest.result()).isZero();
        guest.done("fd_write", 1, 0, 0, RESULT);
        assertThat(guest.result()).isZero();
        guest.done("fd_read", 0, guest.buffers(BUFFER, 0), 1, RESULT);
        assertThat(guest.result()).isZero();
    }

    private static byte[] large() {
        byte[] bytes = new byte[3 * WasiLimits.TRANSFER_CHUNK_BYTES - 70_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        return bytes;
    }

    @Test
    void aLargeTransferIsWholeUnlessTheGuestIsToStop() throws IOException {
        byte[] large = large();
        Files.write(directory.resolve("file"), large);
        guest.done("fd_read", file, guest.buffers(BUFFER, large.length), 1, RESULT);
        assertThat(guest.result()).isEqualTo(large.length);
        assertThat(guest.memory.slice(BUFFER, large.length).mismatch(MemorySegment.ofArray(large)))
                .isEqualTo(-1);
        int copy = guest.opened(DIR, "copy", WasiGuest.CREAT);
        guest.done("fd_write", copy, guest.buffers(BUFFER, large.length), 1, RESULT);
        assertThat(guest.result()).isEqualTo(large.length);
        assertThat(Files.readAllBytes(directory.resolve("copy"))).isEqualTo(large);
    }

    @Test
    void aStoppedLargeTransferReportsWhatItDidAndGoesOnThere() throws IOException {
        byte[] large = large();
        Files.write(directory.resolve("file"), large);
        int done = 0;
        int calls = 0;
        while (done < large.length) {
            FakeCall call = guest.prepare(file, guest.buffers(BUFFER + done, large.length - done), 1, RESULT);
            call.suspend();
            assertThat(guest.make("fd_read", call)).isEqualTo(Outcome.DONE);
            assertThat(call.errno()).isZero();
            assertThat(guest.result()).isPositive().isLessThanOrEqualTo(WasiLimits.TRANSFER_CHUNK_BYTES);
            done += guest.result();
            calls++;
        }
        assertThat(calls).isEqualTo(3);
        assertThat(guest.memory.slice(BUFFER, large.length).toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(large);
        int copy = guest.opened(DIR, "copy", WasiGuest.CREAT);
        for (done = 0; done < large.length; done += guest.result()) {
            FakeCall call = guest.prepare(copy, guest.buffers(BUFFER + done, large.length - done), 1, RESULT);
            call.suspend();
            assertThat(guest.make("fd_write", call)).isEqualTo(Outcome.DONE);
        }
        assertThat(Files.readAllBytes(directory.resolve("copy"))).isEqualTo(large);
    }

    @Test
    void outputGoesWhereItBelongs() {
        int ab = guest.text("ab");
        int cd = guest.text("cd\n");
        guest.done("fd_write", 1, guest.buffers(ab, 2, cd, 3), 2, RESULT);
        assertThat(guest.result()).isEqualTo(5);
        assertThat(guest.write(2, "oops")).isEqualTo(Errno.SUCCESS);
        assertThat(guest.output.text()).isEqualTo("abcd\n");
        assertThat(guest.error.text()).isEqualTo("oops");
    }

    @Test
    void largeOutputIsWholeThoughTheStreamTakesPieces() {
        int size = 1_000_000;
        for (int i = 0; i < size; i++) {
            guest.memory.storeByte(BUFFER + i, (byte) ('a' + i % 26));
        }
        guest.output.pieceMax(4096);
        guest.done("fd_write", 1, guest.buffers(BUFFER, 300_000, BUFFER + 300_000, 700_000), 2, RESULT);
        assertThat(guest.result()).isEqualTo(size);
        assertThat(guest.output.text()).isEqualTo(guest.string(BUFFER, size));
    }

    @Test
    void outputThatFailsSaysWhy() {
        guest.output.fail(new IOException("Broken pipe"));
        assertThat(guest.write(1, "x")).isEqualTo(Errno.PIPE);
        guest.output.fail(new IOException("No space left on device"));
        assertThat(guest.write(1, "x")).isEqualTo(Errno.NOSPC);
        guest.output.fail(new IOException("Input/output error"));
        assertThat(guest.write(1, "x")).isEqualTo(Errno.IO);
    }

    @Test
    void nonblockingStreamsAnswerAgain() {
        guest.done("fd_fdstat_set_flags", 0, NONBLOCK);
        guest.done("fd_fdstat_set_flags", 1, NONBLOCK);
        assertThat(guest.call("fd_read", 0, guest.buffers(BUFFER, 1), 1, RESULT))
                .isEqualTo(Errno.AGAIN);
        guest.input.type("x");
        assertThat(guest.read(0, 5)).isEqualTo("x");
        guest.output.room(3);
        assertThat(guest.write(1, "hello")).isEqualTo(Errno.SUCCESS);
        assertThat(guest.result()).isEqualTo(3);
        assertThat(guest.write(1, "lo")).isEqualTo(Errno.AGAIN);
        assertThat(guest.output.text()).isEqualTo("hel");
    }

    @Test
    void inputGivesWhatIsThereAndThenTheEnd() {
        guest.input.type("hello");
        int buffers = guest.buffers(BUFFER, 2, BUFFER + 10, 100);
        guest.done("fd_read", 0, buffers, 2, RESULT);
        assertThat(guest.result()).isEqualTo(5);
        assertThat(guest.string(BUFFER, 2) + guest.string(BUFFER + 10, 3)).isEqualTo("hello");
        guest.input.end();
        assertThat(guest.read(0, 10)).isEmpty();
        assertThat(guest.read(0, 10)).isEmpty();
    }

    @Test
    void inputThatFailsIsAnError() {
        guest.input.fail(new IOException("Input/output error"));
        assertThat(guest.call("fd_read", 0, guest.buffers(BUFFER, 1), 1, RESULT))
                .isEqualTo(Errno.IO);
    }

    @Test
    void largeOutputStopsBetweenPiecesWhenTheGuestIsToStop() {
        int size = 200_000;
        AtomicInteger looks = new AtomicInteger();
        FakeCall call = guest.prepare(1, guest.buffers(BUFFER, size), 1, RESULT);
        call.suspendWhen(() -> looks.incrementAndGet() == 2);
        assertThat(guest.make("fd_write", call)).isEqualTo(Outcome.DONE);
        assertThat(guest.result()).isEqualTo(2 * 65_536);
        assertThat(guest.output.size()).isEqualTo(2 * 65_536);
    }
}
