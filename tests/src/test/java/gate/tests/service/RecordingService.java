// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import gate.contract.packet.Packet;
import gate.server.service.ProgramLink;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes down what is done with it, and answers calls with their content; for tests to override.
class RecordingService implements Service {
    private final String name;
    private final List<String> log;

    /// @param log shared by several, and thread-safe
    RecordingService(String name, List<String> log) {
        this.name = name;
        this.log = log;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ServiceInstance create(ServiceContext context, byte[] state) {
        log.add(name + " created " + new String(state, StandardCharsets.US_ASCII));
        return new Recording();
    }

    @Nullable
    Packet handled(Packet packet, ProgramLink link) throws InterruptedException {
        byte[] content = new byte[packet.content().remaining()];
        packet.content().get(content);
        return Packet.call(0, content);
    }

    void started(ProgramLink link) throws InterruptedException {}

    byte[] suspended(ProgramLink link) throws InterruptedException {
        return ("state of " + name).getBytes(StandardCharsets.US_ASCII);
    }

    private final class Recording implements ServiceInstance {
        private @Nullable ProgramLink link;

        private ProgramLink link() {
            return java.util.Objects.requireNonNull(link);
        }

        @Override
        public void ready() {
            log.add(name + " ready");
        }

        @Override
        public void start(ProgramLink link) throws InterruptedException {
            this.link = link;
            log.add(name + " started");
            started(link);
        }

        @Override
        public @Nullable Packet handle(Packet packet) throws InterruptedException {
            log.add(name + " handles " + packet.domain());
            return handled(packet, link());
        }

        @Override
        public byte[] suspend() throws InterruptedException {
            log.add(name + " suspended");
            return suspended(link());
        }

        @Override
        public void shutdown() {
            log.add(name + " shut down");
        }
    }
}
