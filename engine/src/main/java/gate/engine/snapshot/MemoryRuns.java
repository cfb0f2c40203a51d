// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.runtime.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Where a memory isn't zero: runs of bytes, as few as the limit on segments asks for.
final class MemoryRuns {
    /// Zeros that end a run at first; a segment's own header takes up to 13 bytes.
    private static final int FIRST_GAP = 24;

    /// Fewer zeros than these lie in pages that have been touched: a run takes in no page that wasn't.
    private static final int LAST_GAP = 4096;

    private long[] starts = new long[16];
    private long[] ends = new long[16];
    private int count;

    private MemoryRuns() {}

    /// @param most runs that are wanted; there are more where so many pages apart have been touched, a million at most
    static MemoryRuns of(Memory memory, int most) {
        long[] touched = memory.touched();
        for (int gap = FIRST_GAP; gap < LAST_GAP; gap *= 4) {
            MemoryRuns runs = new MemoryRuns();
            if (runs.scan(memory, touched, gap, most)) {
                return runs;
            }
        }
        MemoryRuns runs = new MemoryRuns();
        runs.scan(memory, touched, LAST_GAP, Integer.MAX_VALUE);
        return runs;
    }

    /// @return false where there are too many runs
    private boolean scan(Memory memory, long[] touched, long gap, int most) {
        for (int range = 0; range < touched.length; range += 2) {
            long at = touched[range];
            MemorySegment bytes = memory.slice(at, touched[range + 1] - at);
            for (long i = nonZero(bytes, 0); i < bytes.byteSize(); i = nonZero(bytes, i)) {
                long end = zero(bytes, i);
                if (!add(at + i, at + end, gap, most)) {
                    return false;
                }
                i = end;
            }
        }
        trim(memory);
        return true;
    }

    /// The next non-zero word of 8 bytes. Memories are whole pages, so there is no rest.
    private static long nonZero(MemorySegment bytes, long from) {
        long at = from;
        while (at < bytes.byteSize() && bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at) == 0) {
            at += 8;
        }
        return at;
    }

    private static long zero(MemorySegment bytes, long from) {
        long at = from;
        while (at < bytes.byteSize() && bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at) != 0) {
            at += 8;
        }
        return at;
    }

    private boolean add(long start, long end, long gap, int most) {
        if (count > 0 && start - ends[count - 1] < gap) {
            ends[count - 1] = end;
            return true;
        }
        if (count == most) {
            return false;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        starts[count] = start;
        ends[count++] = end;
        return true;
    }

    /// Takes zero bytes off both ends of runs.
    private void trim(Memory memory) {
        for (int i = 0; i < count; i++) {
            while (memory.loadByte(starts[i]) == 0) {
                starts[i]++;
            }
            while (memory.loadByte(ends[i] - 1) == 0) {
                ends[i]--;
            }
        }
    }

    int count() {
        return count;
    }

    long start(int run) {
        return starts[run];
    }

    long length(int run) {
        return ends[run] - starts[run];
    }

    long totalBytes() {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += length(i);
        }
        return total;
    }
}
