// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

import gate.engine.runtime.Memory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `poll_oneoff`: waits until at least one of some streams and times is there.
///
/// Stopped, it remembers how long it has waited and goes on with what remains, maybe in another process: time
/// during which the guest is stopped doesn't count for a timeout, but does for a moment given by the real-time
/// clock.
final class PollCall {
    private static final int SUBSCRIPTION_BYTES = 48;
    private static final int EVENT_BYTES = 32;

    private static final int CLOCK = 0;
    private static final int FD_READ = 1;
    private static final int FD_WRITE = 2;

    private static final int ABSTIME = 1;
    private static final int HANGUP = 1;

    /// What a ready output or file is said to take. None can be asked; any number above 0 is right for most.
    private static final long WRITABLE_BYTES = 4096;

    private final Wasi wasi;

    PollCall(Wasi wasi) {
        this.wasi = wasi;
    }

    /// Witx `$subscription`.
    ///
    /// @param subject a clock or a descriptor
    private record Subscription(long userData, int type, int subject, long timeout, int flags) {
        static Subscription read(Memory memory, long address) {
            int type = Byte.toUnsignedInt(memory.loadByte(address + 8));
            if (type > FD_WRITE) {
                throw new WasiError(Errno.INVAL);
            }
            long timeout = type == CLOCK ? memory.loadLong(address + 24) : 0;
            int flags = type == CLOCK ? Short.toUnsignedInt(memory.loadShort(address + 40)) : 0;
            return new Subscription(memory.loadLong(address), type, memory.loadInt(address + 16), timeout, flags);
        }

        boolean absolute() {
            return (flags & ABSTIME) != 0;
        }
    }

    /// Witx `$event`.
    private record Event(Subscription subscription, Errno errno, long bytes, int flags) {
        void store(Guest guest, long address) {
            guest.storeLong(address, subscription.userData());
            guest.storeLong(address + 8, 0);
            guest.storeShort(address + 8, errno.code());
            guest.storeByte(address + 10, subscription.type());
            guest.storeLong(address + 16, bytes);
            guest.storeLong(address + 24, flags);
        }
    }

    void poll(Guest guest) {
        long in = guest.u32(0);
        long out = guest.u32(1);
        long count = guest.u32(2);
        long result = guest.u32(3);
        if (count == 0 || count > WasiLimits.SUBSCRIPTIONS_MAX) {
            throw new WasiError(Errno.INVAL);
        }
        Memory memory = guest.check(in, count * SUBSCRIPTION_BYTES);
        guest.check(out, count * EVENT_BYTES);
        guest.check(result, 4);
        List<Subscription> subscriptions = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            subscriptions.add(Subscription.read(memory, in + i * SUBSCRIPTION_BYTES));
        }
        Polling polling = new Polling(subscriptions, wasi.monotonicNanos() - wasi.progress());
        try {
            if (Wait.until(guest.call(), wasi.world().clocks(), polling) == Wait.End.STOP) {
                throw wasi.again(wasi.monotonicNanos() - polling.start);
            }
        } catch (IOException e) {
            throw new WasiError(Errno.IO);
        }
        for (int i = 0; i < polling.events.size(); i++) {
            polling.events.get(i).store(guest, out + (long) i * EVENT_BYTES);
        }
        guest.storeInt(result, polling.events.size());
    }

    private final class Polling implements Wait.Goal {
        private final List<Subscription> subscriptions;
        private final long start;
        private final List<Event> events = new ArrayList<>();
        private final LookAgain lookAgain = new LookAgain();

        /// @param start when the wait began, by the guest's monotonic clock, had it not been stopped
        Polling(List<Subscription> subscriptions, long start) {
            this.subscriptions = subscriptions;
            this.start = start;
        }

        @Override
        public boolean reached() {
            events.clear();
            for (Subscription subscription : subscriptions) {
                switch (subscription.type()) {
                    case CLOCK -> lookAtClock(subscription);
                    case FD_READ -> lookAtInput(subscription);
                    default -> lookAtOutput(subscription);
                }
            }
            return !events.isEmpty();
        }

        @Override
        public void watch(Runnable changed) {
            for (Subscription subscription : subscriptions) {
                if (subscription.type() != CLOCK
                        && wasi.table().all().get(subscription.subject()) instanceof StandardStream stream) {
                    switch (stream.stream()) {
                        case 0 -> wasi.input().whenReady(changed);
                        case 1 -> wasi.world().output().whenWritable(changed);
                        default -> wasi.world().error().whenWritable(changed);
                    }
                }
            }
        }

        @Override
        public long nanosLeft() {
            long least = Long.MAX_VALUE;
            boolean devices = false;
            for (Subscription subscription : subscriptions) {
                if (subscription.type() == CLOCK) {
                    least = Math.min(least, nanosLeft(subscription));
                } else {
                    devices |= wasi.table().all().get(subscription.subject()) instanceof OpenDevice;
                }
            }
            if (devices) {
                least = Math.min(least, lookAgain.nanos());
            }
            return least;
        }

        private long nanosLeft(Subscription subscription) {
            long timeout = subscription.timeout();
            if (timeout < 0) {
                // Unsigned, and longer than anything lasts.
                return Long.MAX_VALUE;
            }
            if (!subscription.absolute()) {
                return timeout - (wasi.monotonicNanos() - start);
            }
            return subscription.subject() == ProcessCalls.CLOCK_REALTIME
                    ? timeout - wasi.world().clocks().realtimeNanos()
                    : timeout - wasi.monotonicNanos();
        }

        private void lookAtClock(Subscription subscription) {
            switch (subscription.subject()) {
                case ProcessCalls.CLOCK_REALTIME, ProcessCalls.CLOCK_MONOTONIC -> {
                    if (nanosLeft(subscription) <= 0) {
                        events.add(new Event(subscription, Errno.SUCCESS, 0, 0));
                    }
                }
                // It stands still while the guest waits.
                case ProcessCalls.CLOCK_PROCESS_CPUTIME, ProcessCalls.CLOCK_THREAD_CPUTIME ->
                    events.add(new Event(subscription, Errno.NOTSUP, 0, 0));
                default -> events.add(new Event(subscription, Errno.INVAL, 0, 0));
            }
        }

        private static Errno refused(@Nullable Descriptor descriptor, long access) {
            if (descriptor == null || !descriptor.may(access)) {
                return Errno.BADF;
            }
            return descriptor.may(Rights.POLL_FD_READWRITE) ? Errno.SUCCESS : Errno.NOTCAPABLE;
        }

        private void lookAtInput(Subscription subscription) {
            Descriptor descriptor = wasi.table().all().get(subscription.subject());
            Errno refused = refused(descriptor, Rights.FD_READ);
            if (descriptor == null || refused != Errno.SUCCESS) {
                events.add(new Event(subscription, refused, 0, 0));
                return;
            }
            try {
                switch (descriptor) {
                    case StandardStream _ -> {
                        int available = wasi.input().available();
                        if (available == StreamInput.END) {
                            events.add(new Event(subscription, Errno.SUCCESS, 0, HANGUP));
                        } else if (available > 0) {
                            events.add(new Event(subscription, Errno.SUCCESS, available, 0));
                        }
                    }
                    case OpenFile file -> {
                        long rest = file.stat(wasi.files()).size() - file.position();
                        events.add(new Event(subscription, Errno.SUCCESS, Math.max(rest, 0), 0));
                    }
                    case OpenDevice device -> {
                        int ready = wasi.files().ready(device.file(), ReadyWatch.POLLIN);
                        if (ready != 0) {
                            boolean bytes = (ready & ReadyWatch.POLLIN) != 0;
                            boolean hangup = (ready & ReadyWatch.POLLHUP) != 0;
                            events.add(new Event(subscription, Errno.SUCCESS, bytes ? 1 : 0, hangup ? HANGUP : 0));
                        }
                    }
                    case OpenDirectory _ -> events.add(new Event(subscription, Errno.BADF, 0, 0));
                }
            } catch (IOException e) {
                events.add(new Event(subscription, Errno.IO, 0, 0));
            }
        }

        private void lookAtOutput(Subscription subscription) {
            Descriptor descriptor = wasi.table().all().get(subscription.subject());
            Errno refused = refused(descriptor, Rights.FD_WRITE);
            if (descriptor == null || refused != Errno.SUCCESS) {
                events.add(new Event(subscription, refused, 0, 0));
                return;
            }
            try {
                boolean writable = switch (descriptor) {
                    case StandardStream stream ->
                        stream.stream() == 1
                                ? wasi.world().output().writable()
                                : wasi.world().error().writable();
                    case OpenDevice device -> wasi.files().ready(device.file(), ReadyWatch.POLLOUT) != 0;
                    case OpenFile _, OpenDirectory _ -> true;
                };
                if (writable) {
                    events.add(new Event(subscription, Errno.SUCCESS, WRITABLE_BYTES, 0));
                }
            } catch (IOException e) {
                events.add(new Event(subscription, Errno.IO, 0, 0));
            }
        }
    }
}
