// SPDX-License-Identifier: Apache-2.0
package gate.server.service;

import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketPort;
import gate.contract.packet.PacketViolation;
import org.jspecify.annotations.Nullable;

/// A service that a program has discovered, whether it exists or not, and the program's instance of it. For
/// the session's thread.
final class DiscoveredService {
    private final int code;
    private final String name;
    private final @Nullable Service service;
    private final Link link;
    /// Of an instance that isn't there: it is kept for when the service exists again.
    private byte[] state;

    private @Nullable ServiceInstance instance;

    DiscoveredService(int code, ServiceState saved, @Nullable Service service, PacketPort port) {
        this.code = code;
        this.name = saved.name();
        this.state = saved.state();
        this.service = service;
        this.link = new Link(code, port);
    }

    String name() {
        return name;
    }

    boolean isAvailable() {
        return service != null;
    }

    boolean is(Service other) {
        return other.equals(service);
    }

    void create(ServiceContext context) throws InterruptedException {
        if (service != null) {
            instance = service.create(context, state);
            state = new byte[0];
        }
    }

    void ready() throws InterruptedException {
        if (instance != null) {
            instance.ready();
        }
    }

    void start() throws InterruptedException {
        if (instance != null) {
            instance.start(link);
        }
    }

    /// @return the immediate reply, with its code
    @Nullable
    Packet handle(Packet packet, ServiceContext context) throws InterruptedException {
        if (service == null) {
            return null;
        }
        if (!service.streams() && (packet.domain() == Domain.FLOW || packet.domain() == Domain.DATA)) {
            String domain = packet.domain() == Domain.FLOW ? "flow" : "data";
            throw new PacketViolation("service[" + code + "] received packet with unexpected domain: " + domain);
        }
        ServiceInstance handler = instance;
        if (handler == null) {
            handler = service.create(context, state);
            instance = handler;
            handler.ready();
            handler.start(link);
        }
        Packet reply = handler.handle(packet);
        return reply == null ? null : reply.withCode(code);
    }

    byte[] suspend() throws InterruptedException {
        if (instance != null) {
            state = instance.suspend();
            link.close();
            instance = null;
        }
        return state;
    }

    void shutdown() {
        link.close();
        if (instance != null) {
            ServiceInstance ended = instance;
            instance = null;
            ended.shutdown();
        }
    }

    /// The way to the program, until it is closed.
    private static final class Link implements ProgramLink {
        private final int code;
        private volatile @Nullable PacketPort port;

        Link(int code, PacketPort port) {
            this.code = code;
            this.port = port;
        }

        @Override
        public void send(Packet packet) throws InterruptedException {
            PacketPort open = port;
            if (open != null) {
                open.send(packet.withCode(code));
            }
        }

        @Override
        public boolean isOpen() {
            PacketPort open = port;
            return open != null && open.isOpen();
        }

        @Override
        public void violated(PacketViolation violation) {
            PacketPort open = port;
            if (open != null) {
                open.violated(violation);
            }
        }

        @Override
        public void failed(String text) {
            PacketPort open = port;
            if (open != null) {
                open.failed(text);
            }
        }

        void close() {
            port = null;
        }
    }
}
