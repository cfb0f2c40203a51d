// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// The descriptors that exist, always, and the calls that can only be refused. There are no files.
final class Descriptors {
    /// Standard input, which can't be read.
    static final int INPUT = 0;

    /// Standard output and error: the debug log.
    static final int OUTPUT = 1;

    static final int ERROR = 2;

    /// The packet channel.
    static final int PACKETS = 4;

    private static final int FDSTAT_BYTES = 24;
    private static final int FLAG_NONBLOCK = 4;
    private static final long RIGHT_READ = 1L << 1;
    private static final long RIGHT_WRITE = 1L << 6;

    private Descriptors() {}

    static boolean exists(int descriptor) {
        return switch (descriptor) {
            case INPUT, OUTPUT, ERROR, PACKETS -> true;
            default -> false;
        };
    }

    /// `gate.fd_N`.
    static Answer packetDescriptor(AbiCall call) {
        call.host().result(0, PACKETS);
        return Answer.SUCCESS;
    }

    /// What can't be done with any descriptor.
    static Answer refused(int descriptor) {
        return exists(descriptor) ? Answer.PERM : Answer.BADF;
    }

    static Answer refused(int one, int other) {
        return exists(one) && exists(other) ? Answer.PERM : Answer.BADF;
    }

    static Answer close(AbiCall call) {
        return exists(call.i32(0)) ? call.deficient("a standard descriptor can't be closed") : Answer.BADF;
    }

    static Answer renumber(AbiCall call) {
        int from = call.i32(0);
        int to = call.i32(1);
        if (!exists(from) || !exists(to)) {
            return Answer.BADF;
        }
        return from == to ? Answer.SUCCESS : call.deficient("a standard descriptor can't be replaced");
    }

    private static long rights(int descriptor) {
        return switch (descriptor) {
            case OUTPUT, ERROR -> RIGHT_WRITE;
            case PACKETS -> RIGHT_READ | RIGHT_WRITE;
            default -> 0;
        };
    }

    static Answer status(AbiCall call) {
        int descriptor = call.i32(0);
        long result = call.u32(1);
        if (result == 0) {
            return Answer.FAULT;
        }
        if (!exists(descriptor)) {
            return Answer.BADF;
        }
        call.check(result, FDSTAT_BYTES);
        call.storeLong(result, 0);
        call.storeShort(result + 2, descriptor == PACKETS ? FLAG_NONBLOCK : 0);
        call.storeLong(result + 8, rights(descriptor));
        call.storeLong(result + 16, 0);
        return Answer.SUCCESS;
    }

    static Answer setRights(AbiCall call) {
        int descriptor = call.i32(0);
        long wanted = call.i64(1);
        if (call.i64(2) != 0) {
            return Answer.NOTCAPABLE;
        }
        if (!exists(descriptor)) {
            return Answer.BADF;
        }
        long rights = rights(descriptor);
        if (wanted == rights) {
            return Answer.SUCCESS;
        }
        return (wanted & ~rights) != 0 ? Answer.NOTCAPABLE : call.deficient("rights can't be given up");
    }

    static Answer directoryName(AbiCall call) {
        if (call.i32(1) == 0 && call.i32(2) != 0) {
            return Answer.FAULT;
        }
        return exists(call.i32(0)) ? Answer.INVAL : Answer.BADF;
    }

    static Answer socketReceive(AbiCall call) {
        int descriptor = call.i32(0);
        return descriptor == PACKETS ? Answer.NOTSOCK : refused(descriptor);
    }

    static Answer socketSend(AbiCall call) {
        int descriptor = call.i32(0);
        return exists(descriptor) && descriptor != INPUT ? Answer.NOTSOCK : refused(descriptor);
    }
}
