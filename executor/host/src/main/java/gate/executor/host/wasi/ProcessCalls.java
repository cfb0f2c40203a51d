// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.runtime.GuestExit;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `args_*`, `environ_*`, `clock_*`, `proc_*`, `sched_yield` and `random_get`.
final class ProcessCalls {
    static final int CLOCK_REALTIME = 0;
    static final int CLOCK_MONOTONIC = 1;
    static final int CLOCK_PROCESS_CPUTIME = 2;
    static final int CLOCK_THREAD_CPUTIME = 3;

    private static final int RANDOM_CHUNK_BYTES = 65_536;

    /// Witx `$signal`: those whose default is to do nothing (CHLD, CONT, URG, WINCH).
    private static final long IGNORED_SIGNALS = 1L << 16 | 1L << 17 | 1L << 22 | 1L << 27;

    /// Those whose default is to stop the process until it is continued (STOP, TSTP, TTIN, TTOU).
    private static final long STOP_SIGNALS = 1L << 18 | 1L << 19 | 1L << 20 | 1L << 21;

    private static final int SIGNAL_MAX = 30;

    /// What a shell adds to the number of a signal that ended a process.
    private static final int SIGNAL_STATUS = 128;

    private final Wasi wasi;

    ProcessCalls(Wasi wasi) {
        this.wasi = wasi;
    }

    void argumentsGet(Guest guest) {
        textsGet(guest, wasi.arguments());
    }

    void argumentsSizesGet(Guest guest) {
        textsSizesGet(guest, wasi.arguments());
    }

    void environmentGet(Guest guest) {
        textsGet(guest, wasi.environment());
    }

    void environmentSizesGet(Guest guest) {
        textsSizesGet(guest, wasi.environment());
    }

    private static void textsGet(Guest guest, List<String> texts) {
        long pointer = guest.u32(0);
        long address = guest.u32(1);
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            guest.storeInt(pointer, (int) address);
            guest.storeBytes(address, bytes);
            guest.storeByte(address + bytes.length, 0);
            pointer += 4;
            address += bytes.length + 1L;
        }
    }

    private static void textsSizesGet(Guest guest, List<String> texts) {
        long size = 0;
        for (String text : texts) {
            size += text.getBytes(StandardCharsets.UTF_8).length + 1L;
        }
        if (size > Integer.MAX_VALUE) {
            throw new WasiError(Errno.OVERFLOW);
        }
        guest.storeInt(guest.u32(0), texts.size());
        guest.storeInt(guest.u32(1), (int) size);
    }

    void clockResolutionGet(Guest guest) {
        int clock = guest.i32(0);
        if (clock < CLOCK_REALTIME || clock > CLOCK_THREAD_CPUTIME) {
            throw new WasiError(Errno.INVAL);
        }
        guest.storeLong(guest.u32(1), wasi.world().clocks().resolutionNanos());
    }

    void clockTimeGet(Guest guest) {
        long result = guest.u32(2);
        guest.check(result, 8);
        long now = switch (guest.i32(0)) {
            case CLOCK_REALTIME -> wasi.world().clocks().realtimeNanos();
            case CLOCK_MONOTONIC -> wasi.monotonicNanos();
            // A guest has one thread; what the process around it does besides is little.
            case CLOCK_PROCESS_CPUTIME, CLOCK_THREAD_CPUTIME -> wasi.cpuNanos();
            default -> throw new WasiError(Errno.INVAL);
        };
        guest.storeLong(result, now);
    }

    void exit(Guest guest) {
        int status = guest.i32(0);
        wasi.exitStatus(status);
        throw new GuestExit(status);
    }

    /// The signal's default in POSIX. Stopping is the embedder's to do, so the guest may not ask for it.
    void raise(Guest guest) {
        int signal = guest.i32(0);
        if (signal < 0 || signal > SIGNAL_MAX) {
            throw new WasiError(Errno.INVAL);
        }
        long bit = 1L << signal;
        if (signal == 0 || (bit & IGNORED_SIGNALS) != 0) {
            return;
        }
        if ((bit & STOP_SIGNALS) != 0) {
            throw new WasiError(Errno.NOTSUP);
        }
        wasi.exitStatus(SIGNAL_STATUS + signal);
        throw new GuestExit(SIGNAL_STATUS + signal);
    }

    /// A guest has one thread, so there is none to give way to.
    void schedYield() {}

    void randomGet(Guest guest) {
        MemorySegment target = guest.slice(guest.u32(0), guest.u32(1));
        long done = Math.min(wasi.progress(), target.byteSize());
        while (done < target.byteSize()) {
            byte[] bytes = new byte[(int) Math.min(RANDOM_CHUNK_BYTES, target.byteSize() - done)];
            wasi.world().random().fill(bytes);
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, done, bytes.length);
            done += bytes.length;
            if (done < target.byteSize() && guest.call().suspendRequested()) {
                throw wasi.again(done);
            }
        }
    }
}
