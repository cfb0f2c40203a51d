// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import gate.contract.packet.Packet;
import gate.server.grpc.wire.InstanceGrpc;
import gate.server.grpc.wire.ReceiveRequest;
import gate.server.grpc.wire.ShutdownRequest;
import gate.server.grpc.wire.SnapshotRequest;
import gate.server.grpc.wire.SuspendRequest;
import gate.server.service.ProgramLink;
import gate.server.service.ServiceInstance;
import io.grpc.StatusException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One program's instance of a service in another process. It has been made there already.
final class RemoteInstance implements ServiceInstance {
    private final Connection connection;
    private final String service;
    private final ByteString id;
    private @Nullable PacketReceiver receiver;
    private @Nullable PacketForwarder forwarder;

    RemoteInstance(Connection connection, String service, ByteString id) {
        this.connection = connection;
        this.service = service;
        this.id = id;
    }

    /// The process may send from here on; the program is given nothing yet.
    @Override
    public void ready() {
        receiver = new PacketReceiver(
                service,
                connection
                        .streams()
                        .receive(ReceiveRequest.newBuilder().setId(id).build()));
    }

    @Override
    public void start(ProgramLink link) {
        PacketReceiver packets = received();
        packets.begin(link);
        PacketForwarder forwarding = new PacketForwarder(
                service, id, connection, packets::isBlocked, failure -> link.failed(failure.text()));
        forwarder = forwarding;
        forwarding.begin();
    }

    private PacketReceiver received() {
        PacketReceiver packets = receiver;
        if (packets == null) {
            throw new IllegalStateException("the instance isn't ready");
        }
        return packets;
    }

    @Override
    public @Nullable Packet handle(Packet packet) throws InterruptedException {
        PacketForwarder forwarding = forwarder;
        if (forwarding == null) {
            throw new IllegalStateException("the instance isn't started");
        }
        forwarding.forward(packet);
        return null;
    }

    @Override
    public byte[] suspend() throws InterruptedException {
        if (receiver == null) {
            ready();
        }
        PacketReceiver packets = received();
        List<ByteString> incoming = forwarder == null ? List.of() : forwarder.stop();
        packets.keep();
        try {
            Empty _ = calls().suspend(SuspendRequest.newBuilder().setId(id).build());
            List<ByteString> outgoing = packets.drained(connection.limits().drainNanos());
            ByteString state = calls().withMaxInboundMessageSize(GrpcLimits.SERVICE_STATE_BYTES_MAX)
                    .snapshot(SnapshotRequest.newBuilder()
                            .setId(id)
                            .addAllOutgoing(outgoing)
                            .addAllIncoming(incoming)
                            .build())
                    .getValue();
            return state.toByteArray();
        } catch (StatusException e) {
            throw Faults.of(service, "Suspend or Snapshot", connection.interruptible(e));
        }
    }

    private InstanceGrpc.InstanceBlockingV2Stub calls() {
        return connection.instances(connection.limits().callNanos());
    }

    /// Tells the process, and doesn't wait for it to answer.
    @Override
    public void shutdown() {
        if (forwarder != null) {
            forwarder.cancel();
        }
        PacketReceiver packets = receiver;
        if (packets != null) {
            packets.expectEnd();
        }
        connection
                .futures()
                .withDeadlineAfter(connection.limits().callNanos(), TimeUnit.NANOSECONDS)
                .shutdown(ShutdownRequest.newBuilder().setId(id).build())
                .addListener(
                        () -> {
                            if (packets != null) {
                                packets.cancel();
                            }
                        },
                        Runnable::run);
    }
}
