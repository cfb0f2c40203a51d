// SPDX-License-Identifier: Apache-2.0
package gate.tests.debug;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.debug.CodeOffsets;
import gate.engine.debug.DebugInfo;
import gate.engine.debug.SourceLine;
import gate.engine.wasm.Module;
import gate.tests.tidy.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Debug information of real programs, compared with what LLVM's reader says of it.
final class DebugInfoTest {
    private static final Pattern ROW =
            Pattern.compile("0x([0-9a-f]{16}) +([0-9]+) +([0-9]+) +([0-9]+) +[0-9]+ +[0-9]+ *(.*)");
    private static final Pattern FILE = Pattern.compile("file_names\\[ *([0-9]+)\\]:");
    private static final Pattern NAME = Pattern.compile(" +name: \"(.*)\"");

    /// A row of LLVM's.
    private record Row(long address, int line, int column, String file, boolean end) {}

    @ParameterizedTest
    @CsvSource({"4,0", "5,0", "4,2", "5,2", "3,0", "2,0"})
    void linesAreThoseOfLlvm(int version, int optimisation, @TempDir Path folder) throws Exception {
        Path program = compile(version, optimisation, folder);
        Module module = Module.parse(Files.readAllBytes(program));
        DebugInfo info = DebugInfo.of(module);
        assertThat(info.problem()).isEmpty();
        CodeOffsets code = info.code();
        Map<Long, Row> rows = new TreeMap<>();
        List<Row> sequence = new ArrayList<>();
        for (Row row : rows(program)) {
            sequence.add(row);
            if (row.end()) {
                if (code.functionAt(code.ofDwarf(sequence.getFirst().address())) >= 0) {
                    sequence.removeLast();
                    sequence.forEach(one -> rows.put(one.address(), one));
                }
                sequence.clear();
            }
        }
        assertThat(rows).hasSizeGreaterThan(1_000);
        rows.forEach((address, row) -> {
            Optional<SourceLine> ours = info.lineAt((int) code.ofDwarf(address));
            if (row.line() == 0) {
                assertThat(ours).isEmpty();
            } else {
                assertThat(ours).hasValueSatisfying(line -> {
                    assertThat(line.line()).as(row.toString()).isEqualTo(row.line());
                    assertThat(line.column()).isEqualTo(row.column());
                    assertThat(line.file()).endsWith(row.file());
                });
            }
        });
    }

    private static Path compile(int version, int optimisation, Path folder) throws Exception {
        Path source = Repository.root().resolve("examples/words/words.c");
        return Clang.compile(source, folder, "-g", "-gdwarf-" + version, "-O" + optimisation);
    }

    private static List<Row> rows(Path program) throws Exception {
        List<Row> rows = new ArrayList<>();
        Map<Integer, String> files = new TreeMap<>();
        int file = -1;
        for (String line : Clang.dump(program, "--debug-line")) {
            Matcher row = ROW.matcher(line);
            Matcher number = FILE.matcher(line);
            Matcher name = NAME.matcher(line);
            if (line.startsWith("debug_line[")) {
                files.clear();
            } else if (number.matches()) {
                file = Integer.parseInt(number.group(1));
            } else if (name.matches()) {
                files.put(file, name.group(1));
            } else if (row.matches()) {
                rows.add(new Row(
                        Long.parseUnsignedLong(row.group(1), 16),
                        Integer.parseInt(row.group(2)),
                        Integer.parseInt(row.group(3)),
                        files.getOrDefault(Integer.parseInt(row.group(4)), ""),
                        row.group(5).contains("end_sequence")));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"4,0", "5,0", "4,2", "5,2", "3,0", "2,0"})
    void functionsAreThoseOfLlvm(int version, int optimisation, @TempDir Path folder) throws Exception {
        Path program = compile(version, optimisation, folder);
        DebugInfo info = DebugInfo.of(Module.parse(Files.readAllBytes(program)));
        Map<String, Long> functions = functions(program);
        assertThat(functions).hasSizeGreaterThan(50).containsKeys("main", "printf", "_start");
        CodeOffsets code = info.code();
        functions.forEach((name, address) -> {
            int function = code.functionAt(code.ofDwarf(address));
            if (function >= 0) {
                assertThat(info.function(name)).as(name).hasValue(code.firstInstruction(function));
            }
        });
        assertThat(info.function("there is none")).isEmpty();
    }

    /// Those whose name is theirs alone.
    private static Map<String, Long> functions(Path program) throws Exception {
        Map<String, Long> found = new TreeMap<>();
        List<String> twice = new ArrayList<>();
        boolean inside = false;
        long address = -1;
        for (String line : Clang.dump(program, "--debug-info")) {
            if (line.contains(": ")) {
                inside = line.contains("DW_TAG_subprogram");
                address = -1;
            } else if (inside && line.contains("DW_AT_low_pc (0x") || inside && line.contains("DW_AT_low_pc\t(0x")) {
                address = Long.decode(between(line, "(", ")"));
            } else if (inside && line.contains("DW_AT_name") && address > 0 && address < 1L << 31) {
                String name = between(line, "(\"", "\")");
                if (found.putIfAbsent(name, address) != null) {
                    twice.add(name);
                }
            }
        }
        twice.forEach(found::remove);
        return found;
    }

    private static String between(String line, String from, String to) {
        int start = line.indexOf(from) + from.length();
        return line.substring(start, line.indexOf(to, start));
    }
}
