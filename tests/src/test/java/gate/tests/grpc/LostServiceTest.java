// SPDX-License-Identifier: Apache-2.0
package gate.tests.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import gate.server.grpc.GrpcLimits;
import gate.server.grpc.ServiceTarget;
import gate.server.service.ServiceFailure;
import gate.server.service.ServiceState;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that ends takes the programs that use it along; others go on, and new ones use it when it is
/// back.
final class LostServiceTest extends RemotePrograms {
    private static final int PROGRAMS = 20;

    @Test
    void programsOfALostServiceEndAndLaterOnesUseTheNewProcess() throws Exception {
        Running program;
        Running unrelated;
        List<ServiceState> saved;
        try (ServiceProcess _ = new ServiceProcess(socket(), new TestServices())) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
            program = start().discovers("test");
            exchange(program, 1);
            unrelated = start().discovers("test"); // but never used
            saved = List.of(
                    new ServiceState("test", EchoInstance.state(List.of(ByteString.copyFrom(call(5).buffer())))));
        }
        assertThat(program.port().failure()).isEqualTo("service test was lost");
        assertThatThrownBy(program::suspend).isInstanceOf(ServiceFailure.class);
        TestServices again = new TestServices();
        try (ServiceProcess _ = new ServiceProcess(socket(), again)) {
            exchange(unrelated, 2);
            exchange(start().discovers("test"), 3);
            assertThat(number(restore(saved).port().receive())).isEqualTo(5);
            assertThat(again.calls.take()).isEqualTo("Init");
            assertThat(again.calls).doesNotContain("Init");
        }
    }

    @Test
    void serviceThatStaysAwayEndsWhoWantsIt() throws Exception {
        try (ServiceProcess _ = new ServiceProcess(socket(), new TestServices())) {
            connect(IMPATIENT, "unix:" + socket());
        }
        Running program = start().discovers("test");
        program.port().sends(call(1));
        assertThat(program.port().failure()).startsWith("service test ");
    }

    @Test
    void whoWaitsForAMuteProcessWaitsWithTheOthersAndNotAfterThem() throws Exception {
        try (ServiceProcess _ = new ServiceProcess(socket(), new TestServices())) {
            connect(IMPATIENT, "unix:" + socket());
        }
        TestServices mute = new TestServices(List.of(), new CountDownLatch(1));
        try (ServiceProcess _ = new ServiceProcess(socket(), mute)) {
            List<Running> programs = new ArrayList<>();
            for (int i = 0; i < PROGRAMS; i++) {
                programs.add(start().discovers("test"));
            }
            programs.forEach(program -> program.port().sends(call(1)));
            for (Running program : programs) {
                assertThat(program.port().failure()).isEqualTo("service test doesn't answer");
            }
            // It was asked once, or perhaps again by who was late; not once for each.
            assertThat(mute.calls).hasSizeLessThan(PROGRAMS / 2);
            mute.mute.countDown();
        }
    }

    @Test
    void serviceThatIsNotOfferedAnyMoreEndsWhoWantsIt() throws Exception {
        try (ServiceProcess _ = new ServiceProcess(socket(), new TestServices())) {
            connect(GrpcLimits.DEFAULT, "unix:" + socket());
        }
        try (ServiceProcess _ = new ServiceProcess(socket(), new TestServices(List.of()))) {
            Running program = start().discovers("test");
            program.port().sends(call(1));
            assertThat(program.port().failure()).isEqualTo("service test isn't there any more");
        }
    }

    @Test
    void startedProcessThatIsKilledIsStartedAgain() throws Exception {
        connect(GrpcLimits.DEFAULT, ServiceProcess.command(folder));
        Set<Long> first = processes();
        assertThat(first).hasSize(1);
        Running program = start().discovers("test");
        exchange(program, 1);
        ProcessHandle.of(first.iterator().next()).orElseThrow().destroyForcibly();
        assertThat(program.port().failure()).isEqualTo("service test was lost");
        exchange(start().discovers("test"), 2);
        assertThat(processes()).hasSize(2);
        closeAll();
        for (long process : processes()) {
            assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    private Set<Long> processes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> Long.valueOf(file.getFileName().toString()))
                    .collect(Collectors.toSet());
        }
    }

    private static void exchange(Running program, int number) {
        program.port().sends(call(number));
        assertThat(number(program.port().receive())).isEqualTo(number);
    }

    @Test
    void missingServiceHindersTheStart() {
        assertThatThrownBy(() -> connect(GrpcLimits.DEFAULT, "unix:" + socket()))
                .isInstanceOf(ServiceFailure.class)
                .hasMessageContaining("services can't be reached: unix:" + socket());
    }

    @Test
    void missingOptionalServiceDoesNot() throws Exception {
        connect(GrpcLimits.DEFAULT, "unix:" + socket() + ",optional");
        connect(GrpcLimits.DEFAULT, "127.0.0.1:1,optional");
        assertThat(registry.discoverable(SOMEBODY)).isEmpty();
    }

    @Test
    void optionalServiceThatDoesNotAnswerDoesNotEither() throws Exception {
        GrpcLimits impatient =
                new GrpcLimits(TimeUnit.MILLISECONDS.toNanos(300), IMPATIENT.callNanos(), IMPATIENT.drainNanos());
        try (ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(UnixDomainSocketAddress.of(socket()));
            connect(impatient, "unix:" + socket() + ",optional");
            assertThat(registry.discoverable(SOMEBODY)).isEmpty();
            assertThatThrownBy(() -> connect(impatient, "unix:" + socket()))
                    .isInstanceOf(ServiceFailure.class)
                    .hasMessageContaining("services can't be reached: unix:" + socket());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nonexistent/program", "/etc/passwd", "@/nonexistent/program name"})
    void commandThatIsNoneHindersTheStart(String command) {
        assertThatThrownBy(() -> connect(GrpcLimits.DEFAULT, command))
                .isInstanceOf(ServiceFailure.class)
                .hasMessageMatching("services can't be reached: .*(doesn't exist|may not be run)");
    }

    @Test
    void processThatEndsAtOnceHindersTheStart() {
        assertThatThrownBy(() -> connect(GrpcLimits.DEFAULT, "sh -c 'exit 3'"))
                .isInstanceOf(ServiceFailure.class)
                .hasMessageContaining("services can't be reached: sh: ");
    }

    @Test
    void processIsGivenLittleOfOurEnvironment() throws Exception {
        Path environment = folder.resolve("environment");
        assertThatThrownBy(
                        () -> connect(GrpcLimits.DEFAULT, "sh -c 'cat /proc/$$/environ >" + environment + "; exit 3'"))
                .isInstanceOf(ServiceFailure.class);
        Map<String, String> expected = new HashMap<>(System.getenv());
        assertThat(expected).containsKey("PATH").hasSizeGreaterThan(4);
        expected.keySet().retainAll(Set.of("PATH", "HOME", "TMPDIR", "LANG"));
        assertThat(Files.readString(environment).split("\0"))
                .containsExactlyInAnyOrderElementsOf(expected.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }

    @Test
    void targetsAreUnderstood() {
        assertThat(ServiceTarget.parse("unix:/run/a b,optional"))
                .isEqualTo(new ServiceTarget.Unix(Path.of("/run/a b"), true));
        assertThat(ServiceTarget.parse("localhost:80")).isEqualTo(new ServiceTarget.Tcp("localhost", 80, true, false));
        assertThat(ServiceTarget.parse("example.com:80,optional"))
                .isEqualTo(new ServiceTarget.Tcp("example.com", 80, false, true));
        assertThat(ServiceTarget.parse("dns:///localhost:50051"))
                .isEqualTo(new ServiceTarget.Tcp("localhost", 50051, true, false));
        assertThat(ServiceTarget.parse("dns:example.com:80,optional"))
                .isEqualTo(new ServiceTarget.Tcp("example.com", 80, false, true));
        assertThat(ServiceTarget.parse("./a:b c")).isEqualTo(new ServiceTarget.Command("./a:b", List.of("./a:b", "c")));
        assertThat(ServiceTarget.parse("[::2]:80,insecure,optional"))
                .isEqualTo(new ServiceTarget.Tcp("[::2]", 80, true, true));
        assertThat(ServiceTarget.parse(" a 'b  c'\"d\" '' "))
                .isEqualTo(new ServiceTarget.Command("a", List.of("a", "b  cd", "")));
        assertThat(ServiceTarget.parse("@/bin/a b c"))
                .isEqualTo(new ServiceTarget.Command("/bin/a", List.of("b", "c")));
        assertThat(ServiceTarget.parse("@/bin/a")).isEqualTo(new ServiceTarget.Command("/bin/a", List.of("/bin/a")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dns:///localhost",
                "dns://8.8.8.8/localhost:50051",
                "ipv4:127.0.0.1:50051",
                "xds:///service",
                "http://localhost:50051",
                "unix-abstract:name",
                "vsock:1:2"
            })
    void addressOfAnotherKindIsNotTakenForACommand(String text) {
        assertThatThrownBy(() -> ServiceTarget.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write unix:/path, host:port or a command line");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "@", "unix:", "unix:\0", "a:0", "a:70000", "a:1,b", "'a", "a \0", "localhost:port"})
    void whatIsNoTargetIsRefused(String text) {
        assertThatThrownBy(() -> ServiceTarget.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
