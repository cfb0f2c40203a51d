// SPDX-License-Identifier: Apache-2.0
package gate.tests.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import gate.contract.packet.Packet;
import gate.server.grpc.GrpcLimits;
import gate.server.grpc.wire.InstanceConfig;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceSession;
import gate.server.service.ServiceState;
import gate.tests.service.FakePort;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Services of another process do what services do: reference 6.10 and 10.2.
final class ExternalServiceTest extends RemotePrograms {
    private static final int PACKETS = 100;

    @ParameterizedTest
    @CsvSource({
        "false, false, false",
        "false, false, true",
        "false, true, false",
        "false, true, true",
        "true, false, false",
        "true, false, true",
        "true, true, false",
        "true, true, true"
    })
    void hundredPacketsAreEchoedInOrder(boolean started, boolean restored, boolean suspended) throws Exception {
        try (ServiceProcess _ = started ? null : new ServiceProcess(socket(), new TestServices())) {
            connect(GrpcLimits.DEFAULT, started ? ServiceProcess.command(folder) : "unix:" + socket());
            Service service = registry.find("test").orElseThrow();
            assertThat(service.revision()).isEqualTo("0");
            assertThat(service.streams()).isTrue();
            int begin = restored ? PACKETS / 2 : 0;
            Running program =
                    restored ? restore(List.of(new ServiceState("test", halfSent()))) : start().discovers("test");
            program.port()
                    .sends(IntStream.range(begin, PACKETS)
                            .mapToObj(RemotePrograms::call)
                            .toArray(Packet[]::new));
            int received = 0;
            for (; received < (suspended ? PACKETS / 4 : PACKETS); received++) {
                assertThat(number(program.port().receive())).isEqualTo(received);
            }
            List<ServiceState> states = program.suspend();
            if (suspended) {
                List<Packet> unreceived = program.port().unreceived();
                Running later = restore(states);
                later.port().sends(program.port().untaken().toArray(Packet[]::new));
                for (Packet packet : unreceived) {
                    assertThat(number(packet)).isEqualTo(received++);
                }
                for (; received < PACKETS; received++) {
                    assertThat(number(later.port().receive())).isEqualTo(received);
                }
                states = later.suspend();
                assertThat(later.port().unreceived()).isEmpty();
            }
            assertThat(states).hasSize(1);
            assertThat(states.getFirst().state()).isEmpty();
        }
    }

    private static byte[] halfSent() {
        return EchoInstance.state(IntStream.range(0, PACKETS / 2)
                .mapToObj(i -> ByteString.copyFrom(call(i).buffer()))
                .toList());
    }

    @Test
    void packetsThatWereNotHandledAreInTheState() throws Exception {
        TestServices services = new TestServices();
        try (ServiceProcess _ = new ServiceProcess(socket(), services)) {
            connect(IMPATIENT, "unix:" + socket());
            // The program doesn't receive, so in the end nobody takes what it sends.
            Running program = start(new FakePort(1), SOMEBODY).discovers("test");
            byte[] large = new byte[Packet.CONTENT_MAX];
            List<Packet> sent = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                large[0] = (byte) i;
                sent.add(Packet.call(0, large));
            }
            program.port().sends(sent.toArray(Packet[]::new));
            program.port().awaitBlocked(1);
            List<ServiceState> states = program.suspend();
            assertThat(states.getFirst().state()).isNotEmpty();
            List<Packet> all = new ArrayList<>(program.port().unreceived());
            Running later = restore(states);
            later.port().sends(program.port().untaken().toArray(Packet[]::new));
            while (all.size() < 200) {
                all.add(later.port().receive());
            }
            assertThat(all)
                    .extracting(packet -> packet.content().get() & 0xFF)
                    .containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
        }
    }

    @Test
    void instanceIsToldWhoseItIs() throws Exception {
        TestServices services = new TestServices();
        try (ServiceProcess _ = new ServiceProcess(socket(), services)) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            Running program = start().discovers("test", "secret");
            program.port().sends(call(1));
            program.port().receive();
            program.port().sends(Packet.call(1, (byte) 2));
            assertThat(program.port().receive().code()).isOne();
            List<InstanceConfig> configs = services.instances.values().stream()
                    .map(instance -> instance.config)
                    .toList();
            assertThat(configs).hasSize(2).allSatisfy(config -> {
                assertThat(config.getMaxSendSize()).isEqualTo(65_536);
                assertThat(config.getPrincipalId()).isEqualTo("local");
                assertThat(config.getInstanceUuid())
                        .isEqualTo(ByteString.copyFrom(ByteBuffer.allocate(16)
                                .putLong(0x0123456789abcdefL)
                                .putLong(0x0123456789abcdefL)
                                .flip()));
                assertThat(config.getProcessKey().size()).isEqualTo(16);
            });
            assertThat(configs.getFirst().getProcessKey())
                    .isEqualTo(configs.getLast().getProcessKey());
            Running other = start().discovers("test");
            other.port().sends(call(1));
            other.port().receive();
            assertThat(services.instances.values().stream()
                            .map(i -> i.config.getProcessKey())
                            .distinct())
                    .hasSize(2);
        }
    }

    @Test
    void servicesThatNeedAPrincipalAreHiddenFromNobodysPrograms() throws Exception {
        try (ServiceProcess _ = new ServiceProcess(socket(), new TestServices())) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            assertThat(registry.find("secret", SOMEBODY)).isPresent();
            assertThat(registry.find("secret", ServiceContext.ANONYMOUS)).isEmpty();
            assertThat(registry.find("test", ServiceContext.ANONYMOUS)).isPresent();
        }
    }

    /// What is saved of a program may be forged; the process isn't even asked.
    @Test
    void servicesThatNeedAPrincipalAreHiddenFromNobodysRestoredPrograms() throws Exception {
        TestServices services = new TestServices();
        try (ServiceProcess _ = new ServiceProcess(socket(), services)) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            FakePort port = new FakePort();
            List<ServiceState> states =
                    List.of(new ServiceState("secret", new byte[0]), new ServiceState("test", new byte[0]));
            ServiceSession session = ServiceSession.restore("test", registry, ServiceContext.ANONYMOUS, port, states);
            assertThat(port.receive()).hasToString("packet of 12 bytes: 0c 00 00 00 ff ff 01 00 02 00 00 01");
            port.sends(Packet.call(0, (byte) 1), Packet.call(1, (byte) 2));
            assertThat(port.receive().code()).isOne();
            port.stop();
            assertThat(session.suspend()).extracting(ServiceState::name).containsExactly("secret", "test");
            assertThat(services.calls).contains("Create test").doesNotContain("Create secret");
        }
    }

    @Test
    void instanceOfAnEndedProgramIsShutDown() throws Exception {
        TestServices services = new TestServices();
        try (ServiceProcess _ = new ServiceProcess(socket(), services)) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            Running program = start().discovers("test");
            program.port().sends(call(1));
            program.port().receive();
            program.shutdown();
            assertThat(List.of(services.calls.take(), services.calls.take(), services.calls.take()))
                    .containsExactly("Init", "Create test", "Shutdown");
            program.port().assertFaultless();
        }
    }

    @Test
    void instanceThatIsMadeTooLateIsShutDown() throws Exception {
        TestServices services = new TestServices();
        try (ServiceProcess _ = new ServiceProcess(socket(), services)) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            Running program = start().discovers("slow");
            program.port().sends(call(1));
            assertThat(List.of(services.calls.take(), services.calls.take())).containsExactly("Init", "Create slow");
            program.shutdown(); // doesn't wait
            assertThat(services.calls).isEmpty();
            services.slow.countDown();
            assertThat(services.calls.take()).isEqualTo("Shutdown");
        }
    }

    @Test
    void instanceWhoseNameIsTooLongIsShutDown() throws Exception {
        TestServices services = new TestServices();
        try (ServiceProcess _ = new ServiceProcess(socket(), services)) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            Running program = start().discovers("named");
            program.port().sends(call(1));
            assertThat(program.port().failure()).isEqualTo("service named made an id that is too long");
            assertThat(List.of(services.calls.take(), services.calls.take(), services.calls.take()))
                    .containsExactly("Init", "Create named", "Shutdown");
        }
    }

    @Test
    void nothingIsReadForAProgramThatHasStopped() throws Exception {
        TestServices services = new TestServices();
        try (ServiceProcess _ = new ServiceProcess(socket(), services)) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            Running program = start().discovers("test");
            program.port().sends(call(0));
            program.port().receive();
            program.port().stop();
            EchoInstance instance =
                    services.instances.values().stream().findFirst().orElseThrow();
            for (int i = 1; i <= PACKETS; i++) {
                instance.handle(ByteString.copyFrom(call(i).buffer()));
            }
            List<ServiceState> states = program.suspend();
            // One may have been read already.
            List<Packet> all = new ArrayList<>(program.port().unreceived());
            assertThat(all).hasSizeLessThanOrEqualTo(1);
            Running later = restore(states);
            while (all.size() < PACKETS) {
                all.add(later.port().receive());
            }
            assertThat(all)
                    .extracting(RemotePrograms::number)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, PACKETS).boxed().toList());
        }
    }

    @Test
    void mistakeInGivingPacketsEndsTheProgram() throws Exception {
        try (ServiceProcess _ = new ServiceProcess(socket(), new TestServices())) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            FakePort broken = new FakePort() {
                @Override
                public synchronized void send(Packet packet) throws InterruptedException {
                    if (packet.code() == 0) {
                        throw new IllegalStateException("a mistake");
                    }
                    super.send(packet);
                }
            };
            Running program = start(broken, SOMEBODY).discovers("test");
            program.port().sends(call(1));
            assertThat(broken.failure()).isEqualTo("service test failed");
        }
    }

    @Test
    void stateThatTheServiceRefusesEndsTheProgram() throws Exception {
        try (ServiceProcess _ = new ServiceProcess(socket(), new TestServices())) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            FakePort port = new FakePort();
            ServiceSession session = ServiceSession.restore(
                    "test", registry, SOMEBODY, port, List.of(new ServiceState("test", new byte[] {1})));
            assertThat(port.violation()).isEqualTo("service test can't go on from its saved state: what is this?");
            session.shutdown();
        }
    }
}
