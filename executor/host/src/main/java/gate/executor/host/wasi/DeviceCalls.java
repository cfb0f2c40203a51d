// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.runtime.HostCall;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Reading and writing character devices and named pipes as if they were standard streams: a guest that waits
/// can be stopped, and then nothing has been read or written, or a short count says how much.
///
/// A pipe that is open for reading and has had no writer yet isn't at its end: its reader waits, as it would
/// have in `open`.
final class DeviceCalls {
    private final Wasi wasi;

    DeviceCalls(Wasi wasi) {
        this.wasi = wasi;
    }

    long read(HostCall call, OpenDevice device, MemorySegment[] buffers) {
        if (TransferCalls.size(buffers) == 0) {
            return 0;
        }
        while (true) {
            if (!isReady(device, ReadyWatch.POLLIN)) {
                await(call, device, ReadyWatch.POLLIN);
            }
            long count = readNow(call, device, buffers);
            // Readiness can be a false alarm, or somebody else was quicker: then wait again.
            if (count != -HostFiles.EAGAIN) {
                return Kernel.check(count);
            }
        }
    }

    /// Reads what is there without waiting.
    ///
    /// @return the number of bytes, 0 for the end; or a negated Linux error
    private long readNow(HostCall call, OpenDevice device, MemorySegment[] buffers) {
        long done = 0;
        for (MemorySegment buffer : buffers) {
            long at = 0;
            while (at < buffer.byteSize()) {
                if (done > 0 && (call.suspendRequested() || !isReady(device, ReadyWatch.POLLIN))) {
                    return done;
                }
                long length = Math.min(buffer.byteSize() - at, WasiLimits.TRANSFER_CHUNK_BYTES);
                long count = wasi.files().readNow(device.file(), buffer.asSlice(at, length));
                if (count <= 0) {
                    return done > 0 ? done : count;
                }
                done += count;
                at += count;
            }
        }
        return done;
    }

    long write(HostCall call, OpenDevice device, MemorySegment[] buffers) {
        HostFiles files = wasi.files();
        long total = TransferCalls.size(buffers);
        long done = 0;
        while (done < total) {
            long count = -HostFiles.EAGAIN;
            if (isReady(device, ReadyWatch.POLLOUT)) {
                ByteBuffer gathered = files.gathering().asByteBuffer();
                TransferCalls.gather(buffers, done, gathered);
                count = files.writeNow(device.file(), files.gathering().asSlice(0, gathered.limit()));
            }
            if (count == -HostFiles.EAGAIN && (done == 0 || !device.nonblocking())) {
                if (!awaitOutput(call, device, done)) {
                    return done;
                }
                continue;
            }
            if (count < 0 && done > 0) {
                return done; // the next write reports it
            }
            done += Kernel.check(count);
            if (done < total && call.suspendRequested()) {
                return done;
            }
        }
        return done;
    }

    /// Waits until it takes bytes.
    ///
    /// @return false where the call must end with what is done
    private boolean awaitOutput(HostCall call, OpenDevice device, long done) {
        try {
            await(call, device, ReadyWatch.POLLOUT);
            return true;
        } catch (CallAgain e) {
            if (done == 0) {
                throw e;
            }
            return false;
        }
    }

    private boolean isReady(OpenDevice device, short events) {
        return wasi.files().ready(device.file(), events) != 0;
    }

    /// Waits until it can be read or written.
    private void await(HostCall call, OpenDevice device, short events) {
        if (device.nonblocking()) {
            throw new WasiError(Errno.AGAIN);
        }
        await(call, wasi, () -> isReady(device, events));
    }

    /// Whether something is as it is waited for; doesn't wait.
    interface Look {
        boolean isThere();
    }

    /// Waits for something that can't tell by itself that it has changed; ends the call where it is to stop.
    static void await(HostCall call, Wasi wasi, Look look) {
        LookAgain again = new LookAgain();
        try {
            Wait.End end = Wait.until(call, wasi.world().clocks(), new Wait.Goal() {
                @Override
                public boolean reached() {
                    return look.isThere();
                }

                @Override
                public void watch(Runnable changed) {
                    // No thread waits for a device: see LookAgain.
                }

                @Override
                public long nanosLeft() {
                    return again.nanos();
                }
            });
            if (end == Wait.End.STOP) {
                throw wasi.again(0);
            }
        } catch (IOException e) {
            throw new WasiError(Errno.IO);
        }
    }
}
