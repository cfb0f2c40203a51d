// SPDX-License-Identifier: Apache-2.0
package gate.app.instance;

import gate.contract.packet.PacketPort;
import gate.engine.snapshot.Buffers;
import gate.executor.host.instance.InstanceServices;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceFailure;
import gate.server.service.ServiceState;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.origin.OriginConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The services of one instance, in the same process as the instance. Thread-safe.
public final class SessionServices implements InstanceServices {
    private final String name;
    private final ProgramServices.Options options;
    private final ServiceContext context;
    private @Nullable ProgramServices current;
    private int runs;

    /// @param name of the instance
    public SessionServices(String name, ProgramServices.Options options, ServiceContext context) {
        this.name = name;
        this.options = options;
        this.context = context;
    }

    @Override
    public synchronized Run begin(PacketPort port, List<Buffers.ServiceState> restored) {
        List<ServiceState> states = restored.isEmpty()
                ? null
                : restored.stream()
                        .map(state -> new ServiceState(state.name(), state.state()))
                        .toList();
        ProgramServices begun = new ProgramServices("services-" + name, options, context, Set.of(), port, states);
        current = begun;
        runs++;
        notifyAll();
        return new Session(begun);
    }

    /// How many runs of the program have begun.
    synchronized int runs() {
        return runs;
    }

    /// Makes a connection to the program, when it accepts one; empty where it stops before. One that comes
    /// before the program's first run waits for it.
    public Optional<OriginConnection> connect() throws InterruptedException {
        return awaitFirstRun().origin().connect();
    }

    private synchronized ProgramServices awaitFirstRun() throws InterruptedException {
        ProgramServices services = current;
        while (services == null) {
            wait();
            services = current;
        }
        return services;
    }

    private record Session(ProgramServices services) implements Run {
        @Override
        public List<Buffers.ServiceState> suspend() throws InterruptedException, ServicesFailure {
            try {
                return services.suspend().stream()
                        .map(state -> new Buffers.ServiceState(state.name(), state.state()))
                        .toList();
            } catch (ServiceFailure e) {
                throw new ServicesFailure(e.text(), e);
            }
        }

        @Override
        public void flush(long nanosAtMost) throws InterruptedException {
            services.flush(nanosAtMost);
        }

        @Override
        public void shutdown() throws InterruptedException {
            services.shutdown();
        }
    }
}
