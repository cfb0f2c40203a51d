// SPDX-License-Identifier: Apache-2.0
package gate.tests.service;

import static gate.tests.service.Packets.bytes;
import static gate.tests.service.Packets.call;
import static gate.tests.service.Packets.content;
import static gate.tests.service.Packets.hex;
import static gate.tests.service.Packets.text;
import static org.assertj.core.api.Assertions.assertThat;

import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.server.service.ServiceContext;
import gate.server.service.builtin.ProgramServices;
import gate.server.service.builtin.RandomBytes;
import gate.server.service.origin.OriginOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Catalog, identity, scope and the test service.
final class BuiltinServicesTest {
    private final ProgramServices.Options options = ServedProgram.options(OriginOptions.DEFAULT);

    private ServedProgram start(String... names) {
        return ServedProgram.start(options, names);
    }

    private static Packet info(int code, String text) {
        return Packet.of(code, Domain.INFO, 0, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void discoveryOfTheReferencesExample() throws InterruptedException {
        FakePort port = new FakePort();
        ProgramServices services =
                new ProgramServices("services-test", options, ServiceContext.ANONYMOUS, List.of(), port, null);
        port.sends(Packet.wrap(bytes("23 00 00 00 ff ff 00 00 03 00 06 6f 72 69 67 69 6e 04 74 65 73 74"
                + " 0c 5f 6e 6f 6e 65 78 69 73 74 65 6e 74")));
        assertThat(hex(port.receive())).isEqualTo("0d 00 00 00 ff ff 00 00 03 00 01 00 00");
        port.stop();
        services.shutdown();
    }

    @Test
    void catalogListsWhatMayBeDiscovered() {
        try (ServedProgram program = start("catalog")) {
            assertThat(text(program.exchange(call(0, "json")))).isEqualTo("""
                    0 CALL 0 {
                    	"services": [
                    		{
                    			"name": "catalog",
                    			"revision": "0"
                    		},
                    		{
                    			"name": "identity",
                    			"revision": "0"
                    		},
                    		{
                    			"name": "internal/test",
                    			"revision": "10.23.456-7"
                    		},
                    		{
                    			"name": "origin",
                    			"revision": "0"
                    		},
                    		{
                    			"name": "random",
                    			"revision": "0"
                    		},
                    		{
                    			"name": "scope",
                    			"revision": "0"
                    		}
                    	]
                    }
                    """);
        }
    }

    @Test
    void catalogHidesWhatIsHidden() {
        ProgramServices.Options noRandom = ServedProgram.options(0, new FakeClock());
        try (ServedProgram program =
                ServedProgram.start(new FakePort(), noRandom, ServiceContext.ANONYMOUS, "catalog")) {
            assertThat(content(program.exchange(call(0, "json"))))
                    .doesNotContain("internal/test")
                    .doesNotContain("random")
                    .contains("identity");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "jso", "json ", "JSON"})
    void catalogAnswersAnythingElseWithNothing(String question) {
        try (ServedProgram program = start("catalog")) {
            assertThat(text(program.exchange(call(0, question)))).isEqualTo("0 CALL 0 ");
        }
    }

    @Test
    void messagesAreNotAnswered() {
        try (ServedProgram program = start("catalog", "identity", "scope", "random", "internal/test")) {
            for (int code = 0; code < 5; code++) {
                program.port.sends(info(code, "json"));
            }
            assertThat(text(program.exchange(call(4, "next")))).isEqualTo("4 CALL 0 next");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00, ed25519:key",
        "01, 01234567-89ab-cdef-0123-456789abcdef",
        "01 02, 01234567-89ab-cdef-0123-456789abcdef",
        "02, ''",
        "ff, ''"
    })
    void identityAnswers(String question, String answer) {
        try (ServedProgram program = start("identity")) {
            assertThat(content(program.exchange(Packet.call(0, bytes(question)))))
                    .isEqualTo(answer);
        }
    }

    @Test
    void identityOfNobodyIsEmpty() {
        try (ServedProgram program =
                ServedProgram.start(new FakePort(), options, ServiceContext.ANONYMOUS, "identity")) {
            assertThat(content(program.exchange(Packet.call(0)))).isEmpty();
            assertThat(content(program.exchange(Packet.call(0, (byte) 0)))).isEmpty();
            assertThat(content(program.exchange(Packet.call(0, (byte) 1)))).isEmpty();
        }
    }

    @Test
    void testServiceEchoesAndNeedsAPrincipal() {
        try (ServedProgram program = start("internal/test")) {
            Packet odd = Packet.of(0, Domain.CALL, 7, (byte) 'x');
            assertThat(text(program.exchange(odd))).isEqualTo("0 CALL 0 x");
            assertThat(program.exchange(Packet.call(0, new byte[Packet.CONTENT_MAX]))
                            .size())
                    .isEqualTo(65536);
        }
        FakePort port = new FakePort();
        try (ServedProgram program = ServedProgram.start(port, options, ServiceContext.ANONYMOUS, "internal/test")) {
            program.port.sends(call(0, "dropped"));
            assertThat(Packets.states(program.exchange(Packets.discover()))).isEqualTo("-1 CALL 01 00 00");
        }
    }

    // Scope.

    private static final String SYSTEM = "0e 70 72 6f 67 72 61 6d 3a 73 79 73 74 65 6d"; // program:system
    private static final String OTHER = "05 6f 74 68 65 72"; // other

    @Test
    void programGivesUpScopes() throws InterruptedException {
        try (ServedProgram program = start("scope")) {
            assertThat(program.services.scope().permits("program:system")).isTrue();
            assertThat(program.services.scope().permits("x")).isFalse();
            assertThat(hex(program.exchange(Packet.call(0, bytes("00 02 " + OTHER + " 01 78")))))
                    .isEqualTo("0a 00 00 00 00 00 00 00 00 00");
            assertThat(program.services.scope().permits("program:system")).isFalse();
            assertThat(program.services.scope().permits("other")).isTrue();
            assertThat(program.services.scope().permits("x"))
                    .as("was not granted")
                    .isFalse();
            program.exchange(Packet.call(0, bytes("00 02 " + OTHER + " " + SYSTEM)));
            assertThat(program.services.scope().permits("program:system")).isFalse();
            assertThat(program.services.scope().permits("other")).isTrue();
            assertThat(program.suspendedState()).isEqualTo(bytes("01 " + OTHER));
        }
    }

    @Test
    void restrictionGoesOn() throws InterruptedException {
        try (ServedProgram program = ServedProgram.restore(options, "scope", bytes("01 " + OTHER))) {
            program.exchange(Packet.call(0, bytes("00 01 " + SYSTEM)));
            assertThat(program.services.scope().permits("other")).isFalse();
            assertThat(program.services.scope().permits("program:system")).isFalse();
            assertThat(program.suspendedState()).isEqualTo(bytes("00"));
        }
        try (ServedProgram program = ServedProgram.restore(options, "scope", bytes("00"))) {
            assertThat(text(program.exchange(Packet.call(0)))).isEqualTo("0 CALL 0 ");
            assertThat(program.services.scope().permits("other")).isFalse();
        }
    }

    @Test
    void programThatRestrictsNothingHasNoState() throws InterruptedException {
        try (ServedProgram program = start("scope")) {
            assertThat(text(program.exchange(Packet.call(0, (byte) 1)))).isEqualTo("0 CALL 0 ");
            assertThat(program.suspendedState()).isEmpty();
        }
    }

    @Test
    void largestRestrictionRoundTrips() throws InterruptedException {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.write(0);
        out.write(255);
        for (int i = 0; i < 255; i++) {
            out.write(250);
            out.writeBytes(("s" + (1000 + i) + "x".repeat(245)).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        try (ServedProgram program = start("scope")) {
            program.exchange(Packet.call(0, out.toByteArray()));
            byte[] state = program.suspendedState();
            assertThat(state).hasSize(out.size() - 1);
            try (ServedProgram again = ServedProgram.restore(options, "scope", state)) {
                assertThat(again.suspendedState()).isEqualTo(state);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00, scope packet is truncated",
        "00 01, scope packet is truncated",
        "00 01 02 61, scope packet is truncated",
        "00 01 00, scope string is invalid",
        "00 01 01 3a, scope string is invalid",
        "00 01 02 3a 61, scope string is invalid",
        "00 01 02 61 3a, scope string is invalid",
        "00 01 04 61 3a 3a 61, scope string is invalid",
        "00 01 01 20, scope string is invalid",
        "00 01 01 e4, scope string is invalid",
    })
    void malformedScopesAreViolations(String call, String violation) {
        try (ServedProgram program = start("scope")) {
            program.port.sends(Packet.call(0, bytes(call)));
            assertThat(program.port.violation()).isEqualTo(violation);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "catalog, 01, malformed state of service catalog: it has 1 bytes too many",
        "identity, 00 00, malformed state of service identity: it has 2 bytes too many",
        "internal/test, 01, malformed state of service internal/test: it has 1 bytes too many",
        "random, 00, malformed state of service random: its first byte isn't 1",
        "random, 01 01, malformed state of service random: it has 1 bytes too many",
        "scope, 01, malformed state of service scope: it is truncated",
        "scope, 01 02 61, malformed state of service scope: it is truncated",
        "scope, 01 01 3a, scope string is invalid",
        "scope, 01 01 61 00, malformed state of service scope: it has 1 bytes too many",
    })
    void forgedStateIsAViolation(String service, String state, String violation) {
        try (ServedProgram program =
                ServedProgram.restore(options, List.of(new gate.server.service.ServiceState(service, bytes(state))))) {
            assertThat(program.port.violation()).isEqualTo(violation);
        }
    }

    @Test
    void defaultsAreTheOriginals() {
        assertThat(OriginOptions.DEFAULT).isEqualTo(new OriginOptions(32_768, 3));
        assertThat(RandomBytes.BITS_PER_MINUTE).isEqualTo(7680);
    }
}
