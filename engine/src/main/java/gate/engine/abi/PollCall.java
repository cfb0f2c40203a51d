// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

/// `poll_oneoff`: waits until at least one of some events is there.
///
/// Gate's reference 1.2, `poll_oneoff`, and 13.1b D13: stopped, it ends with success and no event.
///
/// Subscriptions stay in the program's memory, of which a list may be as large as it fits: they are gone
/// through at each look, without a copy, and that ends when the program is to stop. A program whose events
/// overwrite its subscriptions gets what it wrote.
final class PollCall implements PacketWait.Goal {
    private static final int SUBSCRIPTION_BYTES = 48;
    private static final int EVENT_BYTES = 32;

    private static final int CLOCK = 0;
    private static final int READ = 1;
    private static final int WRITE = 2;

    private static final int ABSOLUTE = 1;

    /// What a packet of any size has room for.
    private static final long PACKET_BYTES = 65_536;

    /// The real-time clock may be set: while something is waited for that it shows, it is looked at this
    /// often.
    private static final long REALTIME_LOOK_NANOS = TimeResolution.SECOND;

    private final AbiCall call;
    private final PacketStream packets;
    private final long subscriptions;
    private final long events;
    private final long count;
    private final long start;

    // What the last look found.
    private long found;
    private boolean stopped;
    private boolean waitsForReading;
    private boolean waitsForWriting;
    private long nanosLeft;

    private PollCall(AbiCall call) {
        this.call = call;
        this.packets = call.running().packets();
        this.subscriptions = call.u32(0);
        this.events = call.u32(1);
        this.count = call.u32(2);
        this.start = call.running().clock().elapsedNanos();
    }

    static Answer poll(AbiCall call) {
        boolean noLists = call.i32(2) != 0 && (call.i32(0) == 0 || call.i32(1) == 0);
        if (noLists || call.i32(3) == 0) {
            return Answer.FAULT;
        }
        return new PollCall(call).poll();
    }

    private Answer poll() {
        long result = call.u32(3);
        call.check(subscriptions, count * SUBSCRIPTION_BYTES);
        call.check(events, count * EVENT_BYTES);
        call.check(result, 4);
        if (asksForProcessorTime()) {
            return call.deficient("there are no clocks of processor time");
        }
        if (!stopped) {
            PacketWait.until(call, this);
        }
        call.storeInt(result, (int) found);
        return Answer.SUCCESS;
    }

    private boolean asksForProcessorTime() {
        for (long i = 0; i < count && !isStopped(i); i++) {
            long at = subscriptions + i * SUBSCRIPTION_BYTES;
            if (call.loadByte(at + 8) == CLOCK) {
                int clock = call.loadInt(at + 16);
                if (clock == ProcessCalls.PROCESS_CPU_TIME || clock == ProcessCalls.THREAD_CPU_TIME) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isStopped(long index) {
        if (Buffers.isLookDue(index) && call.stopRequested()) {
            stopped = true;
        }
        return stopped;
    }

    @Override
    public boolean reached() {
        found = 0;
        waitsForReading = false;
        waitsForWriting = false;
        nanosLeft = Long.MAX_VALUE;
        ProgramClock.Now now = call.running().clock().now();
        boolean readable = packets.readable();
        boolean writable = packets.writable();
        for (long i = 0; i < count && !isStopped(i); i++) {
            long at = subscriptions + i * SUBSCRIPTION_BYTES;
            int type = call.loadByte(at + 8);
            int subject = call.loadInt(at + 16);
            switch (type) {
                case CLOCK -> lookAtClock(at, subject, now);
                case READ -> lookAtReading(at, subject, readable);
                case WRITE -> lookAtWriting(at, subject, writable);
                default -> found(at, Answer.INVAL, 0);
            }
        }
        return found > 0 || stopped;
    }

    private void lookAtClock(long at, int clock, ProgramClock.Now now) {
        if (clock != ProcessCalls.REALTIME && clock != ProcessCalls.MONOTONIC) {
            found(at, Answer.INVAL, 0);
            return;
        }
        long timeout = call.loadLong(at + 24);
        boolean absolute = (call.loadShort(at + 40) & ABSOLUTE) != 0;
        long left;
        if (!absolute) {
            // Unsigned: what looks negative is longer than anything lasts.
            left = timeout < 0 ? Long.MAX_VALUE : timeout - (now.elapsed() - start);
        } else if (clock == ProcessCalls.MONOTONIC) {
            left = now.untilMonotonic(timeout);
        } else {
            left = now.untilRealtime(timeout);
            nanosLeft = Math.min(nanosLeft, REALTIME_LOOK_NANOS);
        }
        if (left <= 0) {
            found(at, Answer.SUCCESS, 0);
        }
        nanosLeft = Math.min(nanosLeft, left);
    }

    private void lookAtReading(long at, int descriptor, boolean readable) {
        if (descriptor != Descriptors.PACKETS) {
            found(at, Descriptors.refused(descriptor), 0);
        } else if (readable) {
            found(at, Answer.SUCCESS, PACKET_BYTES);
        } else {
            waitsForReading = true;
        }
    }

    private void lookAtWriting(long at, int descriptor, boolean writable) {
        switch (descriptor) {
            case Descriptors.PACKETS -> {
                if (writable) {
                    found(at, Answer.SUCCESS, PACKET_BYTES);
                } else {
                    waitsForWriting = true;
                }
            }
            case Descriptors.OUTPUT, Descriptors.ERROR -> found(at, Answer.SUCCESS, TransferCalls.LOG_WRITE_BYTES_MAX);
            default -> found(at, Descriptors.refused(descriptor), 0);
        }
    }

    /// Stores an event for the subscription at an address.
    private void found(long at, Answer errno, long bytes) {
        long event = events + found * EVENT_BYTES;
        long userData = call.loadLong(at);
        int type = call.loadByte(at + 8);
        call.storeLong(event, userData);
        call.storeLong(event + 8, 0);
        call.storeShort(event + 8, errno.code());
        call.storeByte(event + 10, type);
        call.storeLong(event + 16, bytes);
        call.storeLong(event + 24, 0);
        found++;
    }

    @Override
    public boolean readable() {
        return waitsForReading;
    }

    @Override
    public boolean writable() {
        return waitsForWriting;
    }

    @Override
    public long nanosLeft() {
        return nanosLeft;
    }
}
