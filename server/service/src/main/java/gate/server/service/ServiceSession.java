// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import gate.contract.packet.Discovery;
import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketPort;
import gate.contract.packet.PacketViolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The services of one running program: reference 1.3 and 6.1. A virtual thread takes the program's packets
/// in order and calls the services; it ends when the program stops. Then one of [#suspend()] and
/// [#shutdown()] has to be called, by whoever started the session. Thread-safe.
///
/// ```
///   RUNNING -> STOPPING   // suspend(), shutdown(): no further packet is taken
///   RUNNING -> ENDED      // the program stopped; or it was ended because of a violation or failure
///  STOPPING -> ENDED      // the packet in hand has been handled
/// ```
///
/// Sending a reply waits while the program doesn't receive, and meanwhile no packet of this program is
/// taken: that is all the back-pressure there is, and it concerns nobody else.
public final class ServiceSession {
    private static final System.Logger LOGGER = System.getLogger(ServiceSession.class.getName());

    private final Registry registry;
    private final ServiceContext context;
    private final PacketPort port;
    private final Thread thread;

    /// In discovery order, so that the index is the code. For the session's thread, and for others when it
    /// has ended.
    private final List<DiscoveredService> services = new ArrayList<>();

    private final Object lock = new Object();
    /// The session's thread waits in [PacketPort#take()], where it may be interrupted without losing
    /// anything.
    private boolean taking;
    /// No further packet is taken.
    private boolean stopping;
    /// Not even the packet in hand matters any more.
    private boolean abandoned;
    /// One of suspend and shutdown was called.
    private boolean finished;
    /// Why the program was ended, if it was the session that did it. Set by the session's thread before it
    /// ends.
    private @Nullable RuntimeException fault;

    private ServiceSession(
            String name,
            Registry registry,
            ServiceContext context,
            PacketPort port,
            @Nullable List<ServiceState> states) {
        this.registry = registry;
        this.context = context.ofNewProcess();
        this.port = port;
        this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(states));
    }

    /// Serves a new program.
    ///
    /// @param name of the thread
    public static ServiceSession start(String name, Registry registry, ServiceContext context, PacketPort port) {
        return started(new ServiceSession(name, registry, context, port, null));
    }

    /// Serves a program that goes on. All its services go on before any packet is taken, and the program is
    /// told which of them are available now. A state that is malformed ends the program.
    ///
    /// @param name of the thread
    /// @param port has what the program had not received
    /// @param states as [#suspend()] returned them
    public static ServiceSession restore(
            String name, Registry registry, ServiceContext context, PacketPort port, List<ServiceState> states) {
        return started(new ServiceSession(name, registry, context, port, List.copyOf(states)));
    }

    private static ServiceSession started(ServiceSession session) {
        session.thread.start();
        return session;
    }

    /// Takes no further packet and suspends all services. The program must have stopped: then nothing waits
    /// for it.
    ///
    /// @return the state of everything that the program has discovered, in that order
    /// @throws PacketViolation where the program had broken a rule before: it can't go on
    /// @throws ServiceFailure where a service can't go on
    public List<ServiceState> suspend() throws InterruptedException {
        finish(false);
        if (fault != null) {
            shutDownServices();
            throw fault;
        }
        List<ServiceState> states = new ArrayList<>();
        try {
            for (DiscoveredService service : services) {
                guarded(service, () -> states.add(new ServiceState(service.name(), service.suspend())));
            }
        } finally {
            shutDownServices();
        }
        return states;
    }

    /// Takes no further packet and shuts all services down. Does nothing when the session has been
    /// suspended or shut down before.
    public void shutdown() throws InterruptedException {
        synchronized (lock) {
            if (finished) {
                return;
            }
        }
        finish(true);
        shutDownServices();
    }

    private void finish(boolean atOnce) throws InterruptedException {
        synchronized (lock) {
            if (finished) {
                throw new IllegalStateException("the session was suspended or shut down before");
            }
            finished = true;
            stopping = true;
            abandoned = atOnce;
            if (taking || atOnce) {
                thread.interrupt();
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            synchronized (lock) {
                finished = false; // to be tried again
            }
            throw e;
        }
    }

    private void shutDownServices() {
        for (DiscoveredService service : services) {
            try {
                service.shutdown();
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.ERROR, "service " + service.name() + " didn't shut down", e);
            }
        }
    }

    private void run(@Nullable List<ServiceState> states) {
        try {
            if (states != null) {
                restore(states);
            }
            for (Packet packet = take(); packet != null; packet = take()) {
                handle(packet);
            }
        } catch (PacketViolation violation) {
            fault = violation;
            port.violated(violation);
        } catch (ServiceFailure failure) {
            fault = failure;
            port.failed(failure.text());
        } catch (InterruptedException e) {
            // By shutdown(), which waits for this thread to end.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "session " + thread.getName() + " failed", e);
            fault = new ServiceFailure("internal error", e);
            port.failed("internal error");
        }
    }

    /// The next packet, or null when there won't be one.
    private @Nullable Packet take() {
        synchronized (lock) {
            if (stopping) {
                return null;
            }
            taking = true;
        }
        Packet packet;
        try {
            packet = port.take();
        } catch (InterruptedException e) {
            packet = null;
        }
        synchronized (lock) {
            taking = false;
            if (abandoned) {
                return null;
            }
            // A suspension that came too late doesn't concern what is done with the packet.
            boolean _ = Thread.interrupted();
        }
        return packet;
    }

    private void restore(List<ServiceState> states) throws InterruptedException {
        if (states.size() > Discovery.SERVICES_MAX) {
            throw new PacketViolation("too many services: " + states.size());
        }
        for (ServiceState state : states) {
            int length = state.name().getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > Discovery.SERVICE_NAME_BYTES_MAX) {
                throw new PacketViolation("service name length out of bounds");
            }
            // The same name may be there twice, if it meant nothing where the program was.
            Service service = registry.find(state.name())
                    .filter(found -> !isDiscovered(found))
                    .orElse(null);
            services.add(new DiscoveredService(services.size(), state, service, port));
        }
        for (DiscoveredService service : services) {
            guarded(service, () -> service.create(context));
        }
        for (DiscoveredService service : services) {
            guarded(service, service::ready);
        }
        if (!services.isEmpty()) {
            port.sendNow(Discovery.states(Domain.INFO, availability()));
        }
        for (DiscoveredService service : services) {
            guarded(service, service::start);
        }
    }

    private void handle(Packet packet) throws InterruptedException {
        packet.requireSent(services.size());
        if (packet.code() == Packet.DISCOVERY) {
            discover(packet);
            return;
        }
        DiscoveredService service = services.get(packet.code());
        guarded(service, () -> {
            Packet reply = service.handle(packet, context);
            if (reply != null) {
                port.send(reply);
            }
        });
    }

    private void discover(Packet request) throws InterruptedException {
        for (String name : Discovery.names(request, Discovery.SERVICES_MAX - services.size())) {
            Service service = registry.find(name, context).orElse(null);
            if (service != null && isDiscovered(service)) {
                throw new PacketViolation("duplicate service");
            }
            services.add(new DiscoveredService(services.size(), new ServiceState(name, new byte[0]), service, port));
        }
        port.send(Discovery.states(Domain.CALL, availability()));
    }

    private boolean isDiscovered(Service service) {
        return services.stream().anyMatch(discovered -> discovered.is(service));
    }

    private byte[] availability() {
        byte[] states = new byte[services.size()];
        for (int i = 0; i < states.length; i++) {
            states[i] = (byte) (services.get(i).isAvailable() ? Discovery.AVAILABLE : 0);
        }
        return states;
    }

    /// What a service does.
    private interface Step {
        void run() throws InterruptedException;
    }

    /// Whatever a service throws by mistake becomes a failure, with a text that doesn't tell the program
    /// anything.
    private static void guarded(DiscoveredService service, Step step) throws InterruptedException {
        try {
            step.run();
        } catch (PacketViolation | ServiceFailure declared) {
            throw declared;
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            LOGGER.log(System.Logger.Level.ERROR, "service " + service.name() + " failed", e);
            throw new ServiceFailure("service " + service.name() + " failed", e);
        }
    }
}
