// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.executor.host.instance.InstanceLimits;
import gate.executor.host.instance.LineLog;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How what a program writes to its debug log becomes lines: reference 1.2, "Debug output".
final class LineLogTest {
    private final List<String> lines = new ArrayList<>();
    private final LineLog log = new LineLog(line -> lines.add(new String(line, StandardCharsets.ISO_8859_1)));

    private void write(String text) {
        log.write(MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void lineComesWhenItsEndDoes() {
        write("he");
        write("llo");
        assertThat(lines).isEmpty();
        write("\nwor");
        assertThat(lines).containsExactly("hello\n");
        write("ld\n\n");
        assertThat(lines).containsExactly("hello\n", "world\n", "\n");
    }

    @Test
    void lineThatHasBegunEndsWithTheProgram() {
        write("no end");
        log.end();
        log.end();
        assertThat(lines).containsExactly("no end\n");
        write("again\n");
        assertThat(lines).containsExactly("no end\n", "again\n");
    }

    /// However it is cut into writes.
    @ParameterizedTest
    @CsvSource({"1", "7", "4095", "4096", "4097", "20000"})
    void longLineIsCutIntoLines(int piece) {
        assertThat(InstanceLimits.LOG_LINE_BYTES_MAX).isEqualTo(4096);
        String text = "x".repeat(10_000);
        for (int at = 0; at < text.length(); at += piece) {
            write(text.substring(at, Math.min(text.length(), at + piece)));
        }
        assertThat(lines).containsExactly("x".repeat(4095) + "\n", "x".repeat(4095) + "\n");
        log.end();
        assertThat(lines.getLast()).isEqualTo("x".repeat(1810) + "\n");
    }

    @Test
    void lineOfTheMostBytesIsOneLine() {
        write("x".repeat(4094) + "\n" + "y\n");
        assertThat(lines).containsExactly("x".repeat(4094) + "\n", "y\n");
    }

    @Test
    void bytesAreKeptWhateverTheyAre() {
        write("\0\u00ff\r\t\u001b[0m\n");
        assertThat(lines).containsExactly("\0\u00ff\r\t\u001b[0m\n");
    }
}
