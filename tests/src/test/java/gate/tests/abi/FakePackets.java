// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import gate.engine.abi.PacketStream;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A packet channel in which waiting takes no time.
final class FakePackets implements PacketStream {
    /// A wait for something.
    record Wait(boolean readable, boolean writable, long nanosAtMost) {}

    private final FakeClock clock;
    private byte[] input = new byte[0];
    final ByteArrayOutputStream output = new ByteArrayOutputStream();

    /// Bytes that there is room for.
    int room = 65_536;

    /// Bytes that one call moves at most.
    int pieceMax = Integer.MAX_VALUE;

    /// How far a call's count is beyond the segment.
    int lie;

    int calls;
    int wakes;
    final List<Wait> waits = new ArrayList<>();

    /// What happens during a wait; time passes after it.
    Runnable whileWaiting = () -> {};

    FakePackets(FakeClock clock) {
        this.clock = clock;
    }

    void receive(byte... bytes) {
        byte[] longer = Arrays.copyOf(input, input.length + bytes.length);
        System.arraycopy(bytes, 0, longer, input.length, bytes.length);
        input = longer;
    }

    int unread() {
        return input.length;
    }

    @Override
    public int read(MemorySegment into) {
        calls++;
        int count = (int) Math.min(Math.min(into.byteSize(), input.length), pieceMax);
        MemorySegment.copy(input, 0, into, ValueLayout.JAVA_BYTE, 0, count);
        input = Arrays.copyOfRange(input, count, input.length);
        return count;
    }

    @Override
    public int write(MemorySegment from) {
        calls++;
        int count = (int) Math.min(Math.min(from.byteSize(), room), pieceMax);
        output.writeBytes(from.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
        room -= count;
        return lie > 0 ? (int) from.byteSize() + lie : count;
    }

    @Override
    public boolean readable() {
        return input.length > 0;
    }

    @Override
    public boolean writable() {
        return room > 0;
    }

    @Override
    public void await(boolean readable, boolean writable, long nanosAtMost) {
        if (nanosAtMost <= 0) {
            throw new AssertionError("a wait of " + nanosAtMost);
        }
        waits.add(new Wait(readable, writable, nanosAtMost));
        int wakesBefore = wakes;
        whileWaiting.run();
        boolean ended = wakes > wakesBefore || readable && readable() || writable && writable();
        if (!ended && nanosAtMost == Long.MAX_VALUE) {
            throw new AssertionError("this wait never ends");
        }
        if (!ended) {
            clock.pass(nanosAtMost);
        }
    }

    @Override
    public void wake() {
        wakes++;
    }
}
