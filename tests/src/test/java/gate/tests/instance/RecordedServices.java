// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import gate.contract.packet.Packet;
import gate.contract.packet.PacketPort;
import gate.engine.snapshot.Buffers;
import gate.executor.host.instance.InstanceServices;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Services that keep what a program sends, for a test to look at. What they do, they do on the program's thread,
/// inside
/// the call that sends.
class RecordedServices implements InstanceServices, InstanceServices.Run {
    private final BlockingQueue<byte[]> packets = new LinkedBlockingQueue<>();
    private final Runnable whenReceived;
    private volatile @Nullable PacketPort port;

    RecordedServices() {
        this(() -> {});
    }

    /// @param whenReceived is done after each packet
    RecordedServices(Runnable whenReceived) {
        this.whenReceived = whenReceived;
    }

    PacketPort port() {
        return Objects.requireNonNull(port);
    }

    /// The next packet, waited for.
    byte[] received() throws InterruptedException {
        return packets.take();
    }

    @Override
    public Run begin(PacketPort given, List<Buffers.ServiceState> restored) {
        port = given;
        take();
        return this;
    }

    private void take() {
        for (Packet packet = port().poll(this::take); packet != null; packet = port().poll(this::take)) {
            packets.add(Arrays.copyOf(packet.array(), packet.size()));
            whenReceived.run();
        }
    }

    @Override
    public List<Buffers.ServiceState> suspend() throws InterruptedException {
        return List.of();
    }

    @Override
    public void shutdown() {}
}
