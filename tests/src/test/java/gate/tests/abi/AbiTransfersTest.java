// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static gate.tests.abi.AbiGuest.AGAIN;
import static gate.tests.abi.AbiGuest.BADF;
import static gate.tests.abi.AbiGuest.BUFFER;
import static gate.tests.abi.AbiGuest.FAULT;
import static gate.tests.abi.AbiGuest.PERM;
import static gate.tests.abi.AbiGuest.RESULT;
import static gate.tests.abi.AbiGuest.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.runtime.Execution.Status;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Trap;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `fd_read` and `fd_write`: packets and the debug log.
final class AbiTransfersTest {
    private static final int LIST = 128;
    private static final int END = 2 * Memory.PAGE_BYTES;

    private final AbiGuest guest = AbiGuest.of("transfers.wat");

    @AfterEach
    void close() {
        guest.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void text(int address, String text) {
        guest.put(address, ascii(text));
    }

    private void assertTraps(String function, long... arguments) {
        guest.memory.storeInt(RESULT, -1);
        assertThatThrownBy(() -> guest.start(function, arguments))
                .isInstanceOfSatisfying(
                        Trap.class, trap -> assertThat(trap.code()).isEqualTo(Trap.Code.MEMORY_OUT_OF_BOUNDS));
        assertThat(guest.log).isEmpty();
        assertThat(guest.packets.calls).isZero();
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(-1);
    }

    // ---- refusals ----

    @ParameterizedTest
    @ValueSource(strings = {"fd_read", "fd_write"})
    void nothingIsAtZero(String function) {
        for (int descriptor : new int[] {0, 1, 2, 3, 4, -1}) {
            assertThat(guest.call(function, descriptor, LIST, 0, 0)).isEqualTo(FAULT);
            assertThat(guest.call(function, descriptor, 0, 1, RESULT)).isEqualTo(FAULT);
            assertThat(guest.call(function, descriptor, 0, -1, RESULT)).isEqualTo(FAULT);
        }
    }

    @Test
    void onlyPacketsCanBeRead() {
        for (int descriptor : new int[] {0, 1, 2}) {
            assertThat(guest.call("fd_read", descriptor, LIST, 1, RESULT)).isEqualTo(PERM);
            assertThat(guest.call("fd_read", descriptor, -1, 1, -1)).isEqualTo(PERM);
        }
        for (int descriptor : new int[] {3, 5, -1}) {
            assertThat(guest.call("fd_read", descriptor, LIST, 1, RESULT)).isEqualTo(BADF);
        }
    }

    @Test
    void standardInputCannotBeWritten() {
        assertThat(guest.call("fd_write", 0, LIST, 1, RESULT)).isEqualTo(PERM);
        for (int descriptor : new int[] {3, 5, -1}) {
            assertThat(guest.call("fd_write", descriptor, LIST, 1, RESULT)).isEqualTo(BADF);
        }
    }

    // ---- packets ----

    @Test
    void readingTakesWhatIsThere() {
        guest.packets.receive(ascii("0123456789"));
        guest.list(LIST, BUFFER, 4, 0, 0, BUFFER + 100, 20);
        assertThat(guest.call("fd_read", 4, LIST, 3, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(10);
        assertThat(guest.string(BUFFER, 5)).isEqualTo("0123\0");
        assertThat(guest.string(BUFFER + 100, 7)).isEqualTo("456789\0");
    }

    @Test
    void readingNothingMeansToTryAgain() {
        guest.memory.storeInt(RESULT, -1);
        guest.list(LIST, BUFFER, 4, BUFFER, 4);
        assertThat(guest.call("fd_read", 4, LIST, 2, RESULT)).isEqualTo(AGAIN);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(-1);
        guest.packets.receive((byte) 1);
        assertThat(guest.call("fd_read", 4, LIST, 2, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(1);
    }

    @Test
    void writingStopsWhereThereIsNoRoom() {
        guest.packets.room = 6;
        text(BUFFER, "hello, world");
        guest.list(LIST, 0, 0, BUFFER, 5, BUFFER + 5, 7);
        assertThat(guest.call("fd_write", 4, LIST, 3, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(6);
        assertThat(guest.packets.output.toString(StandardCharsets.US_ASCII)).isEqualTo("hello,");
        assertThat(guest.call("fd_write", 4, LIST, 3, RESULT)).isEqualTo(AGAIN);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(6);
    }

    @Test
    void shortTransferIsTheLast() {
        guest.packets.pieceMax = 3;
        guest.packets.receive(ascii("0123456789"));
        guest.list(LIST, BUFFER, 3, BUFFER + 3, 4, BUFFER + 6, 1);
        assertThat(guest.call("fd_read", 4, LIST, 3, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(6);
        assertThat(guest.packets.unread()).isEqualTo(4);
        assertThat(guest.call("fd_write", 4, LIST, 3, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"fd_read, 4", "fd_write, 4", "fd_write, 1", "fd_write, 2"})
    void transferOfNothingSucceeds(String function, int descriptor) {
        guest.memory.storeInt(RESULT, -1);
        assertThat(guest.call(function, descriptor, 0, 0, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isZero();
        guest.memory.storeInt(RESULT, -1);
        guest.list(LIST, 0, 0, -1, 0);
        assertThat(guest.call(function, descriptor, LIST, 2, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isZero();
        assertThat(guest.packets.calls).isZero();
    }

    @Test
    void moreBuffersThanOneTransferUsesMakeItShort() {
        guest.packets.receive(new byte[3000]);
        for (int i = 0; i < 3000; i++) {
            guest.list(BUFFER + 8 * i, END - 1, i % 2);
        }
        assertThat(guest.call("fd_read", 4, BUFFER, 3000, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(1024);
        assertThat(guest.call("fd_write", 4, BUFFER, 3000, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(1024);
    }

    /// The list is read into, and has been copied before.
    @Test
    void listThatIsOverwrittenStaysTheList() {
        guest.list(LIST, LIST, 16, BUFFER, 8);
        guest.packets.receive(ascii("0123456789abcdefABCDEFGH"));
        assertThat(guest.call("fd_read", 4, LIST, 2, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(24);
        assertThat(guest.string(LIST, 16)).isEqualTo("0123456789abcdef");
        assertThat(guest.string(BUFFER, 8)).isEqualTo("ABCDEFGH");
    }

    // ---- the log ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void logTakesEverything(int descriptor) {
        text(BUFFER, "hello, world\n");
        guest.list(LIST, BUFFER, 7, 0, 0, BUFFER + 7, 6);
        assertThat(guest.call("fd_write", descriptor, LIST, 3, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(13);
        assertThat(guest.log).containsExactly("hello, ", "world\n");
        assertThat(guest.packets.calls).isZero();
    }

    @Test
    void logTakesMoreBuffersThanPacketsDo() {
        for (int i = 0; i < 3000; i++) {
            guest.list(BUFFER + 8 * i, END - 1, 1);
        }
        assertThat(guest.call("fd_write", 1, BUFFER, 3000, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(3000);
        assertThat(guest.log).hasSize(3000);
    }

    @Test
    void logGetsPieces() {
        guest.list(LIST, 0, END);
        assertThat(guest.call("fd_write", 1, LIST, 1, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(END);
        assertThat(guest.log).hasSize(2).allSatisfy(piece -> assertThat(piece).hasSize(65_536));
    }

    /// Of 16,000 buffers, each the whole memory: 2 GiB, of which the program is stopped after a piece.
    @Test
    void logThatIsStoppedTellsHowFarItCame() {
        for (int i = 0; i < 16_000; i++) {
            guest.list(8 * i, 0, END);
        }
        guest.onLog = () -> {
            if (guest.log.size() == 3) {
                guest.execution().suspend();
            }
        };
        int result = 16_000 * 8;
        assertThat(guest.start("fd_write", 1, 8, 15_999, result)).isEqualTo(Status.FINISHED);
        assertThat(guest.result()).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(result)).isEqualTo(3 * 65_536);
        assertThat(guest.log).hasSize(3);
    }

    // ---- memory ----

    @Test
    void resultBeyondMemoryTraps() {
        guest.packets.receive((byte) 1);
        guest.list(LIST, BUFFER, 4);
        assertTraps("fd_read", 4, LIST, 1, END - 3);
    }

    @ParameterizedTest
    @CsvSource({
        "fd_read, 4, 131065, 1",
        "fd_write, 4, -8, 1",
        "fd_write, 1, 131065, 1",
        "fd_read, 4, 128, 16369",
        "fd_write, 4, 128, -1",
        "fd_write, 2, 128, 0x20000000",
        "fd_write, 2, 8, 0x20000000",
    })
    void listBeyondMemoryTraps(String function, int descriptor, int list, String entries) {
        guest.packets.receive((byte) 1);
        assertTraps(function, descriptor, list, Long.decode(entries), RESULT);
    }

    @ParameterizedTest
    @CsvSource({
        "fd_read, 4, 131071, 2",
        "fd_read, 4, 131072, 1",
        "fd_read, 4, -1, -1",
        "fd_write, 4, 1, 131072",
        "fd_write, 1, 131071, 2",
        "fd_write, 2, 0, -1",
    })
    void buffersAreCheckedBeforeAByteIsMoved(String function, int descriptor, int address, int length) {
        guest.packets.receive(ascii("0123456789"));
        guest.list(LIST, BUFFER, 4, address, length);
        assertTraps(function, descriptor, LIST, 2, RESULT);
    }

    @Test
    void buffersReachTheEndOfMemory() {
        guest.packets.receive((byte) 7);
        guest.list(LIST, END - 1, 1);
        assertThat(guest.call("fd_read", 4, LIST, 1, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadByte(END - 1)).isEqualTo((byte) 7);
        guest.list(END - 8, BUFFER, 1);
        assertThat(guest.call("fd_write", 1, END - 8, 1, END - 12)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(END - 12)).isOne();
    }

    // ---- long lists ----

    @ParameterizedTest
    @CsvSource({"fd_read, 4", "fd_write, 4", "fd_write, 1"})
    void longListThatIsStoppedIsGoneThroughAgain(String function, int descriptor) {
        guest.packets.receive((byte) 1);
        for (int i = 0; i < 16_000; i++) {
            guest.list(8 * i, 0, 0);
        }
        guest.list(8 * 15_999, BUFFER, 1);
        int result = 16_000 * 8;
        guest.memory.storeInt(result, -1);
        guest.stopAtNextCall();
        assertThat(guest.start(function + "_stopped", descriptor, 8, 15_999, result))
                .isEqualTo(Status.SUSPENDED);
        assertThat(guest.abi.deficiency()).isEmpty();
        assertThat(guest.packets.calls).isZero();
        assertThat(guest.log).containsExactly(".");
        assertThat(guest.memory.loadInt(result)).isEqualTo(-1);
        assertThat(guest.resume()).isEqualTo(Status.FINISHED);
        assertThat(guest.result()).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(result)).isOne();
    }

    @Test
    void shortTransferDoesNotStop() {
        guest.packets.receive((byte) 1);
        guest.list(LIST, BUFFER, 1);
        guest.stopAtNextCall();
        assertThat(guest.start("fd_read_stopped", 4, LIST, 1, RESULT)).isEqualTo(Status.FINISHED);
        assertThat(guest.memory.loadInt(RESULT)).isOne();
    }
}
