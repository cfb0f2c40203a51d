// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/// How much heap the thread that opens files allocates, garbage included, for the bytes of a file.
final class AllocationWatch {
    /// Reading: what `docs/limits.md` promises.
    private static final long READING_BYTES_MAX = 512 << 10;

    private static final long READING_PER_BYTE_MAX = 32;

    /// Opening and starting it: reading it twice, translating code that is on the call stack, a call stack of 64 KiB.
    private static final long OPENING_BYTES_MAX = 2 << 20;

    private static final long OPENING_PER_BYTE_MAX = 128;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicLong most = new AtomicLong();

    long begin() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    void endReading(long before, int fileBytes) {
        require("reading", before, fileBytes, READING_BYTES_MAX, READING_PER_BYTE_MAX);
    }

    void endOpening(long before, int fileBytes) {
        require("opening", before, fileBytes, OPENING_BYTES_MAX, OPENING_PER_BYTE_MAX);
    }

    private void require(String what, long before, int fileBytes, long fixed, long perByte) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        most.accumulateAndGet(bytes, Math::max);
        if (bytes > fixed + perByte * fileBytes) {
            throw new AssertionError(what + " a file of " + fileBytes + " bytes allocated " + bytes);
        }
    }

    long mostBytes() {
        return most.get();
    }
}
