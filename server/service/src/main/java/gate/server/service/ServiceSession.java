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
/// in order and calls the services; it ends when none is left, and another begins when there are more. When
/// the program has stopped, one of [#suspend()] and [#shutdown()] has to be called, by whoever started it.
/// Thread-safe.
///
/// ```
///      IDLE -> WORKING    // there are packets
///   WORKING -> IDLE       // all have been handled; or the program was ended because of a violation or
/// failure
///      IDLE -> STOPPED    // suspend(), shutdown(): no further packet is taken
///   WORKING -> STOPPED    // suspend(), shutdown(): when the packet in hand has been handled
/// ```
///
/// Sending a reply waits while the program doesn't receive, and meanwhile no packet of this program is
/// taken: that is all the back-pressure there is, and it concerns nobody else.
public final class ServiceSession {
    private static final System.Logger LOGGER = System.getLogger(ServiceSession.class.getName());

    /// Bytes of the states of all services of a program: what a saved program has room for (reference 7.4). Each state
    /// may be within its service's own limit, and all of them still be too much.
    public static final int STATES_BYTES_MAX = 64 << 20;

    private final Registry registry;
    private final ServiceContext context;
    private final PacketPort port;
    private final String name;
    /// Of a program that goes on, until its services do.
    private @Nullable List<ServiceState> states;

    /// In discovery order, so that the index is the code. For the thread that works, and for others when none
    /// does any more.
    private final List<DiscoveredService> services = new ArrayList<>(1);

    /// The thread that works. Guarded by `this`, as all below.
    private @Nullable Thread worker;
    /// One of suspend and shutdown was called: no further packet is taken.
    private boolean finished;
    /// Shutdown was called: whoever works is interrupted.
    private boolean ended;
    /// Why the program was ended, if it was the session that did it.
    private @Nullable RuntimeException fault;

    private ServiceSession(
            String name,
            Registry registry,
            ServiceContext context,
            PacketPort port,
            @Nullable List<ServiceState> states) {
        this.name = name;
        this.registry = registry;
        this.context = context.ofNewProcess();
        this.port = port;
        this.states = states;
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
        session.work();
        return session;
    }

    /// Takes no further packet and suspends all services. The program must have stopped: then nothing waits
    /// for it.
    ///
    /// @return the state of everything that the program has discovered, in that order
    /// @throws PacketViolation where the program had broken a rule before: it can't go on
    /// @throws ServiceFailure where a service can't go on, or all states together are too large
    public List<ServiceState> suspend() throws InterruptedException {
        if (!finish(false)) {
            throw new IllegalStateException("the session was suspended or shut down before");
        }
        RuntimeException ended = fault;
        if (ended != null) {
            shutDownServices();
            throw ended;
        }
        List<ServiceState> saved = new ArrayList<>();
        long bytes = 0;
        try {
            for (DiscoveredService service : services) {
                guarded(service, () -> saved.add(new ServiceState(service.name(), service.suspend())));
                bytes += saved.getLast().state().length;
                if (bytes > STATES_BYTES_MAX) {
                    throw new ServiceFailure("the services' states are too large to be saved: more than "
                            + STATES_BYTES_MAX + " bytes, with service " + service.name());
                }
            }
        } finally {
            shutDownServices();
        }
        return saved;
    }

    /// Takes no further packet and shuts all services down. Does nothing when the session has been
    /// suspended or shut down before.
    public void shutdown() throws InterruptedException {
        if (finish(true)) {
            shutDownServices();
        }
    }

    /// Waits until nobody works any more.
    ///
    /// @param atOnce not even the packet in hand matters any more
    /// @return false where that was done before
    private synchronized boolean finish(boolean atOnce) throws InterruptedException {
        if (finished) {
            return false;
        }
        finished = true;
        ended = atOnce;
        Thread working = worker;
        if (working != null && atOnce) {
            working.interrupt();
        }
        try {
            while (worker != null) {
                wait();
            }
            return true;
        } catch (InterruptedException e) {
            finished = false; // to be tried again
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

    private void work() {
        Thread begun;
        synchronized (this) {
            if (finished) {
                return;
            }
            begun = Thread.ofVirtual().name(name).unstarted(this::run);
            worker = begun;
        }
        begun.start();
    }

    private void run() {
        RuntimeException reason = null;
        try {
            List<ServiceState> saved = states;
            if (saved != null) {
                states = null;
                restore(saved);
            }
            for (Packet packet = next(); packet != null; packet = next()) {
                handle(packet);
            }
            return;
        } catch (PacketViolation violation) {
            reason = violation;
            port.violated(violation);
        } catch (ServiceFailure failure) {
            reason = failure;
            port.failed(failure.text());
        } catch (InterruptedException e) {
            if (isEnded()) {
                Thread.currentThread().interrupt(); // by shutdown(), which waits for this thread
            } else {
                reason = failed(e); // a service's own idea
            }
        } catch (RuntimeException | Error e) {
            reason = failed(e);
        }
        rest(reason);
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private ServiceFailure failed(Throwable mistake) {
        LOGGER.log(System.Logger.Level.ERROR, "session " + name + " failed", mistake);
        port.failed("internal error");
        return new ServiceFailure("internal error", mistake);
    }

    /// The next packet, or null when this thread has nothing more to do.
    private synchronized @Nullable Packet next() {
        Packet packet = finished ? null : port.poll(this::work);
        if (packet == null) {
            rest(null);
        }
        return packet;
    }

    private synchronized void rest(@Nullable RuntimeException reason) {
        worker = null;
        if (reason != null) {
            fault = reason;
        }
        notifyAll();
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
            // The same name may be there twice, if it meant nothing where the program was. Filters are asked as at
            // discovery: the state may be forged, or somebody else's, and must not get at what they hide.
            Service service = registry.find(state.name(), context)
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
