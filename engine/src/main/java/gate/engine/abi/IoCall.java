// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// `gate.io_N`: sends and receives packet bytes, after waiting for either.
///
/// Gate's reference 1.2, "Gate functions". Stopped during a wait without an end, it is made again. A wait
/// with an end isn't: it would begin anew at each stop, and never end for a program that is stopped often.
/// It ends with nothing transferred, and the program, which has to expect that, calls again for the time
/// that is left by its clock.
final class IoCall {
    /// A shorter time is no time.
    private static final long TIMEOUT_LEAST_NANOS = 1000;

    /// Bit of the resulting flags: started or resumed since they were last asked for.
    private static final int STARTED = 1;

    private IoCall() {}

    static Answer io(AbiCall call) {
        long received = call.u32(2);
        long sent = call.u32(5);
        long flags = call.u32(7);
        checkUnlessNull(call, received, 4);
        checkUnlessNull(call, sent, 4);
        checkUnlessNull(call, flags, 8);
        Buffers receive = Buffers.of(call);
        Buffers send = Buffers.of(call);
        if (!receive.collect(call.u32(0), call.u32(1)) || !send.collect(call.u32(3), call.u32(4))) {
            return Answer.REPEAT;
        }
        PacketStream packets = call.running().packets();
        boolean reading = true;
        boolean writing = true;
        long timeout = call.i64(6);
        boolean transfers = !send.isEmpty() || !receive.isEmpty();
        if (timeout < 0 || timeout >= TIMEOUT_LEAST_NANOS || !transfers) {
            Goal goal = new Goal(call.running(), !send.isEmpty(), timeout);
            if (timeout < 0 && !goal.reached() && packets.defers(goal.writable())) {
                return Answer.REPEAT;
            }
            if (!PacketWait.until(call, goal) && timeout < 0) {
                return Answer.REPEAT;
            }
            reading = packets.readable();
            writing = packets.writable();
        }
        long sentBytes = writing ? send.write(packets) : 0;
        long receivedBytes = reading ? receive.read(packets) : 0;
        if (sent != 0) {
            call.storeInt(sent, (int) sentBytes);
        }
        if (received != 0) {
            call.storeInt(received, (int) receivedBytes);
        }
        if (flags != 0) {
            call.storeLong(flags, call.running().takeStarted() ? STARTED : 0);
        }
        return Answer.SUCCESS;
    }

    private static void checkUnlessNull(AbiCall call, long address, long length) {
        if (address != 0) {
            call.check(address, length);
        }
    }

    private static final class Goal implements PacketWait.Goal {
        private final PacketStream packets;
        private final ProgramClock clock;
        private final boolean sending;
        private final long nanos;
        private final long start;

        Goal(Running running, boolean sending, long timeout) {
            this.packets = running.packets();
            this.clock = running.clock();
            this.sending = sending;
            this.nanos = timeout < 0 ? Long.MAX_VALUE : clock.resolution().floor(timeout);
            this.start = clock.elapsedNanos();
        }

        @Override
        public boolean reached() {
            return packets.readable() || sending && packets.writable() || nanosLeft() <= 0;
        }

        @Override
        public boolean readable() {
            return true;
        }

        @Override
        public boolean writable() {
            return sending;
        }

        @Override
        public long nanosLeft() {
            return nanos == Long.MAX_VALUE ? nanos : nanos - (clock.elapsedNanos() - start);
        }
    }
}
