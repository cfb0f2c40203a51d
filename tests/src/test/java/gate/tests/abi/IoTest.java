// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static gate.tests.abi.AbiGuest.BUFFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.AbiPolicy;
import gate.engine.abi.AbiState;
import gate.engine.runtime.Execution.Status;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Trap;
import gate.tests.abi.FakePackets.Wait;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `gate.fd_N` and `gate.io_N`.
final class IoTest {
    private static final int RECEIVE = 64;
    private static final int SEND = 128;
    private static final int RECEIVED = 192;
    private static final int SENT = 196;
    private static final int FLAGS = 200;
    private static final int END = 2 * Memory.PAGE_BYTES;
    private static final long FOREVER = Long.MAX_VALUE;

    private AbiGuest guest = AbiGuest.of("io.wat", new AbiPolicy(1, 0), AbiState.FRESH);

    @AfterEach
    void close() {
        guest.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Calls with the entries at [#RECEIVE] and [#SEND]; results are -1 before.
    private Status start(String function, int receive, int send, long timeout) {
        guest.memory.storeInt(RECEIVED, -1);
        guest.memory.storeInt(SENT, -1);
        guest.memory.storeLong(FLAGS, -1);
        return guest.start(function, RECEIVE, receive, RECEIVED, SEND, send, SENT, timeout, FLAGS);
    }

    private void io(int receive, int send, long timeout) {
        assertThat(start("io", receive, send, timeout)).isEqualTo(Status.FINISHED);
        assertThat(guest.abi.deficiency()).isEmpty();
    }

    private void assertMoved(int received, int sent) {
        assertThat(guest.memory.loadInt(RECEIVED)).as("received").isEqualTo(received);
        assertThat(guest.memory.loadInt(SENT)).as("sent").isEqualTo(sent);
    }

    private void entries() {
        guest.list(RECEIVE, BUFFER, 4, BUFFER + 4, 12);
        guest.put(BUFFER + 100, ascii("0123456789abcdef"));
        guest.list(SEND, BUFFER + 100, 10, BUFFER + 110, 6);
    }

    @Test
    void descriptorIsFour() {
        assertThat(guest.call("fd")).isEqualTo(4);
    }

    // ---- transfers ----

    @Test
    void bothDirectionsAreTriedOnceWithoutWaiting() {
        entries();
        for (long timeout : new long[] {0, 1, 999}) {
            io(2, 2, timeout);
            assertMoved(0, 16);
        }
        guest.packets.receive(ascii("reply"));
        guest.packets.room = 0;
        io(2, 2, 0);
        assertMoved(5, 0);
        assertThat(guest.string(BUFFER, 6)).isEqualTo("reply\0");
        assertThat(guest.packets.waits).isEmpty();
        assertThat(guest.packets.output.toString(StandardCharsets.US_ASCII)).isEqualTo("0123456789abcdef".repeat(3));
    }

    @Test
    void entriesAreUsedInOrderUntilTheFirstThatIsShort() {
        entries();
        guest.packets.receive(ascii("0123456789abcdefghij"));
        guest.packets.pieceMax = 4;
        io(2, 2, 0);
        assertMoved(8, 4);
        assertThat(guest.packets.calls).isEqualTo(2 + 1);
        assertThat(guest.packets.unread()).isEqualTo(12);
    }

    @Test
    void emptyEntriesArePassedOver() {
        guest.packets.receive(ascii("ab"));
        guest.list(RECEIVE, -1, 0, BUFFER, 1, 0, 0, BUFFER + 1, 1);
        io(4, 0, 0);
        assertMoved(2, 0);
        assertThat(guest.string(BUFFER, 2)).isEqualTo("ab");
    }

    @Test
    void moreEntriesThanOneTransferUsesMakeItShort() {
        for (int i = 0; i < 2000; i++) {
            guest.list(BUFFER + 8 * i, BUFFER + i, 1);
        }
        guest.packets.receive(new byte[0]);
        assertThat(guest.start("io", 0, 0, 0, BUFFER, 2000, SENT, 0, 0)).isEqualTo(Status.FINISHED);
        assertThat(guest.memory.loadInt(SENT)).isEqualTo(1024);
    }

    @Test
    void nothingAtAllMayBeAskedFor() {
        assertThat(guest.start("io", 0, 0, 0, 0, 0, 0, 0, 0)).isEqualTo(Status.FINISHED);
        assertThat(guest.packets.waits).isEmpty();
        assertThat(guest.packets.calls).isZero();
        assertThat(guest.memory.loadLong(0)).isZero();
    }

    @Test
    void resultsAreStoredUnlessTheirPlaceIsZero() {
        entries();
        guest.packets.receive(ascii("abc"));
        guest.memory.storeLong(0, -1);
        assertThat(guest.start("io", RECEIVE, 2, 0, SEND, 2, 0, 0, 0)).isEqualTo(Status.FINISHED);
        assertThat(guest.memory.loadLong(0)).isEqualTo(-1);
        assertThat(guest.packets.unread()).isZero();
        assertThat(guest.packets.output.size()).isEqualTo(16);
    }

    @Test
    void entriesMayBeAtZero() {
        guest.list(0, BUFFER, 2);
        guest.packets.receive(ascii("ab"));
        assertThat(guest.start("io", 0, 1, RECEIVED, 0, 1, SENT, 0, 0)).isEqualTo(Status.FINISHED);
        assertMoved(2, 2);
    }

    // ---- waiting ----

    @Test
    void withoutAnEndItWaitsForEither() {
        entries();
        guest.packets.room = 0;
        guest.packets.whileWaiting = () -> guest.packets.room = 3;
        io(2, 2, -1);
        assertMoved(0, 3);
        assertThat(guest.packets.waits).containsExactly(new Wait(true, true, FOREVER));
        guest.packets.whileWaiting = () -> guest.packets.receive((byte) 1);
        io(2, 2, Long.MIN_VALUE);
        assertMoved(1, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void roomIsWaitedForOnlyWhereSomethingIsSent(int empty) {
        guest.list(RECEIVE, BUFFER, 4);
        guest.list(SEND, BUFFER, 0);
        guest.packets.whileWaiting = () -> guest.packets.receive((byte) 9);
        io(1, empty, -1);
        assertMoved(1, 0);
        assertThat(guest.packets.waits).containsExactly(new Wait(true, false, FOREVER));
    }

    @Test
    void inputIsWaitedForAlsoWhereNothingIsReceived() {
        guest.packets.whileWaiting = () -> guest.packets.receive((byte) 9);
        io(0, 0, -1);
        assertMoved(0, 0);
        assertThat(guest.packets.unread()).isOne();
        assertThat(guest.packets.waits).containsExactly(new Wait(true, false, FOREVER));
        io(0, 0, -1);
        assertThat(guest.packets.waits).hasSize(1);
    }

    @Test
    void whatIsReadyIsNotWaitedFor() {
        entries();
        io(2, 2, -1);
        assertMoved(0, 16);
        guest.packets.room = 0;
        guest.packets.receive(ascii("x"));
        io(2, 2, 1_000_000);
        assertMoved(1, 0);
        assertThat(guest.packets.waits).isEmpty();
    }

    @Test
    void waitEndsAfterItsTime() {
        entries();
        io(2, 0, 5_000_000);
        assertMoved(0, 0);
        assertThat(guest.packets.waits).containsExactly(new Wait(true, false, 5_000_000));
    }

    @Test
    void waitThatIsWokenForNothingGoesOnForTheRestOfItsTime() {
        entries();
        guest.packets.whileWaiting = () -> {
            if (guest.packets.waits.size() == 1) {
                guest.clock.pass(1_000_000);
                guest.packets.wake();
            }
        };
        io(2, 0, 5_000_000);
        assertThat(guest.packets.waits)
                .containsExactly(new Wait(true, false, 5_000_000), new Wait(true, false, 4_000_000));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000, 1000",
        "1, 1001, 1000",
        "10000000, 10000000, 0",
        "10000000, 16777216, 16777216",
        "10000000, 5000000000, 5000000000",
        "10000000, 3040000000, 3033554432",
        "1000000000, 2999999999, 2000000000",
        "1000000000, 999999999, 0",
        "1, 9223372036854775806, 9223372036854775806",
    })
    void timeIsRoundedDownToTheResolution(long resolution, long timeout, long waited) {
        guest.close();
        guest = AbiGuest.of("io.wat", new AbiPolicy(resolution, 0), AbiState.FRESH);
        entries();
        io(2, 0, timeout);
        assertMoved(0, 0);
        if (waited == 0) {
            assertThat(guest.packets.waits).isEmpty();
        } else {
            assertThat(guest.packets.waits).containsExactly(new Wait(true, false, waited));
        }
    }

    @Test
    void shortestTimesAreWaitedForWhereNothingIsTransferred() {
        io(0, 0, 998);
        assertThat(guest.packets.waits).containsExactly(new Wait(true, false, 998));
        io(0, 0, 0);
        assertThat(guest.packets.waits).hasSize(1);
    }

    // ---- started, resumed ----

    @Test
    void firstCallIsToldThatTheProgramWasStarted() {
        io(0, 0, 0);
        assertThat(guest.memory.loadLong(FLAGS)).isOne();
        io(0, 0, 0);
        assertThat(guest.memory.loadLong(FLAGS)).isZero();
    }

    @Test
    void callThatDoesNotAskLeavesItToTheNext() {
        assertThat(guest.start("io", 0, 0, 0, 0, 0, 0, 0, 0)).isEqualTo(Status.FINISHED);
        io(0, 0, 0);
        assertThat(guest.memory.loadLong(FLAGS)).isOne();
    }

    @Test
    void callIsToldThatTheProgramWasResumed() {
        io(0, 0, 0);
        guest.packets.whileWaiting = () -> guest.execution().suspend();
        assertThat(start("io", 0, 0, -1)).isEqualTo(Status.SUSPENDED);
        assertThat(guest.memory.loadLong(FLAGS)).isEqualTo(-1);
        guest.packets.receive((byte) 1);
        assertThat(guest.resume()).isEqualTo(Status.FINISHED);
        assertThat(guest.memory.loadLong(FLAGS)).isOne();
        io(0, 0, 0);
        assertThat(guest.memory.loadLong(FLAGS)).isZero();
    }

    // ---- stopped ----

    @Test
    void waitWithoutAnEndThatIsStoppedIsMadeAgain() {
        entries();
        guest.packets.room = 0;
        guest.packets.whileWaiting = () -> guest.execution().suspend();
        assertThat(start("io", 2, 2, -1)).isEqualTo(Status.SUSPENDED);
        assertThat(guest.packets.wakes).isOne();
        assertThat(guest.abi.deficiency()).isEmpty();
        assertMoved(-1, -1);
        assertThat(guest.packets.calls).isZero();
        guest.packets.room = 10;
        assertThat(guest.resume()).isEqualTo(Status.FINISHED);
        assertMoved(0, 10);
    }

    @Test
    void waitWithAnEndThatIsStoppedTransfersNothing() {
        entries();
        guest.packets.whileWaiting = () -> guest.execution().suspend();
        assertThat(start("io", 2, 0, 1_000_000)).isEqualTo(Status.FINISHED);
        assertMoved(0, 0);
        assertThat(guest.packets.waits).hasSize(1);
    }

    @Test
    void stopBeforeTheWaitIsNoticedToo() {
        entries();
        guest.stopAtNextCall();
        assertThat(start("io_stopped", 2, 0, -1)).isEqualTo(Status.SUSPENDED);
        assertThat(guest.packets.waits).isEmpty();
    }

    @Test
    void whatIsReadyIsTransferredAlsoWhenStopped() {
        entries();
        guest.packets.receive(ascii("abc"));
        guest.stopAtNextCall();
        assertThat(start("io_stopped", 2, 2, -1)).isEqualTo(Status.FINISHED);
        assertMoved(3, 16);
    }

    @Test
    void longListThatIsStoppedIsGoneThroughAgain() {
        for (int i = 512; i < 16_000; i++) {
            guest.list(8 * i, 0, 0);
        }
        guest.list(8 * 15_999, BUFFER, 1);
        guest.packets.receive((byte) 1);
        guest.stopAtNextCall();
        assertThat(guest.start("io_stopped", 4096, 15_488, RECEIVED, 0, 0, SENT, 0, FLAGS))
                .isEqualTo(Status.SUSPENDED);
        assertThat(guest.packets.calls).isZero();
        assertThat(guest.resume()).isEqualTo(Status.FINISHED);
        assertMoved(1, 0);
    }

    // ---- memory ----

    private void assertTraps(long... arguments) {
        guest.packets.receive(ascii("0123456789"));
        assertThatThrownBy(() -> guest.start("io", arguments))
                .isInstanceOfSatisfying(
                        Trap.class, trap -> assertThat(trap.code()).isEqualTo(Trap.Code.MEMORY_OUT_OF_BOUNDS));
        assertThat(guest.packets.calls).isZero();
        assertThat(guest.packets.waits).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "131069, 196, 200",
        "192, 131070, 200",
        "192, 196, 131065",
        "-1, 196, 200",
        "192, -4, 200",
        "192, 196, -8",
    })
    void resultsBeyondMemoryTrap(int received, int sent, int flags) {
        entries();
        assertTraps(RECEIVE, 2, received, SEND, 2, sent, -1, flags);
    }

    @ParameterizedTest
    @CsvSource({"131065, 1, 128, 2", "64, 2, -8, 1", "64, -1, 128, 2", "64, 2, 0, 0x20000000", "64, 16377, 128, 2"})
    void listsBeyondMemoryTrap(int receive, String receives, int send, String sends) {
        entries();
        assertTraps(receive, Long.decode(receives), RECEIVED, send, Long.decode(sends), SENT, -1, FLAGS);
    }

    @ParameterizedTest
    @CsvSource({"131071, 2", "131072, 1", "-1, 1", "1, -1", "-1, -1"})
    void buffersBeyondMemoryTrapBeforeAByteIsMoved(int address, int length) {
        entries();
        guest.list(RECEIVE + 8, address, length);
        assertTraps(RECEIVE, 2, RECEIVED, SEND, 2, SENT, -1, FLAGS);
    }

    @Test
    void buffersToSendBeyondMemoryTrapToo() {
        entries();
        guest.list(SEND + 8, END, 1);
        assertTraps(RECEIVE, 2, RECEIVED, SEND, 2, SENT, 0, FLAGS);
    }

    @Test
    void streamThatCountsWronglyIsOurBug() {
        entries();
        guest.packets.lie = 1;
        assertThatThrownBy(() -> start("io", 2, 2, 0)).isInstanceOf(IllegalStateException.class);
    }
}
