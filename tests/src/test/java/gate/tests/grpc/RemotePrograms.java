// SPDX-License-Identifier: Apache-2.0
package gate.tests.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Discovery;
import gate.contract.packet.Packet;
import gate.server.grpc.GrpcConnector;
import gate.server.grpc.GrpcLimits;
import gate.server.service.Registry;
import gate.server.service.ServiceConnector;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceSession;
import gate.server.service.ServiceState;
import gate.tests.service.FakePort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// What tests of external services have in common.
abstract class RemotePrograms {
    /// Long enough for anything that works, and short for what hangs on purpose.
    static final GrpcLimits IMPATIENT = new GrpcLimits(
            TimeUnit.SECONDS.toNanos(60), TimeUnit.MILLISECONDS.toNanos(1500), TimeUnit.MILLISECONDS.toNanos(1500));

    static final ServiceContext SOMEBODY = new ServiceContext("local", "01234567-89ab-cdef-0123-456789abcdef");

    @TempDir
    Path folder;

    final Registry registry = new Registry();
    private final List<ServiceConnector.Connected> connected = new ArrayList<>();
    private final List<Running> programs = new ArrayList<>();

    /// A program and its services.
    record Running(FakePort port, ServiceSession session) {
        Running discovers(String... names) {
            port.sends(Discovery.request(List.of(names)));
            assertThat(port.receive().code()).isEqualTo(Packet.DISCOVERY);
            return this;
        }

        List<ServiceState> suspend() throws InterruptedException {
            port.stop();
            return session.suspend();
        }

        void shutdown() {
            port.stop();
            try {
                session.shutdown();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @AfterEach
    void closeAll() {
        programs.forEach(Running::shutdown);
        connected.forEach(ServiceConnector.Connected::close);
    }

    Path socket() {
        return folder.resolve("s");
    }

    void connect(GrpcLimits limits, String target) throws InterruptedException {
        connected.add(new GrpcConnector(limits).connect(List.of(target), registry));
    }

    Running start(FakePort port, ServiceContext context) {
        Running running = new Running(port, ServiceSession.start("test", registry, context, port));
        programs.add(running);
        return running;
    }

    Running start() {
        return start(new FakePort(), SOMEBODY);
    }

    /// One that goes on; it has been told of its services.
    Running restore(List<ServiceState> states) {
        FakePort port = new FakePort();
        Running running = new Running(port, ServiceSession.restore("test", registry, SOMEBODY, port, states));
        programs.add(running);
        assertThat(port.receive().code()).isEqualTo(Packet.DISCOVERY);
        return running;
    }

    static Packet call(int number) {
        return Packet.call(0, (byte) number);
    }

    static Packet call(String text) {
        return Packet.call(0, text.getBytes(StandardCharsets.UTF_8));
    }

    static int number(Packet packet) {
        assertThat(packet.code()).isZero();
        assertThat(packet.size()).isEqualTo(Packet.HEADER_BYTES + 1);
        return packet.content().get();
    }
}
