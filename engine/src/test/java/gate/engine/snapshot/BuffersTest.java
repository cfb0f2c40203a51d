// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The content of `gate.buffer`: reference 7.4.
final class BuffersTest {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    /// As reference 7.8 prints it: three services, and the answer to their discovery, which the program hasn't
    /// received.
    private static final byte[] VECTOR_INPUT = HEX.parseHex("0d 00 00 00 ff ff 00 00 03 00 01 00 00 00 00 00");

    private static final byte[] VECTOR = HEX.parseHex("10 00 03"
            + " 06 6f 72 69 67 69 6e 00"
            + " 04 74 65 73 74 00"
            + " 0c 5f 6e 6f 6e 65 78 69 73 74 65 6e 74 00"
            + " 0d 00 00 00 ff ff 00 00 03 00 01 00 00 00 00 00");

    private static Buffers decode(byte[] bytes) throws CorruptSnapshotException {
        return Buffers.decode(new FileCursor(MemorySegment.ofArray(bytes), 0, bytes.length));
    }

    private static Buffers.ServiceState service(String name, int... state) {
        byte[] bytes = new byte[state.length];
        for (int i = 0; i < state.length; i++) {
            bytes[i] = (byte) state[i];
        }
        return new Buffers.ServiceState(name, bytes);
    }

    private static void assertEqual(Buffers buffers, Buffers expected) {
        assertThat(buffers.input()).isEqualTo(expected.input());
        assertThat(buffers.output()).isEqualTo(expected.output());
        assertThat(buffers.services()).usingRecursiveComparison().isEqualTo(expected.services());
    }

    private static void assertBothWays(byte[] bytes, Buffers expected) throws CorruptSnapshotException {
        assertEqual(decode(bytes), expected);
        assertThat(expected.encode()).isEqualTo(bytes);
    }

    @Test
    void printedBytesAreReadAndWritten() throws CorruptSnapshotException {
        List<Buffers.ServiceState> services = List.of(service("origin"), service("test"), service("_nonexistent"));
        assertBothWays(VECTOR, new Buffers(services, VECTOR_INPUT, new byte[0]));
    }

    /// Input, output, and states in the services' order.
    @Test
    void everyPartHasItsPlace() throws CorruptSnapshotException {
        byte[] bytes = HEX.parseHex("02 03 03 01 61 01 01 62 00 01 63 02 01 02 11 12 13 21 31 32");
        List<Buffers.ServiceState> services = List.of(service("a", 0x21), service("b"), service("c", 0x31, 0x32));
        assertBothWays(bytes, new Buffers(services, new byte[] {1, 2}, new byte[] {0x11, 0x12, 0x13}));
        assertBothWays(HEX.parseHex("00 00 00"), Buffers.EMPTY);
    }

    @Test
    void nameOf127BytesAnd256ServicesAreTheMost() throws CorruptSnapshotException {
        String longest = "é".repeat(63) + "x";
        Buffers most = new Buffers(Collections.nCopies(256, service(longest, 7)), new byte[0], new byte[0]);
        byte[] bytes = most.encode();
        assertThat(bytes).startsWith(0, 0, 0x80, 0x02, 127).hasSize(4 + 256 * (1 + 127 + 1 + 1));
        assertEqual(decode(bytes), most);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            00 00 01 00                            | service name length out of bounds
            00 00 01 80 61                         | service name length out of bounds
            00 00 01 ff 61                         | service name length out of bounds
            00 00 01 02 ff ff 00                   | a service's name is no UTF-8 text
            00 00 81 02                            | the number of services is out of range: 257
            00 00 ff ff ff ff 0f                   | the number of services is out of range: 4294967295
            81 80 80 20 00 00                      | the size of buffered input is out of range: 67108865
            00 81 80 40 00                         | the size of buffered output is out of range: 1048577
            00 00 01 01 61 81 80 80 20             | the size of a service's state is out of range: 67108865
            00 00 02 01 61 80 80 80 20 01 62 01    | the size of a service's state is out of range: 1
            00 00 00 00                            | invalid buffer section in wasm module
            01 00 00 61 62                         | invalid buffer section in wasm module
            01 00 00                               | truncated
            00 01 00                               | truncated
            00 00 01 01 61 01                      | truncated
            00 00 01 05 61 62                      | truncated
            00 00 01                               | truncated
            00 00                                  | truncated
            """)
    void whatIsRefused(String hex, String reason) {
        assertThatThrownBy(() -> decode(HEX.parseHex(hex)))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void noPartOfTheVectorIsEnough() {
        for (int length = 0; length < VECTOR.length; length++) {
            byte[] part = Arrays.copyOf(VECTOR, length);
            assertThatThrownBy(() -> decode(part)).isInstanceOf(CorruptSnapshotException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 128, 1000})
    void nameThatCannotBeReadBackIsNotWritten(int length) {
        Buffers wrong = new Buffers(List.of(service("x".repeat(length))), new byte[0], new byte[0]);
        assertThatThrownBy(wrong::encode)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("service name length out of bounds");
    }

    /// Each by one; half of the states is shared to save memory.
    @Test
    void moreThanCanBeReadBackIsNotWritten() {
        byte[] none = {};
        byte[] half = new byte[Buffers.BUFFER_BYTES_MAX / 2];
        Buffers.ServiceState large = new Buffers.ServiceState("large", half);
        List<Buffers> tooLarge = List.of(
                new Buffers(List.of(), new byte[Buffers.BUFFER_BYTES_MAX + 1], none),
                new Buffers(List.of(), none, new byte[Buffers.SAVED_OUTPUT_BYTES_MAX + 1]),
                new Buffers(List.of(large, large, service("one", 1)), none, none),
                new Buffers(Collections.nCopies(257, service("name")), none, none));
        for (Buffers buffers : tooLarge) {
            assertThatThrownBy(buffers::encode)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("buffers are too large to be saved");
        }
    }

    @Test
    void emptyIsWhereNothingIsLeft() {
        assertThat(Buffers.EMPTY.isEmpty()).isTrue();
        assertThat(new Buffers(List.of(service("origin")), new byte[0], new byte[0]).isEmpty())
                .isFalse();
        assertThat(new Buffers(List.of(), new byte[1], new byte[0]).isEmpty()).isFalse();
        assertThat(new Buffers(List.of(), new byte[0], "x".getBytes(StandardCharsets.UTF_8)).isEmpty())
                .isFalse();
    }
}
