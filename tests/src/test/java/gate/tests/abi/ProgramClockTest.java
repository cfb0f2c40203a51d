// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.AbiState;
import gate.engine.abi.ProgramClock;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The clocks that a program sees: Gate's reference 1.2, "Time".
final class ProgramClockTest {
    private static final long SECOND = FakeClock.SECOND;

    private final FakeClock host = new FakeClock();

    private ProgramClock fresh(long resolution) {
        return new ProgramClock(host, resolution, AbiState.FRESH);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2",
        "2, 4",
        "1000, 1024",
        "1023, 1024",
        "1024, 2048",
        "10000000, 16777216",
        "536870912, 1000000000",
        "1000000000, 1000000000",
        "1000000001, 1000000000",
        "0, 1000000000",
        "-5, 1000000000",
        "9223372036854775807, 1000000000",
    })
    void partOfASecondIsAMultipleOfAPowerOfTwoAboveTheResolution(long resolution, long step) {
        Random random = new Random(resolution);
        for (int i = 0; i < 1000; i++) {
            host.realtime = random.nextLong(1L << 62);
            ProgramClock clock = fresh(resolution);
            host.monotonic += random.nextLong(3 * SECOND);
            assertShown(clock.realtimeNanos(), host.realtime, step);
            assertThat(clock.monotonicNanos()).isLessThanOrEqualTo(clock.state().monotonicNanos());
            assertShown(clock.monotonicNanos(), clock.state().monotonicNanos(), step);
        }
    }

    private static void assertShown(long shown, long exact, long step) {
        assertThat(shown % SECOND % step).isZero();
        assertThat(shown).isLessThanOrEqualTo(exact).isGreaterThan(exact - step);
        assertThat(shown / SECOND).isEqualTo(exact / SECOND);
    }

    @Test
    void freshProgramsMonotonicClockStartsAtOneSecond() {
        for (long resolution : new long[] {1, 1000, 10_000_000, SECOND, 0}) {
            assertThat(fresh(resolution).monotonicNanos()).isEqualTo(SECOND);
        }
    }

    @Test
    void monotonicClockFollowsTheHosts() {
        ProgramClock clock = fresh(1);
        host.monotonic += 10 * SECOND + 1000;
        assertThat(clock.monotonicNanos()).isEqualTo(11 * SECOND + 1000);
    }

    @Test
    void realtimeIsTheHostsAndMayBeSet() {
        ProgramClock clock = fresh(1);
        assertThat(clock.realtimeNanos()).isEqualTo(host.realtime);
        host.realtime -= 100 * SECOND;
        assertThat(clock.realtimeNanos()).isEqualTo(host.realtime);
        host.realtime = -5;
        assertThat(clock.realtimeNanos()).isZero();
    }

    @Test
    void resumedProgramGoesOnFromExactlyTheStoredTime() {
        host.monotonic = 5;
        for (long resolution : new long[] {1, 1000, 10_000_000, SECOND}) {
            ProgramClock clock = new ProgramClock(host, resolution, new AbiState(1_335_544_321));
            assertThat(clock.monotonicNanos()).isEqualTo(1_335_544_321);
            assertThat(clock.state()).isEqualTo(new AbiState(1_335_544_321));
        }
    }

    /// Of a clock with steps of a second, stopped after each tenth of one.
    @Test
    void timePassesAlsoForAProgramThatIsStoppedMoreOftenThanItsClockTicks() {
        AbiState state = AbiState.FRESH;
        for (int i = 0; i < 100; i++) {
            ProgramClock clock = new ProgramClock(host, SECOND, state);
            host.monotonic += SECOND / 10;
            state = clock.state();
            host.monotonic += 1234 * SECOND;
        }
        assertThat(new ProgramClock(host, SECOND, state).monotonicNanos()).isEqualTo(11 * SECOND);
    }

    @Test
    void hostsClockThatGoesBackIsNotFollowed() {
        ProgramClock clock = fresh(1);
        host.monotonic += SECOND;
        long before = clock.monotonicNanos();
        host.monotonic -= SECOND / 2;
        assertThat(clock.monotonicNanos()).isEqualTo(before);
        assertThat(clock.state().monotonicNanos()).isEqualTo(before);
    }

    @Test
    void timeNeverRunsBeyondTheGreatestNumber() {
        ProgramClock clock = new ProgramClock(host, 1, new AbiState(Long.MAX_VALUE));
        host.monotonic += SECOND;
        assertThat(clock.monotonicNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(clock.state().monotonicNanos()).isEqualTo(Long.MAX_VALUE);
    }

    /// Saved and resumed at any moment, on hosts whose clocks have nothing to do with each other, with any
    /// resolution.
    @Test
    void monotonicClockNeverGoesBackAndIsNeverFarOff() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            AbiState state = AbiState.FRESH;
            long last = 0;
            long ran = 0;
            for (int stop = 0; stop < 30; stop++) {
                FakeClock somewhere = new FakeClock();
                somewhere.monotonic = random.nextLong();
                long resolution = random.nextLong(1L << random.nextInt(32) + 1);
                ProgramClock clock = new ProgramClock(somewhere, resolution, state);
                for (int look = random.nextInt(5); look > 0; look--) {
                    long time = clock.monotonicNanos();
                    assertThat(time).isPositive().isGreaterThanOrEqualTo(last);
                    assertThat(SECOND + ran - time).isBetween(0L, SECOND - 1);
                    last = time;
                    long passed = random.nextLong(1L << random.nextInt(34));
                    somewhere.monotonic += passed;
                    ran += passed;
                }
                state = clock.state();
                assertThat(state.monotonicNanos()).isEqualTo(SECOND + ran);
            }
        }
    }
}
