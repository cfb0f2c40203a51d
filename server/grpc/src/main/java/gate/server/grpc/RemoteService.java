// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import gate.server.grpc.wire.CreateRequest;
import gate.server.grpc.wire.CreateResponse;
import gate.server.grpc.wire.InstanceConfig;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import io.grpc.Status;
import io.grpc.StatusException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// A service of a process. It stays when the process is lost: new instances can be made when it is back.
record RemoteService(Connection connection, String name, String revision, boolean requirePrincipal) implements Service {
    @Override
    public boolean streams() {
        return true;
    }

    @Override
    public boolean discoverable(ServiceContext context) {
        return !requirePrincipal || context.hasPrincipal();
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) throws InterruptedException {
        if (state.length > GrpcLimits.SERVICE_STATE_BYTES_MAX) {
            throw new PacketViolation("malformed state of service " + name + ": it is too large");
        }
        CreateRequest request = CreateRequest.newBuilder()
                .setServiceName(name)
                .setConfig(InstanceConfig.newBuilder()
                        .setMaxSendSize(Packet.SIZE_MAX)
                        .setProcessKey(ByteString.copyFrom(context.process().bytes()))
                        .setPrincipalId(context.principal())
                        .setInstanceUuid(uuid(context.instance())))
                .setSnapshot(UnsafeByteOperations.unsafeWrap(state))
                .build();
        CreateResponse response = created(request);
        if (!response.getRestorationError().isEmpty()) {
            throw new PacketViolation("service " + name + " can't go on from its saved state: "
                    + Faults.shown(response.getRestorationError()));
        }
        if (response.getId().size() > GrpcLimits.ID_BYTES_MAX) {
            shutDown(response);
            throw Faults.broken(name, "made an id that is too long");
        }
        return new RemoteInstance(connection, name, response.getId());
    }

    private CreateResponse created(CreateRequest request) throws InterruptedException {
        try {
            if (!connection.offers(name)) {
                throw Faults.broken(name, "isn't there any more");
            }
        } catch (StatusException e) {
            throw Faults.of(name, "Init", e.getStatus());
        }
        ListenableFuture<CreateResponse> call = connection
                .futures()
                .withDeadlineAfter(connection.limits().callNanos(), TimeUnit.NANOSECONDS)
                .create(request);
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw Faults.of(name, "Create", Status.fromThrowable(e));
        } catch (InterruptedException e) {
            // It may be made all the same, and only its id says what is to be shut down.
            call.addListener(
                    () -> {
                        if (call.state() == Future.State.SUCCESS) {
                            shutDown(call.resultNow());
                        }
                    },
                    Runnable::run);
            throw e;
        }
    }

    /// The instance isn't used.
    private void shutDown(CreateResponse response) {
        if (response.getRestorationError().isEmpty()) {
            new RemoteInstance(connection, name, response.getId()).shutdown();
        }
    }

    /// 16 bytes; none where the instance has no UUID.
    private static ByteString uuid(String instance) {
        try {
            UUID uuid = UUID.fromString(instance);
            return ByteString.copyFrom(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .flip());
        } catch (IllegalArgumentException e) {
            return ByteString.EMPTY;
        }
    }
}
