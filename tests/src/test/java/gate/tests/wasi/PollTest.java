// SPDX-License-Identifier: Apache-2.0
package gate.tests.wasi;

import static gate.tests.wasi.WasiGuest.BUFFER;
import static gate.tests.wasi.WasiGuest.DIR;
import static gate.tests.wasi.WasiGuest.RESULT;
import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.HostFunction.Outcome;
import gate.executor.host.wasi.Errno;
import gate.executor.host.wasi.WasiLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `poll_oneoff`, also stopped and continued.
class PollTest {
    private static final int OUT = BUFFER + 300_000;

    @TempDir
    private Path directory;

    private WasiGuest guest;
    private int subscriptions;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(directory.resolve("file"), "0123456789");
        guest = WasiGuest.in(directory);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private record Event(long userData, int errno, int type, long bytes, int flags) {}

    private void clock(int id, long timeout, int flags) {
        int address = subscription(0);
        guest.memory.storeInt(address + 16, id);
        guest.memory.storeLong(address + 24, timeout);
        guest.memory.storeLong(address + 32, 1);
        guest.memory.storeShort(address + 40, (short) flags);
    }

    private void descriptor(int type, int number) {
        guest.memory.storeInt(subscription(type) + 16, number);
    }

    /// User data is 100 and the index.
    private int subscription(int type) {
        int address = BUFFER + 48 * subscriptions;
        guest.memory.storeLong(address, 100 + subscriptions);
        guest.memory.storeByte(address + 8, (byte) type);
        subscriptions++;
        return address;
    }

    private List<Event> poll() {
        guest.done("poll_oneoff", BUFFER, OUT, subscriptions, RESULT);
        return events();
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < guest.result(); i++) {
            int at = OUT + 32 * i;
            events.add(new Event(
                    guest.memory.loadLong(at),
                    guest.memory.loadShort(at + 8),
                    guest.memory.loadByte(at + 10),
                    guest.memory.loadLong(at + 16),
                    guest.memory.loadShort(at + 24)));
        }
        return events;
    }

    private FakeCall prepare() {
        return guest.prepare(BUFFER, OUT, subscriptions, RESULT);
    }

    @Test
    void aRelativeTimeoutWaitsSoLong() {
        clock(1, 1_500, 0);
        assertThat(poll()).containsExactly(new Event(100, 0, 0, 0, 0));
        assertThat(guest.clocks.paused).isEqualTo(1_500);
    }

    @Test
    void aTimeoutOfTheRealTimeClockWaitsTheSame() {
        clock(0, 3_000_000_000L, 0);
        assertThat(poll()).hasSize(1);
        assertThat(guest.clocks.paused).isEqualTo(3_000_000_000L);
    }

    @Test
    void anAbsoluteTimeoutWaitsUntilThen() {
        clock(0, guest.clocks.realtime + 77, 1);
        assertThat(poll()).hasSize(1);
        assertThat(guest.clocks.paused).isEqualTo(77);
        guest.done("clock_time_get", 1, 0, RESULT);
        long now = guest.longResult();
        subscriptions = 0;
        clock(1, now + 33, 1);
        assertThat(poll()).hasSize(1);
        assertThat(guest.clocks.paused).isEqualTo(110);
        subscriptions = 0;
        clock(1, now, 1);
        assertThat(poll()).hasSize(1);
        assertThat(guest.clocks.paused).isEqualTo(110);
    }

    @Test
    void theEarliestTimeoutEndsTheWaitAndOnlyItIsTold() {
        clock(1, 5_000, 0);
        clock(1, 2_000, 0);
        clock(1, 2_000, 0);
        clock(1, -1, 0);
        assertThat(poll()).extracting(Event::userData).containsExactly(101L, 102L);
        assertThat(guest.clocks.paused).isEqualTo(2_000);
    }

    @Test
    void readyDescriptorsAreToldAtOnce() {
        guest.input.type("abc");
        int file = guest.opened(DIR, "file", 0);
        assertThat(guest.read(file, 4)).hasSize(4);
        clock(1, 1_000_000, 0);
        descriptor(1, 0);
        descriptor(2, 1);
        descriptor(1, file);
        descriptor(2, file);
        List<Event> events = poll();
        assertThat(events).extracting(Event::userData).containsExactly(101L, 102L, 103L, 104L);
        assertThat(events).extracting(Event::type).containsExactly(1, 2, 1, 2);
        assertThat(events.get(0).bytes()).isEqualTo(3);
        assertThat(events.get(1).bytes()).isPositive();
        assertThat(events.get(2).bytes()).isEqualTo(6);
        assertThat(guest.clocks.paused).isZero();
    }

    @Test
    void inputThatComesEndsTheWait() {
        descriptor(1, 0);
        clock(1, 10_000_000_000L, 0);
        guest.clocks.whilePausing = () -> guest.input.type("x");
        assertThat(poll()).containsExactly(new Event(100, 0, 1, 1, 0));
        // Nothing was read.
        assertThat(guest.read(0, 10)).isEqualTo("x");
    }

    @Test
    void theEndOfInputIsAHangup() {
        guest.input.end();
        descriptor(1, 0);
        assertThat(poll()).containsExactly(new Event(100, 0, 1, 0, 1));
    }

    @Test
    void aFullOutputIsNotReadyUntilThereIsRoom() {
        guest.output.room(0);
        descriptor(2, 1);
        clock(1, 100, 0);
        assertThat(poll()).extracting(Event::userData).containsExactly(101L);
        guest.clocks.whilePausing = () -> guest.output.room(5);
        assertThat(poll()).extracting(Event::userData).contains(100L);
    }

    @Test
    void badSubscriptionsAreEventsWithAnError() {
        descriptor(1, 99);
        descriptor(2, 99);
        descriptor(1, 1);
        descriptor(2, 0);
        descriptor(1, DIR);
        clock(2, 0, 0);
        clock(9, 0, 0);
        assertThat(poll())
                .extracting(Event::errno)
                .containsExactly(
                        Errno.BADF.code(),
                        Errno.BADF.code(),
                        Errno.BADF.code(),
                        Errno.BADF.code(),
                        Errno.BADF.code(),
                        Errno.NOTSUP.code(),
                        Errno.INVAL.code());
    }

    @Test
    void noneTooManyAndUnknownSubscriptionsAreInvalid() {
        assertThat(guest.call("poll_oneoff", BUFFER, OUT, 0, RESULT)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("poll_oneoff", BUFFER, OUT, WasiLimits.SUBSCRIPTIONS_MAX + 1, RESULT))
                .isEqualTo(Errno.INVAL);
        assertThat(guest.call("poll_oneoff", BUFFER, OUT, -1, RESULT)).isEqualTo(Errno.INVAL);
        subscription(3);
        assertThat(guest.call("poll_oneoff", BUFFER, OUT, 1, RESULT)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("poll_oneoff", BUFFER, (int) guest.memory.byteSize() - 31, 1, RESULT))
                .isEqualTo(Errno.FAULT);
        assertThat(guest.call("poll_oneoff", BUFFER, OUT, 1, -1)).isEqualTo(Errno.FAULT);
    }

    @Test
    void aStoppedRelativeTimeoutWaitsOnlyWhatRemains() {
        clock(1, 1_000_000_000L, 0);
        FakeCall call = prepare();
        WasiGuest first = guest;
        stopAfter(call, 300_000_000L);
        assertThat(guest.make("poll_oneoff", call)).isEqualTo(Outcome.AGAIN);
        assertThat(call.hasResult()).isFalse();
        try (WasiGuest second = guest.elsewhere()) {
            // Time while nobody runs it doesn't count.
            second.clocks.monotonic += 999_999_999_999L;
            guest = second;
            FakeCall again = prepare();
            stopAfter(again, 500_000_000L);
            assertThat(second.make("poll_oneoff", again)).isEqualTo(Outcome.AGAIN);
            try (WasiGuest third = second.elsewhere()) {
                guest = third;
                assertThat(poll()).hasSize(1);
                assertThat(third.clocks.paused).isEqualTo(200_000_000L);
            }
        }
        guest = first;
    }

    @Test
    void aStoppedWaitInOnePlaceGoesOnThere() {
        clock(1, 1_000_000_000L, 0);
        FakeCall call = prepare();
        stopAfter(call, 600_000_000L);
        assertThat(guest.make("poll_oneoff", call)).isEqualTo(Outcome.AGAIN);
        guest.clocks.monotonic += 5_000_000_000L;
        guest.clocks.paused = 0;
        assertThat(poll()).hasSize(1);
        assertThat(guest.clocks.paused).isEqualTo(400_000_000L);
    }

    @Test
    void aStoppedAbsoluteTimeoutIsStillThatMoment() {
        long moment = guest.clocks.realtime + 1_000_000_000L;
        clock(0, moment, 1);
        FakeCall call = prepare();
        stopAfter(call, 300_000_000L);
        assertThat(guest.make("poll_oneoff", call)).isEqualTo(Outcome.AGAIN);
        WasiGuest first = guest;
        try (WasiGuest second = guest.elsewhere()) {
            guest = second;
            second.clocks.realtime = moment - 10;
            assertThat(poll()).hasSize(1);
            assertThat(second.clocks.paused).isEqualTo(10);
        }
        guest = first;
    }

    @Test
    void theNextWaitStartsAnew() {
        clock(1, 1_000_000_000L, 0);
        FakeCall call = prepare();
        stopAfter(call, 300_000_000L);
        assertThat(guest.make("poll_oneoff", call)).isEqualTo(Outcome.AGAIN);
        assertThat(poll()).hasSize(1);
        guest.clocks.paused = 0;
        assertThat(poll()).hasSize(1);
        assertThat(guest.clocks.paused).isEqualTo(1_000_000_000L);
    }

    @Test
    void aWaitThatIsOverIsNotStopped() {
        guest.input.type("x");
        descriptor(1, 0);
        FakeCall call = prepare();
        call.suspend();
        assertThat(guest.make("poll_oneoff", call)).isEqualTo(Outcome.DONE);
        assertThat(events()).hasSize(1);
    }

    @Test
    void theMonotonicClockGoesOnWhereItWas() {
        guest.clocks.monotonic += 12_345;
        guest.done("clock_time_get", 1, 0, RESULT);
        long before = guest.longResult();
        try (WasiGuest second = guest.elsewhere()) {
            second.done("clock_time_get", 1, 0, RESULT);
            assertThat(second.longResult()).isEqualTo(before);
            second.clocks.monotonic += 5;
            second.done("clock_time_get", 1, 0, RESULT);
            assertThat(second.longResult()).isEqualTo(before + 5);
        }
    }

    @Test
    void processorTimeNeverGoesBack() {
        guest.done("clock_time_get", 2, 0, RESULT);
        long before = guest.longResult();
        try (WasiGuest second = guest.elsewhere()) {
            second.clocks.cpu = 1;
            second.done("clock_time_get", 2, 0, RESULT);
            assertThat(second.longResult()).isEqualTo(before + 1);
        }
    }

    /// Stops the call after the clocks have moved so far: the pause it makes is cut there.
    private void stopAfter(FakeCall call, long nanos) {
        FakeClocks clocks = guest.clocks;
        clocks.pauseMax = nanos;
        clocks.whilePausing = () -> {
            call.suspend();
            clocks.pauseMax = Long.MAX_VALUE;
            clocks.whilePausing = () -> {};
        };
    }
}
