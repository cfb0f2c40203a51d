// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// `fd_read` and `fd_write`: packet bytes at descriptor 4, and the debug log at 1 and 2.
final class TransferCalls {
    /// Bytes that the log takes between two looks at whether the program is to stop.
    private static final int LOG_PIECE_BYTES = 65_536;

    /// Bytes of one write to the log: what `poll_oneoff` says that it takes. Beyond it is short; without
    /// buffers that overlap, no memory has as many.
    static final int LOG_WRITE_BYTES_MAX = Integer.MAX_VALUE;

    private TransferCalls() {}

    private static boolean hasNull(AbiCall call) {
        boolean noList = call.i32(1) == 0 && call.i32(2) != 0;
        return noList || call.i32(3) == 0;
    }

    static Answer read(AbiCall call) {
        if (hasNull(call)) {
            return Answer.FAULT;
        }
        return switch (call.i32(0)) {
            case Descriptors.PACKETS -> packets(call, false);
            case Descriptors.INPUT, Descriptors.OUTPUT, Descriptors.ERROR -> Answer.PERM;
            default -> Answer.BADF;
        };
    }

    static Answer write(AbiCall call) {
        if (hasNull(call)) {
            return Answer.FAULT;
        }
        return switch (call.i32(0)) {
            case Descriptors.PACKETS -> packets(call, true);
            case Descriptors.OUTPUT, Descriptors.ERROR -> log(call);
            case Descriptors.INPUT -> Answer.PERM;
            default -> Answer.BADF;
        };
    }

    private static Answer packets(AbiCall call, boolean write) {
        long result = call.u32(3);
        call.check(result, 4);
        Buffers buffers = Buffers.of(call);
        if (!buffers.collect(call.u32(1), call.u32(2))) {
            return Answer.REPEAT;
        }
        PacketStream packets = call.running().packets();
        long moved = write ? buffers.write(packets) : buffers.read(packets);
        if (moved == 0 && !buffers.isEmpty()) {
            return Answer.AGAIN;
        }
        call.storeInt(result, (int) moved);
        return Answer.SUCCESS;
    }

    /// Writes all of the buffers, unless the program is to stop: then what has been written is the result.
    private static Answer log(AbiCall call) {
        long result = call.u32(3);
        long list = call.u32(1);
        long entries = call.u32(2);
        call.check(result, 4);
        call.check(list, entries * Buffers.ENTRY_BYTES);
        if (!checkAll(call, list, entries)) {
            return Answer.REPEAT;
        }
        long total = 0;
        long unlooked = 0;
        boolean stop = false;
        for (long i = 0; i < entries && !stop && total < LOG_WRITE_BYTES_MAX; i++) {
            stop = Buffers.isLookDue(i) && call.stopRequested();
            long address = call.loadU32(list + i * Buffers.ENTRY_BYTES);
            long length = call.loadU32(list + i * Buffers.ENTRY_BYTES + 4);
            long end = address + Math.min(length, LOG_WRITE_BYTES_MAX - total);
            while (address < end && !stop) {
                long piece = Math.min(end - address, LOG_PIECE_BYTES);
                call.running().log().write(call.slice(address, piece));
                address += piece;
                total += piece;
                unlooked += piece;
                if (unlooked >= LOG_PIECE_BYTES) {
                    unlooked = 0;
                    stop = call.stopRequested();
                }
            }
        }
        if (stop && total == 0) {
            return Answer.REPEAT;
        }
        call.storeInt(result, (int) total);
        return Answer.SUCCESS;
    }

    private static boolean checkAll(AbiCall call, long list, long entries) {
        for (long i = 0; i < entries; i++) {
            if (Buffers.isLookDue(i) && call.stopRequested()) {
                return false;
            }
            long length = call.loadU32(list + i * Buffers.ENTRY_BYTES + 4);
            if (length > 0) {
                call.check(call.loadU32(list + i * Buffers.ENTRY_BYTES), length);
            }
        }
        return true;
    }
}
