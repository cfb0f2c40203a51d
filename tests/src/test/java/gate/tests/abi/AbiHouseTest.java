// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.AbiHost;
import gate.engine.abi.AbiPolicy;
import gate.engine.abi.AbiState;
import gate.engine.abi.DebugLog;
import gate.engine.abi.GateAbi;
import gate.engine.runtime.Execution;
import gate.engine.runtime.Execution.Status;
import gate.engine.runtime.Store;
import gate.engine.runtime.SuspendPoints;
import gate.engine.snapshot.CorruptSnapshotException;
import gate.engine.snapshot.ProgramState;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotInfo;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A program that talks to an echo, stopped wherever it can be, moved through a file each time, and
/// continued in another store with other import functions: it never notices, and no byte is lost or comes
/// twice.
final class AbiHouseTest {
    private static final int ROUNDS = 12;

    private final FakeClock clock = new FakeClock();
    private final FakePackets packets = new FakePackets(clock);
    private int echoed;

    private Store store = new Store();
    private GateAbi abi = abi(AbiState.FRESH);
    private Execution execution =
            Execution.instantiate(store.allocate(AbiGuest.parse(AbiGuest.text("conversation.wat")), abi));

    private GateAbi abi(AbiState state) {
        return new GateAbi(new AbiHost(clock, _ -> {}, DebugLog.DISCARDED, packets), AbiPolicy.DEFAULT, state);
    }

    /// Brings up to so many bytes back.
    private void echo(int count) {
        byte[] all = packets.output.toByteArray();
        int end = (int) Math.min(all.length, (long) echoed + count);
        packets.receive(Arrays.copyOfRange(all, echoed, end));
        echoed = end;
    }

    private void move() throws IOException, CorruptSnapshotException {
        AbiState state = abi.state();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        SnapshotInfo info = SnapshotInfo.suspended(state.monotonicNanos());
        SnapshotWriter.write(execution, ProgramState.of(info, new byte[0]), Channels.newChannel(file));
        store.close();
        Snapshot snapshot =
                Snapshot.read(MemorySegment.ofArray(file.toByteArray()), Feature.allSupported(), Limits.DEFAULT);
        assertThat(snapshot.info().monotonicNanos()).isEqualTo(state.monotonicNanos());
        store = new Store();
        abi = abi(new AbiState(snapshot.info().monotonicNanos()));
        execution = snapshot.restore(store, abi);
    }

    private void begin() {
        assertThat(execution.run()).isEqualTo(Status.FINISHED);
        execution.call(execution.instance().exportedFunction("talk").orElseThrow(), ROUNDS);
    }

    private void assertTalkedAll(int startsAtMost) {
        assertThat(execution.results()).as("rounds that went wrong").containsExactly(0);
        assertThat(packets.output.size()).isEqualTo(16 * ROUNDS);
        assertThat(packets.unread()).isZero();
        assertThat(echoed).isEqualTo(16 * ROUNDS);
        long starts =
                execution.instance().exportedGlobal("starts").orElseThrow().value();
        assertThat(starts).isBetween(1L, (long) startsAtMost);
        store.close();
    }

    @Test
    void talksWithoutBeingStopped() {
        begin();
        packets.whileWaiting = () -> echo(Integer.MAX_VALUE);
        assertThat(execution.run()).isEqualTo(Status.FINISHED);
        assertTalkedAll(1);
    }

    @Test
    void talksWhenMovedDuringEveryWait() throws IOException, CorruptSnapshotException {
        begin();
        packets.whileWaiting = () -> execution.suspend();
        int stops = 0;
        while (execution.run() != Status.FINISHED) {
            stops++;
            move();
            echo(7);
        }
        assertThat(stops).isGreaterThan(ROUNDS);
        assertTalkedAll(1 + stops);
    }

    @Test
    void talksWhenMovedAtEverySuspendPoint() throws IOException, CorruptSnapshotException {
        begin();
        packets.whileWaiting = () -> echo(5);
        int stops = 0;
        while (true) {
            SuspendPoints.stopAtNext(execution);
            if (execution.run() == Status.FINISHED) {
                break;
            }
            stops++;
            move();
            if (!packets.readable()) {
                echo(5);
            }
        }
        assertThat(stops).isGreaterThan(3 * ROUNDS);
        assertTalkedAll(1 + stops);
    }

    @Test
    void talksWhateverThePiecesAndStops() throws IOException, CorruptSnapshotException {
        for (long seed = 0; seed < 20; seed++) {
            AbiHouseTest other = new AbiHouseTest();
            other.talkAtRandom(new Random(seed));
        }
    }

    private void talkAtRandom(Random random) throws IOException, CorruptSnapshotException {
        begin();
        packets.whileWaiting = () -> {
            packets.room = random.nextInt(9);
            packets.pieceMax = 1 + random.nextInt(20);
            clock.pass(random.nextInt(1_000_000_000));
            if (random.nextInt(3) == 0) {
                execution.suspend();
            } else {
                echo(random.nextInt(20));
                packets.wake();
            }
        };
        packets.room = 3;
        int stops = 0;
        long time = 0;
        while (execution.run() != Status.FINISHED) {
            stops++;
            move();
            assertThat(abi.state().monotonicNanos()).isGreaterThanOrEqualTo(time);
            time = abi.state().monotonicNanos();
            clock.pass(random.nextInt(1_000_000_000));
        }
        assertTalkedAll(1 + stops);
    }
}
