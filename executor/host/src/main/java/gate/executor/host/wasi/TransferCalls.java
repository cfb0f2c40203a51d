// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.runtime.HostCall;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// `fd_read`, `fd_write`, `fd_pread` and `fd_pwrite`.
///
/// A transfer of more than [WasiLimits#TRANSFER_CHUNK_BYTES] is made in pieces; when the execution is to stop,
/// it ends after one and reports a short count. So does one that fails after some pieces: the error is reported
/// by the next.
final class TransferCalls {
    /// Bytes of standard output gathered from a guest's buffers, so that a line in two of them is written in
    /// one piece.
    private static final int GATHER_BYTES = 65_536;

    private final Wasi wasi;
    private final DeviceCalls devices;

    TransferCalls(Wasi wasi) {
        this.wasi = wasi;
        this.devices = new DeviceCalls(wasi);
    }

    void read(Guest guest) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        long result = guest.u32(3);
        requireReadable(descriptor);
        guest.check(result, 4);
        MemorySegment[] buffers = guest.buffers(1);
        long count = switch (descriptor) {
            case StandardStream stream -> readStream(guest.call(), stream, buffers);
            case OpenFile file -> {
                long read = readFile(guest.call(), file, buffers, file.position());
                file.position(file.position() + read);
                yield read;
            }
            case OpenDevice device -> devices.read(guest.call(), device, buffers);
            case OpenDirectory _ -> throw new WasiError(Errno.ISDIR);
        };
        guest.storeInt(result, (int) count);
    }

    void readAt(Guest guest) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        long result = guest.u32(4);
        requireReadable(descriptor);
        guest.check(result, 4);
        MemorySegment[] buffers = guest.buffers(1);
        OpenFile file = wasi.table().file(guest.i32(0), Rights.FD_SEEK, Errno.SPIPE);
        guest.storeInt(result, (int) readFile(guest.call(), file, buffers, guest.position(3)));
    }

    void write(Guest guest) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        long result = guest.u32(3);
        requireWritable(descriptor);
        guest.check(result, 4);
        MemorySegment[] buffers = guest.buffers(1);
        long count = switch (descriptor) {
            case StandardStream stream -> writeStream(guest.call(), stream, buffers);
            case OpenFile file -> writeFile(guest.call(), file, buffers);
            case OpenDevice device -> devices.write(guest.call(), device, buffers);
            case OpenDirectory _ -> throw new WasiError(Errno.BADF);
        };
        guest.storeInt(result, (int) count);
    }

    void writeAt(Guest guest) {
        Descriptor descriptor = wasi.table().get(guest.i32(0));
        long result = guest.u32(4);
        requireWritable(descriptor);
        guest.check(result, 4);
        MemorySegment[] buffers = guest.buffers(1);
        OpenFile file = wasi.table().file(guest.i32(0), Rights.FD_SEEK, Errno.SPIPE);
        long position = guest.position(3);
        HostFiles files = wasi.files();
        boolean append = (file.flags() & Descriptor.APPEND) != 0;
        if (append) {
            // Linux's pwrite appends to such a file whatever the position (its BUGS section); POSIX's doesn't.
            files.setAppend(file.file(), false);
        }
        try {
            long count =
                    transfer(guest.call(), buffers, (piece, done) -> files.write(file.file(), piece, position + done));
            guest.storeInt(result, (int) count);
        } finally {
            if (append) {
                files.setAppend(file.file(), true);
            }
        }
    }

    private static void requireReadable(Descriptor descriptor) {
        if (descriptor instanceof OpenDirectory) {
            throw new WasiError(Errno.ISDIR);
        }
        if (!descriptor.may(Rights.FD_READ)) {
            throw new WasiError(Errno.BADF);
        }
    }

    private static void requireWritable(Descriptor descriptor) {
        if (!descriptor.may(Rights.FD_WRITE)) {
            throw new WasiError(Errno.BADF);
        }
    }

    private long readFile(HostCall call, OpenFile file, MemorySegment[] buffers, long position) {
        HostFiles files = wasi.files();
        return transfer(call, buffers, (piece, done) -> files.read(file.file(), piece, position + done));
    }

    private long writeFile(HostCall call, OpenFile file, MemorySegment[] buffers) {
        HostFiles files = wasi.files();
        if ((file.flags() & Descriptor.APPEND) != 0) {
            long count = transfer(call, buffers, (piece, _) -> files.append(file.file(), piece));
            if (count > 0) {
                file.position(files.position(file.file()));
            }
            return count;
        }
        long position = file.position();
        long count = transfer(call, buffers, (piece, done) -> files.write(file.file(), piece, position + done));
        file.position(position + count);
        return count;
    }

    /// One system call of a transfer.
    private interface Step {
        /// @param done bytes moved before
        /// @return bytes moved now; fewer than the piece has at the end of a file or device
        long move(MemorySegment piece, long done);
    }

    private static long transfer(HostCall call, MemorySegment[] buffers, Step step) {
        long done = 0;
        long sinceLook = 0;
        for (MemorySegment buffer : buffers) {
            long at = 0;
            while (at < buffer.byteSize()) {
                if (sinceLook >= WasiLimits.TRANSFER_CHUNK_BYTES) {
                    if (call.suspendRequested()) {
                        return done;
                    }
                    sinceLook = 0;
                }
                long length = Math.min(buffer.byteSize() - at, WasiLimits.TRANSFER_CHUNK_BYTES);
                long moved;
                try {
                    moved = step.move(buffer.asSlice(at, length), done);
                } catch (WasiError e) {
                    if (done == 0) {
                        throw e;
                    }
                    return done;
                }
                done += moved;
                at += moved;
                sinceLook += moved;
                if (moved < length) {
                    return done;
                }
            }
        }
        return done;
    }

    private long readStream(HostCall call, StandardStream stream, MemorySegment[] buffers) {
        if (!stream.isInput()) {
            throw new WasiError(Errno.BADF);
        }
        GuestInput input = wasi.input();
        long room = size(buffers);
        if (room == 0) {
            return 0;
        }
        try {
            while (true) {
                if (input.available() == 0) {
                    awaitInput(call, stream, input);
                }
                // Readiness can be a false alarm: then wait again.
                int count = readAvailable(input, buffers);
                if (count != 0) {
                    return Math.max(count, 0);
                }
            }
        } catch (IOException e) {
            throw new WasiError(errno(e));
        }
    }

    private void awaitInput(HostCall call, StandardStream stream, GuestInput input) throws IOException {
        if (stream.nonblocking()) {
            throw new WasiError(Errno.AGAIN);
        }
        Wait.End end = Wait.until(call, wasi.world().clocks(), new Wait.Goal() {
            @Override
            public boolean reached() throws IOException {
                return input.available() != 0;
            }

            @Override
            public void watch(Runnable changed) {
                input.whenReady(changed);
            }

            @Override
            public long nanosLeft() {
                return Long.MAX_VALUE;
            }
        });
        if (end == Wait.End.STOP) {
            throw wasi.again(0);
        }
    }

    /// Reads what is there without waiting.
    ///
    /// @return the number of bytes, or [StreamInput#END]
    private static int readAvailable(GuestInput input, MemorySegment[] buffers) throws IOException {
        int done = 0;
        for (MemorySegment buffer : buffers) {
            long at = 0;
            while (at < buffer.byteSize()) {
                if (done > 0 && (done >= WasiLimits.TRANSFER_CHUNK_BYTES || input.available() <= 0)) {
                    return done;
                }
                long length = Math.min(buffer.byteSize() - at, WasiLimits.TRANSFER_CHUNK_BYTES);
                ByteBuffer target = buffer.asSlice(at, length).asByteBuffer();
                int count = input.read(target);
                if (count <= 0) {
                    return done > 0 ? done : count;
                }
                done += count;
                at += count;
            }
        }
        return done;
    }

    private long writeStream(HostCall call, StandardStream stream, MemorySegment[] buffers) {
        if (stream.isInput()) {
            throw new WasiError(Errno.BADF);
        }
        StreamOutput output =
                stream.stream() == 1 ? wasi.world().output() : wasi.world().error();
        long total = size(buffers);
        long done = 0;
        ByteBuffer gathered = ByteBuffer.allocate((int) Math.min(total, GATHER_BYTES));
        try {
            while (done < total) {
                gather(buffers, done, gathered);
                while (gathered.hasRemaining()) {
                    int count = output.write(gathered);
                    done += count;
                    if (count == 0 && !awaitOutput(call, stream, output, done)) {
                        return done;
                    }
                }
                if (done < total && call.suspendRequested()) {
                    return done;
                }
            }
        } catch (IOException e) {
            if (done == 0) {
                throw new WasiError(errno(e));
            }
        }
        return done;
    }

    /// Fills `gathered` with the bytes that follow the first `from`.
    static void gather(MemorySegment[] buffers, long from, ByteBuffer gathered) {
        gathered.clear();
        long skip = from;
        for (MemorySegment buffer : buffers) {
            if (skip >= buffer.byteSize()) {
                skip -= buffer.byteSize();
                continue;
            }
            long length = Math.min(buffer.byteSize() - skip, gathered.remaining());
            gathered.put(buffer.asSlice(skip, length).asByteBuffer());
            skip = 0;
            if (!gathered.hasRemaining()) {
                break;
            }
        }
        gathered.flip();
    }

    /// Waits until the stream takes bytes.
    ///
    /// @return false where the call must end with what is done
    private boolean awaitOutput(HostCall call, StandardStream stream, StreamOutput output, long done)
            throws IOException {
        if (stream.nonblocking()) {
            if (done == 0) {
                throw new WasiError(Errno.AGAIN);
            }
            return false;
        }
        Wait.End end = Wait.until(call, wasi.world().clocks(), new Wait.Goal() {
            @Override
            public boolean reached() throws IOException {
                return output.writable();
            }

            @Override
            public void watch(Runnable changed) {
                output.whenWritable(changed);
            }

            @Override
            public long nanosLeft() {
                return Long.MAX_VALUE;
            }
        });
        if (end == Wait.End.STOP && done == 0) {
            throw wasi.again(0);
        }
        return end == Wait.End.READY;
    }

    static long size(MemorySegment[] buffers) {
        long size = 0;
        for (MemorySegment buffer : buffers) {
            size += buffer.byteSize();
        }
        return size;
    }

    /// By the text of Linux's error, which is all the JDK gives.
    private static Errno errno(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("Broken pipe")) {
            return Errno.PIPE;
        }
        if (message.contains("No space left")) {
            return Errno.NOSPC;
        }
        return message.contains("Bad file descriptor") ? Errno.BADF : Errno.IO;
    }
}
