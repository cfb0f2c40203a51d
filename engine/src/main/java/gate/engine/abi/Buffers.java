// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import java.util.Arrays;

/// The buffers of one transfer that hold at least a byte, copied out of the program's list and checked, so
/// that nothing is moved before all of them are known to be in memory.
///
/// A program may give a list as long as its memory. Looking through it stops when the program is to stop;
/// and only the first [#PACKET_BUFFERS_MAX] buffers are used, as if the channel had nothing for the others.
final class Buffers {
    /// Buffers of one transfer of packet bytes; what goes beyond makes it short, which every transfer may be.
    static final int PACKET_BUFFERS_MAX = 1024;

    /// Entries of a list that are looked through between two looks at whether the program is to stop: about
    /// 20 µs.
    private static final int ENTRIES_PER_LOOK = 4096;

    /// An entry is a pointer and a length.
    static final int ENTRY_BYTES = 8;

    private final AbiCall call;
    private long[] addresses = new long[4];
    private long[] lengths = new long[4];
    private int count;

    private Buffers(AbiCall call) {
        this.call = call;
    }

    static Buffers of(AbiCall call) {
        return new Buffers(call);
    }

    /// Whether it is time, at this entry of any list, to look whether the program is to stop.
    static boolean isLookDue(long index) {
        return index % ENTRIES_PER_LOOK == ENTRIES_PER_LOOK - 1;
    }

    /// Collects the buffers of a list.
    ///
    /// @return false where the program is to stop before that is done
    boolean collect(long list, long entries) {
        call.check(list, entries * ENTRY_BYTES);
        for (long i = 0; i < entries && count < PACKET_BUFFERS_MAX; i++) {
            if (isLookDue(i) && call.stopRequested()) {
                return false;
            }
            long length = call.loadU32(list + i * ENTRY_BYTES + 4);
            if (length > 0) {
                long address = call.loadU32(list + i * ENTRY_BYTES);
                call.check(address, length);
                add(address, length);
            }
        }
        return true;
    }

    private void add(long address, long length) {
        if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, count * 4);
            lengths = Arrays.copyOf(lengths, count * 4);
        }
        addresses[count] = address;
        lengths[count] = length;
        count++;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// Reads packet bytes into the buffers, up to the first that isn't filled.
    long read(PacketStream packets) {
        long total = 0;
        for (int i = 0; i < count; i++) {
            int moved = checked(packets.read(call.slice(addresses[i], lengths[i])), lengths[i]);
            total += moved;
            if (moved < lengths[i]) {
                break;
            }
        }
        return total;
    }

    /// Writes packet bytes from the buffers, up to the first that isn't taken whole.
    long write(PacketStream packets) {
        long total = 0;
        for (int i = 0; i < count; i++) {
            int moved = checked(packets.write(call.slice(addresses[i], lengths[i])), lengths[i]);
            total += moved;
            if (moved < lengths[i]) {
                break;
            }
        }
        return total;
    }

    private static int checked(int moved, long length) {
        if (moved < 0 || moved > length) {
            throw new IllegalStateException("the packet stream moved " + moved + " of " + length + " bytes");
        }
        return moved;
    }
}
