// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The content of `gate.snapshot`: reference 7.2.
final class SnapshotInfoTest {
    /// As reference 7.8 prints it.
    private static final String VECTOR = "00 00 02 00 80 94 eb fc 04 00";

    private static final SnapshotInfo VECTOR_INFO = new SnapshotInfo(false, 2, 0, 1_335_544_320, List.of());

    private static SnapshotInfo decode(String hex) throws CorruptSnapshotException {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex.trim());
        return SnapshotInfo.decode(new FileCursor(MemorySegment.ofArray(bytes), 0, bytes.length));
    }

    private static String encode(SnapshotInfo info) {
        return HexFormat.ofDelimiter(" ").formatHex(info.encode());
    }

    @Test
    void printedBytesAreReadAndWritten() throws CorruptSnapshotException {
        assertThat(decode(VECTOR)).isEqualTo(VECTOR_INFO);
        assertThat(encode(VECTOR_INFO)).isEqualTo(VECTOR);
    }

    /// Both ways, so that no mistake in one is made up for by the other.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            00 01 1e 00 01 00                      | true  | 30 | 0          | 1                   | ''
            00 00 00 01 80 01 00                   | false | 0  | 1          | 128                 | ''
            00 00 00 ff ff ff ff 0f 00 00          | false | 0  | -1         | 0                   | ''
            00 00 00 80 80 80 80 08 00 00          | false | 0  | -2147483648 | 0                  | ''
            00 00 0a 00 00 01 07                   | false | 10 | 0          | 0                   | 7
            00 00 0a 00 00 03 00 80 01 ff ff ff ff 0f | false | 10 | 0       | 0                   | 0 128 4294967295
            00 00 02 00 ff ff ff ff ff ff ff ff 7f 00 | false | 2  | 0       | 9223372036854775807 | ''
            """)
    void fields(String hex, boolean isFinal, int trap, int result, long time, String breakpoints) throws Exception {
        List<Long> offsets = breakpoints.isEmpty()
                ? List.of()
                : List.of(breakpoints.split(" ")).stream().map(Long::valueOf).toList();
        SnapshotInfo info = new SnapshotInfo(isFinal, trap, result, time, offsets);
        assertThat(decode(hex)).isEqualTo(info);
        assertThat(encode(info)).isEqualTo(hex.trim());
    }

    /// Later versions are taken for compatible, whatever they add.
    @ParameterizedTest
    @CsvSource({
        "01 00 02 00 80 94 eb fc 04 00",
        "ff ff ff ff ff ff ff ff ff 01 00 02 00 80 94 eb fc 04 00",
        "00 00 02 00 80 94 eb fc 04 00 01 02 03",
        "00 fe 7f 02 00 80 94 eb fc 04 00",
        "00 fe ff ff ff ff ff ff ff ff 01 02 00 80 94 eb fc 04 00",
        "80 00 80 00 82 80 00 80 00 80 94 eb fc 84 00 80 00",
    })
    void whatALaterVersionHasMoreIsIgnored(String hex) throws CorruptSnapshotException {
        assertThat(decode(hex)).isEqualTo(VECTOR_INFO);
    }

    @ParameterizedTest
    @CsvSource({
        "00 00 02 00 80 80 80 80 80 80 80 80 80 01 00",
        "00 00 02 00 ff ff ff ff ff ff ff ff ff 01 00",
    })
    void timeBeyondOurClocksStandsWhereTheyEnd(String hex) throws CorruptSnapshotException {
        assertThat(decode(hex).monotonicNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            00 00 02 00 00 65                                  | snapshot has too many breakpoints
            00 00 02 00 00 ff ff ff ff 07                      | snapshot has too many breakpoints
            00 00 02 00 00 ff ff ff ff 0f                      | the number of breakpoints is out of range: 4294967295
            00 00 02 00 00 02 05 05                            | breakpoints aren't in ascending order
            00 00 02 00 00 02 05 04                            | breakpoints aren't in ascending order
            00 00 02 00 00 03 01 05 02                         | breakpoints aren't in ascending order
            00 00 02 00 00 01 80 80 80 80 10                   | a breakpoint is out of range: 4294967296
            00 00 ff ff ff ff 0f 00 00 00                      | the trap of gate.snapshot is out of range: 4294967295
            00 00 02 80 80 80 80 10 00 00                      | the result of gate.snapshot is out of range: 4294967296
            00 00 02 ff ff ff ff ff ff ff ff ff 01 00 00       | the result of gate.snapshot is out of range: 18446744073709551615
            00 00 02 00 ff ff ff ff ff ff ff ff ff 02 00       | the time of gate.snapshot isn't a number
            00 00 02 00 ff ff ff ff ff ff ff ff ff ff 00       | the time of gate.snapshot isn't a number
            00                                                 | truncated
            00 00                                              | truncated
            00 00 02                                           | truncated
            00 00 02 00                                        | truncated
            00 00 02 00 80                                     | truncated
            00 00 02 00 00                                     | truncated
            00 00 02 00 00 01                                  | truncated
            """)
    void whatIsRefused(String hex, String reason) {
        assertThatThrownBy(() -> decode(hex))
                .isInstanceOf(CorruptSnapshotException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void hundredBreakpointsAreNotTooMany() throws CorruptSnapshotException {
        List<Long> most = LongStream.range(0, 100).boxed().toList();
        SnapshotInfo info = new SnapshotInfo(false, 10, 0, 5, most);
        assertThat(decode(encode(info))).isEqualTo(info);
        List<Long> more = LongStream.range(0, 101).boxed().toList();
        assertThatThrownBy(() -> new SnapshotInfo(false, 10, 0, 5, more))
                .hasMessage("snapshot has too many breakpoints");
    }
}
