// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.Execution;
import gate.engine.runtime.ImportValue;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.runtime.MemoryBackend;
import gate.engine.runtime.MemoryShape;
import gate.engine.runtime.Store;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `gate inspect` says of a file's sections.
class InspectCommandTest {
    private static final String TEXT = """
            (module (import "" "" (memory 1)) (memory 1) (data "passive")
              (func (export "f") (memory.init 1 0 (i32.const 0) (i32.const 0) (i32.const 0))))
            """;

    private static final Pattern TEXT_LINE = Pattern.compile("(?m)^  (.+?) +at 0x([0-9a-f]+) +([0-9,]+) bytes$");
    private static final Pattern JSON_SECTION = Pattern.compile(
            "\"id\": ([0-9]+),\\s*\"name\": \"([^\"]*)\",\\s*\"offset\": ([0-9]+),\\s*\"bytes\": ([0-9]+)");

    private record Section(String name, long start, long bytes) {}

    @TempDir
    private Path folder;

    /// Host state of 1,000 bytes, 2,000 bytes in an imported memory, 3,000 in an own one.
    private Path saved() throws IOException {
        Path file = folder.resolve("saved.wasm");
        Module module = Module.parse(TextFormat.toBinary(TEXT, TextLimits.defaults()));
        try (Store store = new Store();
                Memory imported =
                        MemoryBackend.arena().allocate(new MemoryShape(1, Memory.PAGES_MAX, false, Memory.PAGES_MAX));
                FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Instance instance = store.allocate(module, wanted -> Optional.of(new ImportValue.OfMemory(imported)));
            imported.slice(0, 2000).fill((byte) 1);
            instance.memory(1).slice(0, 3000).fill((byte) 2);
            SnapshotWriter.write(Execution.instantiate(instance), new byte[1000], out);
        }
        return file;
    }

    private static List<Section> inText(String out) {
        List<Section> found = new ArrayList<>();
        for (MatchResult line : TEXT_LINE.matcher(out).results().toList()) {
            found.add(new Section(
                    line.group(1),
                    Long.parseLong(line.group(2), 16),
                    Long.parseLong(line.group(3).replace(",", ""))));
        }
        return found;
    }

    private static List<Section> inJson(String out) {
        List<Section> found = new ArrayList<>();
        for (MatchResult entry : JSON_SECTION.matcher(out).results().toList()) {
            boolean custom = entry.group(1).equals("0");
            String name = custom ? "custom \"" + entry.group(2) + "\"" : entry.group(2);
            found.add(new Section(name, Long.parseLong(entry.group(3)), Long.parseLong(entry.group(4))));
        }
        return found;
    }

    @Test
    void sectionsOfASavedProgramAreThoseOfItsFile() throws IOException {
        Path file = saved();
        CommandRun text = CommandRun.of("inspect", file.toString());
        assertThat(text.status()).as(text.err()).isZero();
        List<Section> sections = inText(text.out());
        assertThat(sections)
                .extracting(Section::name)
                .containsExactly(
                        "custom \"gate.saved\"",
                        "type",
                        "import",
                        "function",
                        "memory",
                        "custom \"gate.snapshot\"",
                        "custom \"gate.export\"",
                        "data count",
                        "code",
                        "data",
                        "custom \"gate.image\"",
                        "custom \"gate.host\"",
                        "custom \"gate.memory\"",
                        "custom \"gate.checksum\"");
        long at = 8;
        for (Section section : sections) {
            assertThat(section.start()).as(section.name()).isEqualTo(at);
            at += section.bytes();
        }
        assertThat(at).isEqualTo(Files.size(file));
        assertThat(bytesOf(sections, "data")).isBetween(3000L, 3100L);
        assertThat(bytesOf(sections, "custom \"gate.image\"")).isBetween(10L, 100L);
        assertThat(bytesOf(sections, "custom \"gate.host\"")).isBetween(1000L, 1020L);
        assertThat(bytesOf(sections, "custom \"gate.memory\"")).isBetween(2000L, 2030L);
        CommandRun json = CommandRun.of("inspect", "--json", file.toString());
        assertThat(inJson(json.out())).isEqualTo(sections);
    }

    @Test
    void sectionsOfAModuleAreItsOwn() throws IOException {
        Path file = Files.write(folder.resolve("m.wasm"), TextFormat.toBinary(TEXT, TextLimits.defaults()));
        List<Section> sections =
                inText(CommandRun.of("inspect", file.toString()).out());
        assertThat(sections).extracting(Section::name).endsWith("code", "data");
        assertThat(inJson(CommandRun.of("inspect", "--json", file.toString()).out()))
                .isEqualTo(sections);
    }

    private static long bytesOf(List<Section> sections, String name) {
        return sections.stream()
                .filter(section -> section.name().equals(name))
                .mapToLong(Section::bytes)
                .findFirst()
                .orElseThrow();
    }
}
