// SPDX-License-Identifier: Apache-2.0
package gate.tests.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.server.grpc.GrpcLimits;
import gate.server.grpc.wire.Service;
import gate.server.service.ServiceFailure;
import gate.tests.service.FakePort;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that answers wrongly, or doesn't, costs the program that asked it, and nobody else.
final class HostileServiceTest extends RemotePrograms {
    private final TestServices services = new TestServices();
    private ServiceProcess process;

    @BeforeEach
    void begin() throws Exception {
        process = new ServiceProcess(socket(), services);
        connect(IMPATIENT, "unix:" + socket());
    }

    @AfterEach
    void end() {
        process.close();
    }

    private void assertOthersAreUnharmed(Running other) {
        other.port().sends(call(7));
        assertThat(number(other.port().receive())).isEqualTo(7);
        other.port().assertFaultless();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            empty  | service hostile sent a packet of 0 bytes
            short  | service hostile sent a packet of 7 bytes
            large  | service hostile sent a packet of 65537 bytes
            huge   | service hostile answered with too much
            size   | service hostile sent 8 bytes as a packet of 9 bytes
            domain | service hostile sent a malformed packet: invalid domain in packet: 4
            flags  | service hostile sent a malformed packet: invalid domain in packet: 16
            data   | service hostile sent a malformed packet: data packet is too short: 8 bytes
            refuse | service hostile failed
            hang   | service hostile doesn't answer
            end    | service hostile has ended its packets
            """)
    void wrongAnswerEndsTheProgramThatAsked(String how, String text) {
        Running other = start().discovers("test");
        Running program = start().discovers("hostile");
        program.port().sends(call(how));
        assertThat(program.port().failure()).isEqualTo(text);
        assertOthersAreUnharmed(other);
    }

    @Test
    void serviceThatMakesNoInstanceEndsTheProgramThatAsked() {
        Running other = start().discovers("test");
        Running program = start().discovers("slow");
        program.port().sends(call(1));
        assertThat(program.port().failure()).isEqualTo("service slow doesn't answer");
        assertOthersAreUnharmed(other);
    }

    @Test
    void processThatNeverSaysWhatItHasHindersTheStart() throws Exception {
        GrpcLimits impatient = new GrpcLimits(TimeUnit.SECONDS.toNanos(1), Long.MAX_VALUE, Long.MAX_VALUE);
        CountDownLatch mute = new CountDownLatch(1);
        try (ServiceProcess _ = new ServiceProcess(folder.resolve("o"), new TestServices(List.of(), mute))) {
            assertThatThrownBy(() -> connect(impatient, "unix:" + folder.resolve("o")))
                    .isInstanceOf(ServiceFailure.class)
                    .hasMessageStartingWith("services can't be reached: unix:")
                    .hasMessageContaining("DEADLINE_EXCEEDED");
            mute.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            endless          | service hostile doesn't stop sending packets
            hang at suspend  | service hostile doesn't answer
            hang at snapshot | service hostile doesn't stop sending packets
            huge state       | service hostile answered with too much
            """)
    void suspensionDoesNotWaitForever(String how, String text) throws InterruptedException {
        Running other = start().discovers("test");
        Running program = start().discovers("hostile");
        program.port().sends(call(how));
        assertThat(services.wrongs.take()).isEqualTo(how);
        assertThatThrownBy(program::suspend).isInstanceOf(ServiceFailure.class).hasMessage(text);
        assertOthersAreUnharmed(other);
    }

    /// Nothing waits for a program that has stopped, and everything that it is given is kept for it.
    @Test
    void processThatFloodsAProgramThatHasStoppedIsHeldUp() throws InterruptedException {
        Running program = start(new FakePort(1), SOMEBODY).discovers("hostile");
        program.port().sends(call("flood"));
        assertThat(services.wrongs.take()).isEqualTo("flood");
        program.port().awaitBlocked(1);
        program.port().stop();
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(program.port().unreceived()).hasSizeLessThan(4);
        assertThatThrownBy(program::suspend)
                .isInstanceOf(ServiceFailure.class)
                .hasMessage("service hostile doesn't stop sending packets");
        assertThat(program.port().unreceived()).hasSizeLessThan(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "with space"})
    void namesThatAreNotPossibleAreRefused(String name) throws Exception {
        assertRefused(List.of(TestServices.service(name, false)), "a service's name has");
    }

    @Test
    void namesThatAreTakenAreRefused() throws Exception {
        assertRefused(
                List.of(TestServices.service("twice", false), TestServices.service("twice", false)),
                "two services of the name 'twice'");
    }

    @Test
    void tooManyServicesAreRefused() throws Exception {
        assertRefused(
                IntStream.range(0, 257)
                        .mapToObj(i -> TestServices.service("s" + i, false))
                        .toList(),
                "too many services: 257");
    }

    @Test
    void hugeListOfServicesIsRefused() throws Exception {
        assertRefused(
                IntStream.range(0, 100_000)
                        .mapToObj(i -> TestServices.service("s" + i, false))
                        .toList(),
                "RESOURCE_EXHAUSTED");
    }

    private void assertRefused(List<Service> services, String text) throws Exception {
        try (ServiceProcess _ = new ServiceProcess(folder.resolve("o"), new TestServices(services))) {
            assertThatThrownBy(() -> connect(GrpcLimits.DEFAULT, "unix:" + folder.resolve("o")))
                    .isInstanceOf(ServiceFailure.class)
                    .hasMessageContaining(text);
        }
    }
}
