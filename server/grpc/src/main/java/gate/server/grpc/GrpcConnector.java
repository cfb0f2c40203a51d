// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import gate.contract.packet.Discovery;
import gate.server.grpc.wire.Service;
import gate.server.service.Registry;
import gate.server.service.ServiceConnector;
import gate.server.service.ServiceFailure;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.List;

/// Makes services of processes. Immutable.
public final class GrpcConnector implements ServiceConnector {
    private static final System.Logger LOGGER = System.getLogger(GrpcConnector.class.getName());

    private final GrpcLimits limits;

    public GrpcConnector() {
        this(GrpcLimits.DEFAULT);
    }

    public GrpcConnector(GrpcLimits limits) {
        this.limits = limits;
    }

    @Override
    public Connected connect(List<String> targets, Registry registry) throws InterruptedException {
        List<ServiceTarget> parsed = targets.stream().map(ServiceTarget::parse).toList();
        List<Connection> connections = new ArrayList<>();
        Connected connected = () -> connections.forEach(Connection::close);
        boolean complete = false;
        try {
            for (ServiceTarget target : parsed) {
                Connection connection = Connection.to(target, limits);
                connections.add(connection);
                register(connection, registry);
            }
            complete = true;
            return connected;
        } finally {
            if (!complete) {
                connected.close();
            }
        }
    }

    /// Whether nobody is there, or nobody who answers.
    private static boolean isAbsence(Status.Code code) {
        return code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
    }

    private static void register(Connection connection, Registry registry) throws InterruptedException {
        ServiceTarget target = connection.target();
        List<Service> services;
        try {
            services = connection.init();
        } catch (StatusException e) {
            String text = target.label() + ": " + connection.explained(e.getStatus());
            if (target.optional() && isAbsence(e.getStatus().getCode())) {
                LOGGER.log(System.Logger.Level.WARNING, "services are missing: " + text);
                return;
            }
            throw new ServiceFailure("services can't be reached: " + text, e);
        }
        if (services.size() > Discovery.SERVICES_MAX) {
            throw new ServiceFailure(target.label() + " has too many services: " + services.size());
        }
        for (Service service : services) {
            try {
                registry.register(new RemoteService(
                        connection, service.getName(), service.getRevision(), service.getRequirePrincipal()));
            } catch (IllegalArgumentException e) {
                throw new ServiceFailure(target.label() + ": " + Faults.shown(e.getMessage()), e);
            }
        }
    }
}
