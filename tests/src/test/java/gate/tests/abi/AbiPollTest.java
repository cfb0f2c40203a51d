// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static gate.tests.abi.AbiGuest.BADF;
import static gate.tests.abi.AbiGuest.FAULT;
import static gate.tests.abi.AbiGuest.INVAL;
import static gate.tests.abi.AbiGuest.PERM;
import static gate.tests.abi.AbiGuest.RESULT;
import static gate.tests.abi.AbiGuest.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.abi.AbiPolicy;
import gate.engine.abi.AbiState;
import gate.engine.runtime.Execution.Status;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Trap;
import gate.tests.abi.FakePackets.Wait;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `poll_oneoff`.
final class AbiPollTest {
    private static final int IN = 4096;
    private static final int OUT = 3 * Memory.PAGE_BYTES;
    private static final int END = 8 * Memory.PAGE_BYTES;

    private static final int CLOCK = 0;
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int REALTIME = 0;
    private static final int MONOTONIC = 1;

    private static final long FOREVER = Long.MAX_VALUE;
    private static final long SECOND = FakeClock.SECOND;

    private AbiGuest guest = AbiGuest.of("poll.wat", new AbiPolicy(1, 0), AbiState.FRESH);
    private int subscriptions;

    @AfterEach
    void close() {
        guest.close();
    }

    private record Event(long userData, int errno, int type, long bytes) {}

    private static Event event(long userData, int errno, int type, long bytes) {
        return new Event(userData, errno, type, bytes);
    }

    /// User data is 100 and the index.
    private int subscription(int type) {
        int address = IN + 48 * subscriptions;
        guest.memory.storeLong(address, 100 + subscriptions);
        guest.memory.storeByte(address + 8, (byte) type);
        subscriptions++;
        return address;
    }

    private void clock(int id, long timeout, int flags) {
        int address = subscription(CLOCK);
        guest.memory.storeInt(address + 16, id);
        guest.memory.storeLong(address + 24, timeout);
        guest.memory.storeLong(address + 32, -1);
        guest.memory.storeShort(address + 40, (short) flags);
    }

    private void descriptor(int type, int number) {
        guest.memory.storeInt(subscription(type) + 16, number);
    }

    private Status start(String function) {
        guest.memory.slice(OUT, 32L * (subscriptions + 1)).fill((byte) -1);
        guest.memory.storeInt(RESULT, -1);
        return guest.start(function, IN, OUT, subscriptions, RESULT);
    }

    private List<Event> poll() {
        assertThat(start("poll_oneoff")).isEqualTo(Status.FINISHED);
        assertThat(guest.result()).isEqualTo(SUCCESS);
        return events();
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        int count = guest.memory.loadInt(RESULT);
        for (int i = 0; i < count; i++) {
            int at = OUT + 32 * i;
            assertThat(guest.memory.loadByte(at + 11)).isZero();
            assertThat(guest.memory.loadInt(at + 12)).isZero();
            assertThat(guest.memory.loadLong(at + 24)).as("flags").isZero();
            events.add(event(
                    guest.memory.loadLong(at),
                    guest.memory.loadShort(at + 8),
                    guest.memory.loadByte(at + 10),
                    guest.memory.loadLong(at + 16)));
        }
        assertThat(guest.memory.loadLong(OUT + 32 * count))
                .as("only events are written")
                .isEqualTo(-1);
        return events;
    }

    // ---- clocks ----

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "0, 1", "1, 1"})
    void timeThatIsOverIsAnEventAtOnce(int clock, int flags) {
        clock(clock, 0, flags);
        assertThat(poll()).containsExactly(event(100, SUCCESS, CLOCK, 0));
        assertThat(guest.packets.waits).isEmpty();
    }

    @Test
    void earliestTimeEndsTheWait() {
        clock(REALTIME, 3 * SECOND, 0);
        clock(MONOTONIC, SECOND / 2, 0);
        clock(MONOTONIC, SECOND + SECOND / 2, 1);
        clock(MONOTONIC, -1, 0);
        clock(MONOTONIC, Long.MIN_VALUE, 1);
        assertThat(poll()).containsExactly(event(101, SUCCESS, CLOCK, 0), event(102, SUCCESS, CLOCK, 0));
        assertThat(guest.packets.waits).containsExactly(new Wait(false, false, SECOND / 2));
    }

    @Test
    void laterTimesAreNoEvents() {
        clock(REALTIME, guest.clock.realtime - 1, 1);
        clock(REALTIME, guest.clock.realtime + SECOND, 1);
        clock(MONOTONIC, SECOND, 0);
        clock(MONOTONIC, 0, 0);
        clock(REALTIME, -1, 1);
        assertThat(poll()).containsExactly(event(100, SUCCESS, CLOCK, 0), event(103, SUCCESS, CLOCK, 0));
    }

    /// With steps of 2^24 ns.
    @Test
    void absoluteTimeIsThereWhenTheProgramsClockShowsIt() {
        guest.close();
        guest = AbiGuest.of("poll.wat");
        guest.clock.realtime = 1_700_000_000 * SECOND + 5;
        clock(MONOTONIC, SECOND + 1, 1);
        assertThat(poll()).hasSize(1);
        assertThat(guest.packets.waits).containsExactly(new Wait(false, false, 1 << 24));
        subscriptions = 0;
        clock(REALTIME, 1_700_000_000 * SECOND + (1 << 24) + 1, 1);
        assertThat(poll()).hasSize(1);
        assertThat(guest.packets.waits.get(1).nanosAtMost()).isEqualTo((1 << 24) - 5);
    }

    @Test
    void clockThatIsSetIsLookedAtEverySecond() {
        clock(REALTIME, guest.clock.realtime + 3600 * SECOND, 1);
        guest.packets.whileWaiting = () -> {
            if (guest.packets.waits.size() == 3) {
                guest.clock.realtime += 3600 * SECOND;
            }
        };
        assertThat(poll()).containsExactly(event(100, SUCCESS, CLOCK, 0));
        assertThat(guest.packets.waits)
                .hasSize(3)
                .allSatisfy(wait -> assertThat(wait.nanosAtMost()).isEqualTo(SECOND));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, -1, Integer.MIN_VALUE})
    void unknownClockIsAnError(int clock) {
        clock(clock, SECOND, 0);
        clock(MONOTONIC, SECOND, 0);
        assertThat(poll()).containsExactly(event(100, INVAL, CLOCK, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void processorTimeSuspendsWhateverElseIsThere(int clock) {
        clock(MONOTONIC, 0, 0);
        clock(clock, 0, 0);
        assertThat(start("poll_oneoff")).isEqualTo(Status.SUSPENDED);
        assertThat(guest.abi.deficiency().orElseThrow().function()).isEqualTo("poll_oneoff");
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(-1);
        assertThat(guest.memory.loadLong(OUT)).isEqualTo(-1);
        assertThat(guest.resume()).isEqualTo(Status.SUSPENDED);
        assertThat(guest.abi.deficiency()).isPresent();
    }

    // ---- descriptors ----

    @Test
    void packetsAreWaitedFor() {
        descriptor(READ, 4);
        guest.packets.whileWaiting = () -> guest.packets.receive((byte) 1);
        assertThat(poll()).containsExactly(event(100, SUCCESS, READ, 65_536));
        assertThat(guest.packets.waits).containsExactly(new Wait(true, false, FOREVER));
        assertThat(guest.packets.unread()).isOne();
    }

    @Test
    void roomForPacketsIsWaitedFor() {
        descriptor(WRITE, 4);
        guest.packets.room = 0;
        guest.packets.whileWaiting = () -> guest.packets.room = 1;
        assertThat(poll()).containsExactly(event(100, SUCCESS, WRITE, 65_536));
        assertThat(guest.packets.waits).containsExactly(new Wait(false, true, FOREVER));
        assertThat(poll()).hasSize(1);
        assertThat(guest.packets.waits).hasSize(1);
    }

    @Test
    void logTakesAnythingAtOnce() {
        descriptor(WRITE, 1);
        descriptor(READ, 4);
        descriptor(WRITE, 2);
        assertThat(poll())
                .containsExactly(event(100, SUCCESS, WRITE, 0x7fff_ffff), event(102, SUCCESS, WRITE, 0x7fff_ffff));
        assertThat(guest.packets.waits).isEmpty();
    }

    @Test
    void otherDescriptorsAreErrors() {
        int[] reading = {0, 1, 2, 3, 5, -1};
        int[] writing = {0, 3, 5, -1};
        List<Event> expected = new ArrayList<>();
        for (int descriptor : reading) {
            expected.add(event(100 + subscriptions, descriptor >= 0 && descriptor < 3 ? PERM : BADF, READ, 0));
            descriptor(READ, descriptor);
        }
        for (int descriptor : writing) {
            expected.add(event(100 + subscriptions, descriptor == 0 ? PERM : BADF, WRITE, 0));
            descriptor(WRITE, descriptor);
        }
        assertThat(poll()).isEqualTo(expected);
    }

    @Test
    void everythingThatIsReadyIsToldTogether() {
        guest.packets.receive((byte) 1);
        descriptor(READ, 4);
        descriptor(WRITE, 4);
        clock(MONOTONIC, SECOND, 0);
        clock(MONOTONIC, 0, 0);
        assertThat(poll()).extracting(Event::userData).containsExactly(100L, 101L, 103L);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 127, 255})
    void unknownTypeIsAnError(int type) {
        subscription(type);
        clock(MONOTONIC, SECOND, 0);
        assertThat(poll()).containsExactly(event(100, INVAL, (byte) type, 0));
    }

    @Test
    void packetsEndAWaitForTime() {
        descriptor(READ, 4);
        clock(MONOTONIC, SECOND, 0);
        guest.packets.whileWaiting = () -> {
            guest.clock.pass(1000);
            if (guest.packets.waits.size() == 2) {
                guest.packets.receive((byte) 1);
            } else {
                guest.packets.wake();
            }
        };
        assertThat(poll()).containsExactly(event(100, SUCCESS, READ, 65_536));
        assertThat(guest.packets.waits)
                .containsExactly(new Wait(true, false, SECOND), new Wait(true, false, SECOND - 1000));
    }

    // ---- stopped ----

    @Test
    void stoppedWaitEndsWithoutEventsAndIsNotRepeated() {
        descriptor(READ, 4);
        clock(MONOTONIC, 5 * SECOND, 0);
        guest.packets.whileWaiting = () -> guest.execution().suspend();
        assertThat(poll()).isEmpty();
        assertThat(guest.packets.waits).hasSize(1);
        assertThat(guest.packets.wakes).isOne();
    }

    @Test
    void waitForNothingEndsWhenStopped() {
        guest.packets.whileWaiting = () -> guest.execution().suspend();
        assertThat(poll()).isEmpty();
        assertThat(guest.packets.waits).containsExactly(new Wait(false, false, FOREVER));
    }

    @Test
    void waitForNothingNeedsNoLists() {
        guest.packets.whileWaiting = () -> guest.execution().suspend();
        assertThat(guest.call("poll_oneoff", 0, 0, 0, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isZero();
    }

    @Test
    void stopBeforeTheWaitIsNoticedToo() {
        descriptor(READ, 4);
        guest.stopAtNextCall();
        assertThat(start("poll_oneoff_stopped")).isEqualTo(Status.FINISHED);
        assertThat(events()).isEmpty();
        assertThat(guest.packets.waits).isEmpty();
    }

    @Test
    void whatIsReadyIsToldAlsoWhenStopped() {
        descriptor(WRITE, 1);
        guest.stopAtNextCall();
        assertThat(start("poll_oneoff_stopped")).isEqualTo(Status.FINISHED);
        assertThat(events()).hasSize(1);
    }

    /// 5,000 subscriptions for reading at 16, of which the last would be an error.
    @Test
    void longListEndsWhenStopped() {
        int count = 5_000;
        int in = 4 * Memory.PAGE_BYTES;
        for (int i = 0; i < count; i++) {
            guest.memory.storeByte(in + 48 * i + 8, (byte) READ);
            guest.memory.storeInt(in + 48 * i + 16, i == count - 1 ? 16 : 4);
        }
        guest.stopAtNextCall();
        assertThat(guest.start("poll_oneoff_stopped", in, 2 * Memory.PAGE_BYTES, count, RESULT))
                .isEqualTo(Status.FINISHED);
        assertThat(guest.result()).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isZero();
        assertThat(guest.call("poll_oneoff", in, 2 * Memory.PAGE_BYTES, count, RESULT))
                .isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isOne();
    }

    // ---- memory ----

    @Test
    void nothingIsAtZero() {
        assertThat(guest.call("poll_oneoff", 0, OUT, 1, RESULT)).isEqualTo(FAULT);
        assertThat(guest.call("poll_oneoff", IN, 0, 1, RESULT)).isEqualTo(FAULT);
        assertThat(guest.call("poll_oneoff", IN, OUT, 1, 0)).isEqualTo(FAULT);
        assertThat(guest.call("poll_oneoff", 0, 0, -1, RESULT)).isEqualTo(FAULT);
        assertThat(guest.call("poll_oneoff", 0, 0, 0, 0)).isEqualTo(FAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "524241, 4096, 1, 64",
        "4096, 524257, 1, 64",
        "4096, 4096, 1, 524285",
        "-48, 4096, 1, 64",
        "4096, 4096, -1, 64",
        "4096, 4096, 0x5555556, 64",
        "4096, 4096, 0x8000000, 64",
        "4096, 4096, 10838, 64",
    })
    void listsBeyondMemoryTrap(int in, int out, String count, int result) {
        guest.memory.storeByte(IN + 8, (byte) 9);
        assertThatThrownBy(() -> guest.start("poll_oneoff", in, out, Long.decode(count), result))
                .isInstanceOfSatisfying(
                        Trap.class, trap -> assertThat(trap.code()).isEqualTo(Trap.Code.MEMORY_OUT_OF_BOUNDS));
        assertThat(guest.memory.loadLong(IN)).isZero();
        assertThat(guest.memory.loadByte(IN + 8)).isEqualTo((byte) 9);
    }

    @Test
    void listsReachTheEndOfMemory() {
        guest.memory.storeByte(END - 48 + 8, (byte) 9);
        assertThat(guest.call("poll_oneoff", END - 48, END - 32, 1, END - 4)).isEqualTo(SUCCESS);
    }

    @Test
    void eventsMayTakeThePlaceOfTheirSubscriptions() {
        for (int i = 0; i < 50; i++) {
            descriptor(READ, i % 2);
        }
        assertThat(guest.call("poll_oneoff", IN, IN, 50, RESULT)).isEqualTo(SUCCESS);
        assertThat(guest.memory.loadInt(RESULT)).isEqualTo(50);
        for (int i = 0; i < 50; i++) {
            assertThat(guest.memory.loadLong(IN + 32 * i)).isEqualTo(100 + i);
            assertThat(guest.memory.loadShort(IN + 32 * i + 8)).isEqualTo((short) PERM);
        }
    }
}
