// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static gate.tests.service.Packets.call;
import static gate.tests.service.Packets.discover;
import static gate.tests.service.Packets.states;
import static gate.tests.service.Packets.text;
import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Data;
import gate.contract.packet.Discovery;
import gate.contract.packet.Domain;
import gate.contract.packet.Flow;
import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import gate.server.service.ProgramLink;
import gate.server.service.Registry;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceFailure;
import gate.server.service.ServiceSession;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a new program can do with services, and can't.
final class ServiceSessionTest {
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Registry registry = new Registry();
    private final FakePort port = new FakePort();
    private @Nullable ServiceSession session;

    private ServiceSession start(FakePort program) {
        ServiceSession started = ServiceSession.start("services-test", registry, ServiceContext.ANONYMOUS, program);
        session = started;
        return started;
    }

    @AfterEach
    void shutDown() throws InterruptedException {
        port.stop();
        if (session != null) {
            session.shutdown();
        }
    }

    private void register(String... names) {
        for (String name : names) {
            registry.register(new RecordingService(name, log));
        }
    }

    @Test
    void serviceThatBelievesToBeInterruptedEndsTheProgram() {
        registry.register(new RecordingService("a", log) {
            @Override
            Packet handled(Packet packet, ProgramLink link) throws InterruptedException {
                throw new InterruptedException("by nobody");
            }
        });
        start(port);
        port.sends(discover("a"), call(0, "x"));
        assertThat(port.failure()).isEqualTo("internal error");
    }

    @Test
    void codesAreInDiscoveryOrder() {
        register("a", "b", "c");
        start(port);
        port.sends(discover("c", "nothing"), discover("a"));
        assertThat(states(port.receive())).isEqualTo("-1 CALL 02 00 01 00");
        assertThat(states(port.receive())).isEqualTo("-1 CALL 03 00 01 00 01");
        port.sends(call(2, "to a"), call(0, "to c"));
        assertThat(text(port.receive())).isEqualTo("2 CALL 0 to a");
        assertThat(text(port.receive())).isEqualTo("0 CALL 0 to c");
        assertThat(log).containsSubsequence("a handles CALL", "c handles CALL");
    }

    @Test
    void instanceIsCreatedAtItsFirstPacket() {
        register("a", "b");
        start(port);
        port.sends(discover("a", "b"));
        port.receive();
        assertThat(log).isEmpty();
        port.sends(call(1, "x"), call(1, "y"));
        port.receive();
        port.receive();
        assertThat(log).containsExactly("b created ", "b ready", "b started", "b handles CALL", "b handles CALL");
    }

    @Test
    void discoveringNothingIsAnswered() {
        start(port);
        port.sends(discover());
        assertThat(states(port.receive())).isEqualTo("-1 CALL 00 00");
    }

    @Test
    void servicesBeyondTheMostAreDropped() {
        register("a");
        start(port);
        String[] names = IntStream.range(0, 300).mapToObj(i -> "n" + i).toArray(String[]::new);
        port.sends(discover(names), discover("a"));
        for (int i = 0; i < 2; i++) {
            Packet reply = port.receive();
            assertThat(reply.content().getShort()).isEqualTo((short) 256);
            assertThat(reply.size()).isEqualTo(8 + 2 + 256);
        }
        port.sends(call(255, "dropped, and no violation"), discover());
        port.receive();
        port.assertFaultless();
    }

    @Test
    void serviceThatIsDiscoveredTwiceIsAViolation() {
        register("a");
        start(port);
        port.sends(discover("a"), discover("b", "a"));
        assertThat(port.violation()).isEqualTo("duplicate service");
    }

    @Test
    void serviceThatIsThereTwiceInARequestIsAViolation() {
        register("a");
        start(port);
        port.sends(discover("a", "a"));
        assertThat(port.violation()).isEqualTo("duplicate service");
    }

    @Test
    void unavailableNamesMayRepeat() {
        start(port);
        port.sends(discover("x", "x"), discover("x"));
        port.receive();
        assertThat(states(port.receive())).isEqualTo("-1 CALL 03 00 00 00 00");
    }

    @Test
    void whatFollowsTheNamesIsIgnored() {
        register("a");
        start(port);
        port.sends(Packet.call(Packet.DISCOVERY, Packets.bytes("01 00 01 61 ff ff ff")));
        assertThat(states(port.receive())).isEqualTo("-1 CALL 01 00 01");
    }

    @Test
    void packetsToUnavailableServicesAreDropped() {
        start(port);
        port.sends(discover("x"), call(0, "?"), Packet.info(0), Flow.of(0, 1, 1), Data.end(0, 1, 0), discover());
        port.receive();
        assertThat(states(port.receive())).isEqualTo("-1 CALL 01 00 00");
        port.assertFaultless();
    }

    @Test
    void codeThatWasNotDiscoveredIsAViolation() {
        register("a");
        start(port);
        port.sends(discover("a"), call(1, ""));
        assertThat(port.violation()).isEqualTo("invalid service code in packet: 1");
    }

    @Test
    void malformedDiscoveryIsAViolation() {
        start(port);
        port.sends(Packet.call(Packet.DISCOVERY, (byte) 1, (byte) 0, (byte) 0));
        assertThat(port.violation()).isEqualTo("service name length out of bounds");
    }

    @Test
    void flowToAServiceWithoutStreamsIsAViolation() {
        register("a", "b");
        start(port);
        port.sends(discover("a", "b"), Flow.of(1, 0, 0));
        assertThat(port.violation()).isEqualTo("service[1] received packet with unexpected domain: flow");
    }

    @Test
    void dataToAServiceWithoutStreamsIsAViolation() {
        register("a");
        start(port);
        port.sends(discover("a"), Data.end(0, 0, 0));
        assertThat(port.violation()).isEqualTo("service[0] received packet with unexpected domain: data");
    }

    @Test
    void nothingIsTakenAfterAViolation() throws InterruptedException {
        register("a");
        ServiceSession started = start(port);
        port.sends(call(0, ""), discover("a"));
        assertThat(port.violation()).isEqualTo("invalid service code in packet: 0");
        org.junit.jupiter.api.Assertions.assertThrows(PacketViolation.class, started::suspend);
        assertThat(port.untaken()).hasSize(1);
        assertThat(port.unreceived()).isEmpty();
    }

    @Test
    void programThatDoesNotReceiveStopsItselfAlone() {
        register("a");
        FakePort slow = new FakePort(1);
        ServiceSession other = ServiceSession.start("slow", registry, ServiceContext.ANONYMOUS, slow);
        slow.sends(discover("a"), call(0, "1"), call(0, "2"));
        slow.awaitBlocked(1);
        assertThat(slow.untaken()).hasSize(1);
        start(port);
        port.sends(discover("a"), call(0, "x"));
        port.receive();
        assertThat(text(port.receive())).isEqualTo("0 CALL 0 x");
        assertThat(slow.untaken()).hasSize(1);
        slow.receive();
        assertThat(text(slow.receive())).isEqualTo("0 CALL 0 1");
        assertThat(text(slow.receive())).isEqualTo("0 CALL 0 2");
        slow.stop();
        shutDown(other);
    }

    private static void shutDown(ServiceSession session) {
        try {
            session.shutdown();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void blockedReplyIsLetGoWhenTheProgramStops() throws InterruptedException {
        register("a");
        FakePort slow = new FakePort(1);
        ServiceSession started = ServiceSession.start("slow", registry, ServiceContext.ANONYMOUS, slow);
        slow.sends(discover("a"), call(0, "1"), call(0, "2"));
        slow.awaitBlocked(1);
        slow.stop();
        assertThat(started.suspend()).hasSize(1);
        assertThat(slow.unreceived()).extracting(Packets::text).last().isEqualTo("0 CALL 0 1");
        assertThat(slow.untaken()).hasSize(1);
    }

    @Test
    void servicesSendByThemselves() {
        registry.register(new RecordingService("a", log) {
            @Override
            @Nullable
            Packet handled(Packet packet, ProgramLink link) throws InterruptedException {
                link.send(Packet.info(77, (byte) 'i'));
                return Packet.of(77, Domain.CALL, 3, (byte) 'r');
            }
        });
        start(port);
        port.sends(discover("x", "a"), call(1, ""));
        port.receive();
        assertThat(text(port.receive())).isEqualTo("1 INFO 0 i");
        assertThat(text(port.receive())).isEqualTo("1 CALL 3 r");
    }

    @Test
    void violationThatAServiceFindsEndsTheProgram() {
        registry.register(failing(new PacketViolation("bad program")));
        start(port);
        port.sends(discover("f"), call(0, ""));
        assertThat(port.violation()).isEqualTo("bad program");
    }

    @Test
    void failureOfAServiceEndsTheProgram() {
        registry.register(failing(new ServiceFailure("out of order")));
        start(port);
        port.sends(discover("f"), call(0, ""));
        assertThat(port.failure()).isEqualTo("out of order");
    }

    @Test
    void mistakeOfAServiceSaysNothingToTheProgram() {
        registry.register(failing(new IllegalArgumentException("a secret")));
        start(port);
        port.sends(discover("f"), call(0, ""));
        assertThat(port.failure()).isEqualTo("service f failed");
    }

    @Test
    void servicesEndTheProgramFromThreadsOfTheirOwn() {
        registry.register(new RecordingService("a", log) {
            @Override
            void started(ProgramLink link) {
                Thread.ofVirtual().start(() -> link.failed("gone"));
            }
        });
        start(port);
        port.sends(discover("a"), call(0, ""));
        assertThat(port.failure()).isEqualTo("gone");
    }

    private RecordingService failing(RuntimeException failure) {
        return new RecordingService("f", log) {
            @Override
            Packet handled(Packet packet, ProgramLink link) {
                throw failure;
            }
        };
    }

    @Test
    void filtersHideServices() {
        registry.register(new RecordingService("members", log) {
            @Override
            public boolean discoverable(ServiceContext context) {
                return context.hasPrincipal();
            }
        });
        start(port);
        port.sends(discover("members"));
        assertThat(states(port.receive())).isEqualTo("-1 CALL 01 00 00");
        FakePort known = new FakePort();
        ServiceSession other = ServiceSession.start("known", registry, new ServiceContext("local", ""), known);
        known.sends(discover("members"));
        assertThat(states(known.receive())).isEqualTo("-1 CALL 01 00 01");
        known.stop();
        shutDown(other);
    }

    @Test
    void shutdownInterruptsWhatAServiceWaitsFor() throws InterruptedException {
        registry.register(new RecordingService("a", log) {
            @Override
            Packet handled(Packet packet, ProgramLink link) throws InterruptedException {
                log.add("waits");
                new CountDownLatch(1).await();
                throw new AssertionError();
            }
        });
        ServiceSession started = start(port);
        port.sends(discover("a"), call(0, ""));
        port.receive();
        port.awaitTaken();
        port.stop();
        started.shutdown();
        started.shutdown();
        assertThat(log).last().isEqualTo("a shut down");
        assertThat(Collections.frequency(log, "a shut down")).isOne();
        port.assertFaultless();
        org.junit.jupiter.api.Assertions.assertThrows(IllegalStateException.class, started::suspend);
    }

    @Test
    void largestRequestIsUnderstood() {
        String[] names = IntStream.range(0, 256)
                .mapToObj(i -> "n".repeat(Discovery.SERVICE_NAME_BYTES_MAX - 3) + (100 + i))
                .toArray(String[]::new);
        start(port);
        port.sends(discover(names));
        assertThat(port.receive().size()).isEqualTo(8 + 2 + 256);
    }
}
