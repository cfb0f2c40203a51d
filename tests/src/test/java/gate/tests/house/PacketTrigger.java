// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import gate.contract.packet.Packet;
import gate.contract.packet.PacketPort;
import gate.contract.packet.PacketViolation;
import gate.engine.snapshot.Buffers;
import gate.executor.host.instance.GateInstance;
import gate.executor.host.instance.InstanceServices;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Suspends a program when so many packets have passed its port, counted in both directions; half of the times, no
/// packet of the program is taken any more some moments before, so that its packets are left where they are.
/// Thread-safe.
final class PacketTrigger implements InstanceServices {
    private static final long HOLD_MILLIS = 20;
    private static final int DELAY_MICROS_MAX = 1500;

    private final InstanceServices services;
    private final int packets;
    private final boolean holding;
    private final int delayMicros;
    private int count;
    private @Nullable GateInstance instance;
    private @Nullable Runnable held;
    private boolean released;

    /// @param packets 0 for never
    PacketTrigger(InstanceServices services, int packets, SplittableRandom random) {
        this.services = services;
        this.packets = packets;
        this.holding = random.nextBoolean();
        this.delayMicros = random.nextInt(DELAY_MICROS_MAX);
    }

    @Override
    public Run begin(PacketPort port, List<Buffers.ServiceState> restored) {
        return services.begin(new CountingPort(port), restored);
    }

    void arm(GateInstance launched) {
        boolean due;
        synchronized (this) {
            instance = launched;
            due = isDue();
        }
        if (due) {
            fire(launched);
        }
    }

    synchronized int count() {
        return count;
    }

    private void passed() {
        GateInstance target;
        synchronized (this) {
            count++;
            target = count == packets ? instance : null;
        }
        if (target != null) {
            fire(target);
        }
    }

    private boolean isDue() {
        return packets > 0 && count >= packets;
    }

    private void fire(GateInstance target) {
        if (holding) {
            Thread.ofVirtual().start(() -> later(target));
        } else {
            target.suspend();
        }
    }

    private void later(GateInstance target) {
        try {
            TimeUnit.MICROSECONDS.sleep(delayMicros);
            target.suspend();
            Thread.sleep(HOLD_MILLIS);
            release(); // where it has come to its end before
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        Runnable taker;
        synchronized (this) {
            released = true;
            taker = held;
        }
        if (taker != null) {
            taker.run();
        }
    }

    private synchronized boolean holds(Runnable taker) {
        boolean holds = holding && isDue() && !released;
        if (holds) {
            held = taker;
        }
        return holds;
    }

    private final class CountingPort implements PacketPort {
        private final PacketPort port;

        CountingPort(PacketPort port) {
            this.port = port;
        }

        @Override
        public @Nullable Packet poll(Runnable next) {
            if (holds(next)) {
                return null;
            }
            Packet packet = port.poll(next);
            if (packet != null) {
                passed();
            }
            return packet;
        }

        @Override
        public void send(Packet packet) throws InterruptedException {
            passed();
            port.send(packet);
        }

        @Override
        public void sendNow(Packet packet) {
            passed();
            port.sendNow(packet);
        }

        @Override
        public boolean isOpen() {
            return port.isOpen();
        }

        @Override
        public void violated(PacketViolation violation) {
            port.violated(violation);
        }

        @Override
        public void failed(String text) {
            port.failed(text);
        }
    }
}
