// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All that can be seen of a program from outside.
///
/// @param outputs what each client has received, its connections one after another
/// @param calls what services were told: lines by the first word, in the order in which they came
/// @param log the program's, in the same way
/// @param result its own
record Observed(List<byte[]> outputs, Map<String, List<String>> calls, Map<String, List<String>> log, int result) {
    /// Of a program that has ended in a folder.
    static Observed in(Path folder) throws IOException {
        List<byte[]> outputs = new ArrayList<>();
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            outputs.add(Files.readAllBytes(LaneClient.outputFile(folder, lane)));
        }
        int result = Integer.parseInt(Files.readString(folder.resolve(Hop.RESULT)));
        return new Observed(outputs, groups(folder.resolve(Hop.CALLS)), groups(folder.resolve(Hop.LOG)), result);
    }

    private static Map<String, List<String>> groups(Path file) throws IOException {
        Map<String, List<String>> groups = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            Lanes.note(groups, line);
        }
        return groups;
    }

    /// What it has in common with an account that knows lanes only.
    Observed ofLanes() {
        Map<String, List<String>> lines = new TreeMap<>(log);
        lines.keySet().removeIf(word -> !word.equals("end") && !word.matches("\\d"));
        return new Observed(outputs, calls, lines, result);
    }

    /// Everything as text, to be compared and to be shown.
    String text() {
        StringBuilder text = new StringBuilder();
        for (byte[] output : outputs) {
            text.append("output of ").append(output.length).append(" bytes: ");
            text.append(HexFormat.of().formatHex(output)).append('\n');
        }
        calls.forEach((word, lines) -> text.append("called ").append(lines).append('\n'));
        log.forEach((word, lines) -> text.append("logged ").append(lines).append('\n'));
        return text.append("result ").append(result).append('\n').toString();
    }
}
