// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Arguments, of which there are none; environment, clocks and randomness.
final class ProcessCalls {
    static final int REALTIME = 0;
    static final int MONOTONIC = 1;
    static final int PROCESS_CPU_TIME = 2;
    static final int THREAD_CPU_TIME = 3;

    /// Always the same. Each begins at a multiple of eight.
    private static final List<String> ENVIRONMENT =
            List.of("GATE_ABI_VERSION=0", "GATE_FD=4", "GATE_MAX_SEND_SIZE=65536");

    private static final byte[] ENVIRONMENT_BYTES = environmentBytes();

    private ProcessCalls() {}

    private static int environmentSize(String variable) {
        return variable.length() + 1 + 7 & ~7;
    }

    private static byte[] environmentBytes() {
        byte[] bytes = new byte
                [ENVIRONMENT.stream().mapToInt(ProcessCalls::environmentSize).sum()];
        int offset = 0;
        for (String variable : ENVIRONMENT) {
            byte[] ascii = variable.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(ascii, 0, bytes, offset, ascii.length);
            offset += environmentSize(variable);
        }
        return bytes;
    }

    static Answer argumentsSizes(AbiCall call) {
        return twoNumbers(call, 0, 0);
    }

    static Answer environmentSizes(AbiCall call) {
        return twoNumbers(call, ENVIRONMENT.size(), ENVIRONMENT_BYTES.length);
    }

    private static Answer twoNumbers(AbiCall call, int first, int second) {
        if (call.i32(0) == 0 || call.i32(1) == 0) {
            return Answer.FAULT;
        }
        call.check(call.u32(0), 4);
        call.check(call.u32(1), 4);
        call.storeInt(call.u32(0), first);
        call.storeInt(call.u32(1), second);
        return Answer.SUCCESS;
    }

    static Answer environment(AbiCall call) {
        long pointers = call.u32(0);
        long strings = call.u32(1);
        if (pointers == 0 || strings == 0) {
            return Answer.FAULT;
        }
        call.check(pointers, 4L * ENVIRONMENT.size());
        call.check(strings, ENVIRONMENT_BYTES.length);
        call.storeBytes(strings, ENVIRONMENT_BYTES);
        long string = strings;
        for (int i = 0; i < ENVIRONMENT.size(); i++) {
            call.storeInt(pointers + 4L * i, (int) string);
            string += environmentSize(ENVIRONMENT.get(i));
        }
        return Answer.SUCCESS;
    }

    static Answer clockResolution(AbiCall call) {
        long result = call.u32(1);
        if (result == 0) {
            return Answer.FAULT;
        }
        return switch (call.i32(0)) {
            case REALTIME, MONOTONIC, PROCESS_CPU_TIME, THREAD_CPU_TIME -> {
                call.storeLong(result, call.running().clock().resolution().reportedNanos());
                yield Answer.SUCCESS;
            }
            default -> Answer.INVAL;
        };
    }

    /// The precision asked for makes no difference: there is one clock of each kind, as coarse as the
    /// policy says.
    static Answer clockTime(AbiCall call) {
        long result = call.u32(2);
        if (result == 0) {
            return Answer.FAULT;
        }
        return switch (call.i32(0)) {
            case REALTIME -> {
                call.storeLong(result, call.running().clock().realtimeNanos());
                yield Answer.SUCCESS;
            }
            case MONOTONIC -> {
                call.storeLong(result, call.running().clock().monotonicNanos());
                yield Answer.SUCCESS;
            }
            case PROCESS_CPU_TIME, THREAD_CPU_TIME -> call.deficient("there are no clocks of processor time");
            default -> Answer.INVAL;
        };
    }

    /// What there is of the random bytes is written also where it isn't enough.
    static Answer random(AbiCall call) {
        long buffer = call.u32(0);
        long length = call.u32(1);
        if (length == 0) {
            return Answer.SUCCESS;
        }
        if (buffer == 0) {
            return Answer.FAULT;
        }
        int count = (int) Math.min(length, call.running().randomBytesLeft());
        call.check(buffer, count);
        call.storeBytes(buffer, call.running().takeRandom(count));
        return count == length ? Answer.SUCCESS : call.deficient("there are no more random bytes");
    }
}
