// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Packet;
import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.executor.host.instance.Launch;
import gate.tests.instance.World;
import gate.tests.tidy.Repository;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every rule of reference 1.3 and 1.4 broken by a program that runs with all its services: what it is ended with, and
/// that another program beside it goes on. A row is a rule.
final class MalformedPacketsTest {
    /// Their codes are 0 to 4; nothing has the name of the last.
    private static final Packet DISCOVERED =
            SpeakingProgram.discover("origin", "scope", "random", "internal/test", "nothing");

    private final World world = new World();
    private World.Running bystander;

    MalformedPacketsTest() throws Exception {
        bystander = world.launch(World.example(Repository.root().resolve("examples/hello/hello.wat")), Launch.of("by"));
    }

    @BeforeEach
    void bystanderRuns() {
        assertThat(bystander.instance().status().state()).isEqualTo(State.RUNNING);
    }

    @AfterEach
    void bystanderIsServed() throws InterruptedException {
        assertThat(bystander.exchange("")).isEqualTo("hello, world\n");
        assertThat(bystander.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
        world.close();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    /// What becomes of a program that sends these bytes after its discovery.
    private Status sent(byte[] bytes, String then) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(SpeakingProgram.sent(List.of(DISCOVERED)));
        all.writeBytes(bytes);
        return world.launch(World.text(SpeakingProgram.text(all.toByteArray(), then)), Launch.of("hostile"))
                .instance()
                .await();
    }

    /// Whether it goes on to wait or to exit.
    private void assertViolation(byte[] bytes, String text) throws Exception {
        Status violated = new Status(State.KILLED, Cause.ABI_VIOLATION, 0, text);
        assertThat(sent(bytes, SpeakingProgram.RECEIVE_ALL)).isEqualTo(violated);
        assertThat(sent(bytes, SpeakingProgram.SPIN)).isEqualTo(violated);
        assertThat(sent(bytes, "(i32.const 0)")).isEqualTo(violated);
        assertThat(sent(bytes, "(call $exit (i32.const 0)) (unreachable)")).isEqualTo(violated);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            00 00 00 00 00 00 00 00 | 0
            07 00 00 00 00 00 00 00 | 7
            01 00 01 00 00 00 00 00 | 65537
            ff ff ff 7f 00 00 00 00 | 2147483647
            00 00 00 80 00 00 00 00 | 2147483648
            ff ff ff ff 00 00 00 00 | 4294967295
            """)
    void sizeThatIsNotPossible(String hex, String size) throws Exception {
        assertViolation(bytes(hex), "runtime: invalid op packet size: " + size);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            08 00 00 00 fe ff 00 00                         | invalid code in incoming packet: -2
            08 00 00 00 00 80 00 00                         | invalid code in incoming packet: -32768
            08 00 00 00 05 00 00 00                         | invalid service code in packet: 5
            08 00 00 00 ff 7f 00 00                         | invalid service code in packet: 32767
            08 00 00 00 00 00 04 00                         | invalid domain in packet: 4
            08 00 00 00 00 00 0f 00                         | invalid domain in packet: 15
            08 00 00 00 00 00 10 00                         | invalid domain in packet: 16
            08 00 00 00 03 00 f0 00                         | invalid domain in packet: 240
            08 00 00 00 04 00 07 00                         | invalid domain in packet: 7
            0f 00 00 00 00 00 03 00 00 00 00 00 00 00 00 00 | data packet is too short: 15 bytes
            08 00 00 00 00 00 03 00                         | data packet is too short: 8 bytes
            08 00 00 00 04 00 03 00                         | data packet is too short: 8 bytes
            """)
    void header(String hex, String text) throws Exception {
        assertViolation(bytes(hex), text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0a 00 00 00 ff ff 01 00 00 00 00 00 00 00 00 00 | service discovery packet has wrong domain: 1
            0a 00 00 00 ff ff 02 00 00 00 00 00 00 00 00 00 | service discovery packet has wrong domain: 2
            10 00 00 00 ff ff 03 00 00 00 00 00 00 00 00 00 | service discovery packet has wrong domain: 3
            08 00 00 00 ff ff 00 00                         | service discovery packet is too short: 8 bytes
            09 00 00 00 ff ff 00 00 00 00 00 00 00 00 00 00 | service discovery packet is too short: 9 bytes
            0a 00 00 00 ff ff 00 00 01 00 00 00 00 00 00 00 | service discovery packet is truncated
            0a 00 00 00 ff ff 00 00 ff ff 00 00 00 00 00 00 | service discovery packet is truncated
            0c 00 00 00 ff ff 00 00 01 00 02 78 00 00 00 00 | service discovery packet is truncated
            0c 00 00 00 ff ff 00 00 02 00 01 78 00 00 00 00 | service discovery packet is truncated
            0b 00 00 00 ff ff 00 00 01 00 00 00 00 00 00 00 | service name length out of bounds
            0c 00 00 00 ff ff 00 00 01 00 80 78 00 00 00 00 | service name length out of bounds
            0c 00 00 00 ff ff 00 00 01 00 ff 78 00 00 00 00 | service name length out of bounds
            0c 00 00 00 ff ff 00 00 01 00 01 ff 00 00 00 00 | service name is no UTF-8 text
            """)
    void discovery(String hex, String text) throws Exception {
        assertViolation(bytes(hex), text);
    }

    @Test
    void serviceDiscoveredTwice() throws Exception {
        assertViolation(SpeakingProgram.sent(List.of(SpeakingProgram.discover("origin"))), "duplicate service");
        assertViolation(
                SpeakingProgram.sent(List.of(SpeakingProgram.discover("identity", "nothing", "identity"))),
                "duplicate service");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10 00 00 00 02 00 02 00 00 00 00 00 01 00 00 00 | service[2] received packet with unexpected domain: flow
            10 00 00 00 03 00 03 00 00 00 00 00 00 00 00 00 | service[3] received packet with unexpected domain: data
            10 00 00 00 00 00 02 00 00 00 00 00 01 00 00 00 | stream not found: 0
            10 00 00 00 00 00 02 00 ff ff ff ff 01 00 00 00 | stream not found: -1
            10 00 00 00 00 00 03 00 ff ff ff 7f 00 00 00 00 | stream not found: 2147483647
            10 00 00 00 00 00 03 00 00 00 00 80 00 00 00 00 | stream not found: -2147483648
            0a 00 00 00 01 00 00 00 00 01 00 00 00 00 00 00 | scope packet is truncated
            0c 00 00 00 01 00 00 00 00 01 02 61 00 00 00 00 | scope packet is truncated
            0c 00 00 00 01 00 00 00 00 01 01 3a 00 00 00 00 | scope string is invalid
            """)
    void service(String hex, String text) throws Exception {
        assertViolation(bytes(hex), text);
    }

    @Test
    void moreAcceptsThanAProgramCanTellApart() throws Exception {
        byte[] accepts = SpeakingProgram.sent(java.util.Collections.nCopies(257, Packet.call(0)));
        assertViolation(accepts, "too many outstanding accepts");
    }

    /// What looks wrong and isn't: reference 1.3 has it ignored, or leaves it to the receiver.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a call's index                                | 09 00 00 00 03 00 00 07 61 ff ff ff ff ff ff ff
            padding that isn't zero                       | 0f 00 00 00 03 00 00 00 61 62 63 64 65 66 67 ff
            anything to a service that isn't there        | 10 00 00 00 04 00 02 00 00 00 00 00 ff ff ff ff
            data to a service that isn't there            | 11 00 00 00 04 00 03 00 00 00 00 00 00 00 00 00 61 00 00 00 00 00 00 00
            what follows the names                        | 0f 00 00 00 ff ff 00 00 01 00 01 78 ff ff ff 00
            a name that means nothing, again              | 12 00 00 00 ff ff 00 00 01 00 07 6e 6f 74 68 69 6e 67 00 00 00 00 00 00
            no names                                      | 0a 00 00 00 ff ff 00 00 00 00 00 00 00 00 00 00
            a flow packet without entries                 | 08 00 00 00 00 00 02 00
            a flow packet with less than an entry         | 0f 00 00 00 00 00 02 00 01 02 03 04 05 06 07 00
            a call that a service doesn't know            | 09 00 00 00 01 00 00 00 7f 00 00 00 00 00 00 00
            a message to a service that has none          | 08 00 00 00 02 00 01 00
            a header that isn't complete                  | 10 00 00 00
            a packet that isn't complete                  | 10 00 00 00 03 00 00 00 61 62
            """)
    void whatIsIgnored(String what, String hex) throws Exception {
        assertThat(sent(bytes(hex), "(i32.const 0)")).as(what).isEqualTo(Status.exited(State.HALTED, 0));
    }

    @Test
    void namesBeyondTheMostAreDropped() throws Exception {
        String[] names = new String[300];
        java.util.Arrays.setAll(names, i -> "name" + i);
        byte[] bytes = SpeakingProgram.sent(List.of(SpeakingProgram.discover(names), Packet.call(255)));
        assertThat(sent(bytes, "(i32.const 0)")).isEqualTo(Status.exited(State.HALTED, 0));
        assertViolation(
                SpeakingProgram.sent(List.of(SpeakingProgram.discover(names), Packet.call(256))),
                "invalid service code in packet: 256");
    }

    /// The first rule that is broken is the one that is told; what follows is never looked at.
    @Test
    void nothingIsLookedAtAfterAViolation() throws Exception {
        assertViolation(
                bytes("08 00 00 00 fd ff 00 00 08 00 00 00 fc ff 00 00"), "invalid code in incoming packet: -3");
        // A size is looked at when it arrives, the rest in the packet's turn.
        assertViolation(bytes("08 00 00 00 fd ff 00 00 00 00 00 00 00 00 00 00"), "runtime: invalid op packet size: 0");
    }
}
