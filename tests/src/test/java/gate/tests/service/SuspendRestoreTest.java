// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static gate.tests.service.Packets.call;
import static gate.tests.service.Packets.discover;
import static gate.tests.service.Packets.states;
import static gate.tests.service.Packets.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.contract.packet.Packet;
import gate.contract.packet.PacketViolation;
import gate.engine.snapshot.Buffers;
import gate.server.service.ProgramLink;
import gate.server.service.Registry;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceFailure;
import gate.server.service.ServiceSession;
import gate.server.service.ServiceState;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Services of programs that stop and go on.
final class SuspendRestoreTest {
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Registry registry = new Registry();
    private final FakePort port = new FakePort();

    private ServiceSession start() {
        return ServiceSession.start("services-test", registry, ServiceContext.ANONYMOUS, port);
    }

    private ServiceSession restore(FakePort program, ServiceState... states) {
        return ServiceSession.restore("services-test", registry, ServiceContext.ANONYMOUS, program, List.of(states));
    }

    private static ServiceState state(String name, String state) {
        return new ServiceState(name, state.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> texts(List<ServiceState> states) {
        return states.stream()
                .map(state -> state.name() + ": " + new String(state.state(), StandardCharsets.US_ASCII))
                .toList();
    }

    private void register(String... names) {
        for (String name : names) {
            registry.register(new RecordingService(name, log));
        }
    }

    private List<ServiceState> stopAndSuspend(ServiceSession session) throws InterruptedException {
        port.stop();
        return session.suspend();
    }

    @Test
    void everythingDiscoveredIsSavedInItsOrder() throws InterruptedException {
        register("a", "b", "c");
        ServiceSession session = start();
        port.sends(discover("b", "nothing", "a", "c", "nothing"), call(2, "x"));
        port.receive();
        port.receive();
        assertThat(texts(stopAndSuspend(session)))
                .containsExactly("b: ", "nothing: ", "a: state of a", "c: ", "nothing: ");
        assertThat(log).endsWith("a suspended").doesNotContain("a shut down");
    }

    @Test
    void statesThatAreTooLargeTogetherAreAFailure() throws InterruptedException {
        assertThat(ServiceSession.STATES_BYTES_MAX).isEqualTo(Buffers.BUFFER_BYTES_MAX);
        for (String name : List.of("a", "b", "c")) {
            registry.register(new RecordingService(name, log) {
                @Override
                byte[] suspended(ProgramLink link) {
                    return new byte[name.equals("a") ? ServiceSession.STATES_BYTES_MAX : name.equals("b") ? 0 : 1];
                }
            });
        }
        ServiceSession session = start();
        port.sends(discover("a", "b"), call(0, "x"), call(1, "x"));
        port.receive();
        port.receive();
        port.receive();
        assertThat(stopAndSuspend(session)).hasSize(2);
        FakePort other = new FakePort();
        session = restore(other, new ServiceState("a", new byte[0]), new ServiceState("c", new byte[0]));
        other.receive();
        other.stop();
        assertThatThrownBy(session::suspend)
                .isInstanceOf(ServiceFailure.class)
                .hasMessage("the services' states are too large to be saved: more than 67108864 bytes, with service c");
    }

    @Test
    void programWithoutServicesHasNothingToSave() throws InterruptedException {
        assertThat(stopAndSuspend(start())).isEmpty();
        FakePort other = new FakePort();
        ServiceSession session = restore(other);
        other.stop();
        assertThat(session.suspend()).isEmpty();
        assertThat(other.unreceived()).isEmpty();
    }

    @Test
    void packetsThatAreNotTakenStay() throws InterruptedException {
        register("a");
        ServiceSession session = start();
        port.sends(discover("a"));
        port.receive();
        port.stop();
        port.sends(call(0, "later"));
        session.suspend();
        assertThat(port.untaken()).hasSize(1);
        assertThat(log).isEmpty();
    }

    @Test
    void packetInHandIsHandledBeforeTheStateIsTaken() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        registry.register(new RecordingService("a", log) {
            @Override
            Packet handled(Packet packet, ProgramLink link) throws InterruptedException {
                handling.countDown();
                proceed.await();
                return Packet.call(0, (byte) '!');
            }
        });
        ServiceSession session = start();
        port.sends(discover("a"), call(0, "x"));
        handling.await();
        port.stop();
        FutureTask<List<ServiceState>> suspending = new FutureTask<>(session::suspend);
        Thread.ofVirtual().start(suspending);
        proceed.countDown();
        assertThat(texts(suspending.get())).containsExactly("a: state of a");
        assertThat(port.unreceived()).extracting(Packets::text).last().isEqualTo("0 CALL 0 !");
        port.assertFaultless();
    }

    @Test
    void suspensionOfAProgramThatIsRunningEndsTheWaitingForPackets() throws InterruptedException {
        register("a");
        ServiceSession session = start();
        port.sends(discover("a"));
        port.receive();
        assertThat(texts(session.suspend())).containsExactly("a: ");
    }

    @Test
    void packetsSentWhileSuspendingAreKeptAndLaterOnesAreNot() throws InterruptedException {
        List<ProgramLink> kept = new CopyOnWriteArrayList<>();
        registry.register(new RecordingService("a", log) {
            @Override
            byte[] suspended(ProgramLink link) throws InterruptedException {
                kept.add(link);
                link.send(Packet.info(0, (byte) '!'));
                return new byte[0];
            }
        });
        ServiceSession session = start();
        port.sends(discover("a"), call(0, ""));
        port.receive();
        port.receive();
        stopAndSuspend(session);
        assertThat(port.unreceived()).extracting(Packets::text).containsExactly("0 INFO 0 !");
        kept.getFirst().send(Packet.info(0));
        kept.getFirst().failed("too late");
        kept.getFirst().violated(new PacketViolation("too late"));
        assertThat(port.unreceived()).hasSize(1);
        port.assertFaultless();
    }

    @Test
    void restoredServicesAreCreatedThenReadyThenStartedBeforeAnyPacket() {
        register("a", "b");
        port.sends(call(1, "x"));
        ServiceSession session = restore(port, state("b", "old b"), state("a", ""));
        assertThat(states(port.receive())).isEqualTo("-1 INFO 02 00 01 01");
        assertThat(text(port.receive())).isEqualTo("1 CALL 0 x");
        assertThat(log)
                .containsExactly(
                        "b created old b",
                        "a created ",
                        "b ready",
                        "a ready",
                        "b started",
                        "a started",
                        "a handles CALL");
        end(session);
    }

    private void end(ServiceSession session) {
        port.stop();
        try {
            session.shutdown();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void programIsToldAfterItsBufferedInputAndBeforeServicesSpeak() throws InterruptedException {
        registry.register(new RecordingService("a", log) {
            @Override
            void started(ProgramLink link) throws InterruptedException {
                link.send(Packet.info(0, (byte) 's'));
            }
        });
        port.send(Packet.info(0, (byte) 'b')); // what the program had not received
        ServiceSession session = restore(port, state("a", ""));
        assertThat(text(port.receive())).isEqualTo("0 INFO 0 b");
        assertThat(states(port.receive())).isEqualTo("-1 INFO 01 00 01");
        assertThat(text(port.receive())).isEqualTo("0 INFO 0 s");
        end(session);
    }

    @Test
    void serviceThatIsGoneIsUnavailableAndItsStateIsKept() throws InterruptedException {
        register("b");
        ServiceSession session = restore(port, state("gone", "kept"), state("b", "old"));
        assertThat(states(port.receive())).isEqualTo("-1 INFO 02 00 00 01");
        port.sends(call(0, "dropped"), call(1, "x"));
        assertThat(text(port.receive())).isEqualTo("1 CALL 0 x");
        assertThat(texts(stopAndSuspend(session))).containsExactly("gone: kept", "b: state of b");
    }

    @Test
    void suspensionRightAfterRestorationLosesNothing() throws InterruptedException {
        register("b");
        FakePort stopped = new FakePort();
        stopped.stop();
        ServiceSession session = restore(stopped, state("gone", "kept"), state("b", "old"));
        assertThat(texts(session.suspend())).containsExactly("gone: kept", "b: state of b");
        assertThat(stopped.unreceived()).extracting(Packets::states).containsExactly("-1 INFO 02 00 00 01");
    }

    /// A state may be forged, or saved by somebody who may do more.
    @Test
    void filtersHideServicesFromStatesToo() throws InterruptedException {
        registry.register(new RecordingService("members", log) {
            @Override
            public boolean discoverable(ServiceContext context) {
                return context.hasPrincipal();
            }
        });
        ServiceSession session = restore(port, state("members", "old"));
        assertThat(states(port.receive())).isEqualTo("-1 INFO 01 00 00");
        port.sends(call(0, "dropped"), discover("members"));
        assertThat(states(port.receive())).isEqualTo("-1 CALL 02 00 00 00");
        List<ServiceState> kept = stopAndSuspend(session);
        assertThat(texts(kept)).containsExactly("members: old", "members: ");
        assertThat(log).isEmpty();

        FakePort known = new FakePort();
        ServiceSession other = ServiceSession.restore("known", registry, new ServiceContext("local", ""), known, kept);
        assertThat(states(known.receive())).isEqualTo("-1 INFO 02 00 01 00");
        assertThat(log).containsExactly("members created old", "members ready", "members started");
        known.stop();
        other.shutdown();
    }

    @Test
    void nameThatMeantNothingTwiceBecomesOneService() {
        register("a");
        ServiceSession session = restore(port, state("a", ""), state("a", ""));
        assertThat(states(port.receive())).isEqualTo("-1 INFO 02 00 01 00");
        end(session);
    }

    @Test
    void restoredServiceCannotBeDiscoveredAgain() throws InterruptedException {
        register("a");
        ServiceSession session = restore(port, state("a", ""));
        port.sends(discover("a"));
        assertThat(port.violation()).isEqualTo("duplicate service");
        session.shutdown();
    }

    @Test
    void moreServicesThanPossibleAreAViolation() throws InterruptedException {
        ServiceSession session = ServiceSession.restore(
                "services-test", registry, ServiceContext.ANONYMOUS, port, Collections.nCopies(257, state("x", "")));
        assertThat(port.violation()).isEqualTo("too many services: 257");
        session.shutdown();
    }

    @Test
    void emptyOrLongNameIsAViolation() throws InterruptedException {
        for (String name : List.of("", "n".repeat(128), "ä".repeat(64))) {
            FakePort program = new FakePort();
            ServiceSession session = restore(program, state(name, ""));
            assertThat(program.violation()).isEqualTo("service name length out of bounds");
            session.shutdown();
        }
    }

    @Test
    void brokenProgramIsNotSuspended() {
        ServiceSession session = start();
        port.sends(call(0, ""));
        port.violation();
        assertThatThrownBy(session::suspend)
                .isInstanceOf(PacketViolation.class)
                .hasMessage("invalid service code in packet: 0");
    }

    @Test
    void serviceThatCannotBeSuspendedFailsAndTheOthersAreShutDown() {
        registry.register(new RecordingService("a", log) {
            @Override
            byte[] suspended(ProgramLink link) {
                throw new IllegalStateException("mistake");
            }
        });
        register("b");
        ServiceSession session = start();
        port.sends(discover("a", "b"), call(0, ""), call(1, ""));
        port.receive();
        port.receive();
        port.receive();
        port.stop();
        assertThatThrownBy(session::suspend).isInstanceOf(ServiceFailure.class).hasMessage("service a failed");
        assertThat(log).endsWith("a suspended", "a shut down", "b shut down");
    }
}
