// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/// Packets on their way to a program, which takes them as bytes, cut anywhere; each with its padding. For one thread at
/// a time.
public final class PacketQueue {
    /// @param size bytes of the array that count
    /// @param whole the same with padding
    private record Entry(byte[] bytes, int size, int whole) {}

    private final Deque<Entry> packets = new ArrayDeque<>(1);
    /// Bytes of the first one that have been taken.
    private int taken;

    private long bytes;

    /// Empty.
    public PacketQueue() {}

    /// Adds bytes that another queue was left with.
    public void restore(byte[] rest) {
        if (rest.length > 0) {
            add(new Entry(rest, rest.length, rest.length));
        }
    }

    public void add(Packet packet) {
        add(new Entry(packet.array(), packet.size(), packet.size() + Packet.padding(packet.size())));
    }

    private void add(Entry entry) {
        packets.add(entry);
        bytes += entry.whole;
    }

    /// Bytes to be taken, padding included.
    public long byteCount() {
        return bytes;
    }

    public boolean isEmpty() {
        return bytes == 0;
    }

    /// Forgets all bytes to be taken.
    public void clear() {
        packets.clear();
        bytes = 0;
        taken = 0;
    }

    /// Moves bytes to a program's memory.
    ///
    /// @return how many: as many as there are and fit
    public long take(MemorySegment target) {
        long done = 0;
        while (done < target.byteSize() && !isEmpty()) {
            Entry packet = packets.element();
            int count = (int) Math.min(target.byteSize() - done, packet.whole - taken);
            int content = Math.clamp(packet.size - taken, 0, count);
            if (content > 0) {
                MemorySegment.copy(packet.bytes, taken, target, ValueLayout.JAVA_BYTE, done, content);
            }
            target.asSlice(done + content, count - content).fill((byte) 0);
            done += count;
            taken += count;
            bytes -= count;
            if (taken == packet.whole) {
                packets.remove();
                taken = 0;
            }
        }
        return done;
    }

    /// All bytes to be taken, which stay.
    public byte[] toArray() {
        byte[] all = new byte[Math.toIntExact(bytes)];
        int at = 0;
        int skipped = taken;
        for (Entry packet : packets) {
            if (skipped < packet.size) {
                System.arraycopy(packet.bytes, skipped, all, at, packet.size - skipped);
            }
            at += packet.whole - skipped;
            skipped = 0;
        }
        return all;
    }
}
