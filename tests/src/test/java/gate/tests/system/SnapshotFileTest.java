// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.SnapshotFile;
import gate.engine.runtime.Execution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that programs are saved to.
final class SnapshotFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("saved.wasm");
    }

    @Test
    void contentsAndNameAreForcedToTheDisk() throws IOException {
        List<String> forced = new ArrayList<>();
        Path events = folder.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            save(SnapshotFile.at(file));
            recording.stop();
            recording.dump(events);
        }
        try (RecordingFile recorded = new RecordingFile(events)) {
            while (recorded.hasMoreEvents()) {
                RecordedEvent event = recorded.readEvent();
                if (event.getString("path").startsWith(folder.toString())) {
                    assertThat(event.getBoolean("metaData")).isTrue();
                    forced.add(event.getString("path"));
                }
            }
        }
        assertThat(forced).hasSize(2);
        // What is forced first still has the name of an unfinished file.
        assertThat(forced.getFirst()).matches(".*/\\.saved\\.wasm\\.[0-9]+-[0-9a-f]+\\.partial");
        assertThat(Path.of(forced.getLast())).isEqualTo(folder);
    }

    @Test
    void aFileThatSomebodyMadeMeanwhileStaysAsItIs() throws IOException {
        SnapshotFile fresh = SnapshotFile.fresh(file);
        Files.writeString(file, "somebody else's");
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> save(fresh))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ExitCode.CANNOT_WRITE))
                .withMessageContaining("made by somebody else meanwhile");
        assertThat(file).hasContent("somebody else's");
        assertThat(names()).containsExactlyInAnyOrder("saved.wasm", "forever.wat");
        Files.delete(file);
        save(fresh);
        assertThat(file).isNotEmptyFile();
        assertThat(names()).containsExactlyInAnyOrder("saved.wasm", "forever.wat");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndNothingElse() throws IOException {
        for (String name : List.of(
                ".saved.wasm.17-3f.partial",
                ".saved.wasm.17.partial",
                ".other.wasm.17-3f.partial",
                ".saved.wasm.x-3f.partial",
                "saved.wasm.17-3f.partial")) {
            Files.writeString(folder.resolve(name), "half");
        }
        Files.createDirectory(folder.resolve(".saved.wasm.17-40.partial"));
        Files.createSymbolicLink(folder.resolve(".saved.wasm.17-41.partial"), Path.of("elsewhere"));
        SnapshotFile at = SnapshotFile.at(file);
        assertThat(names())
                .containsExactlyInAnyOrder(
                        ".saved.wasm.17.partial",
                        ".other.wasm.17-3f.partial",
                        ".saved.wasm.x-3f.partial",
                        "saved.wasm.17-3f.partial",
                        ".saved.wasm.17-40.partial",
                        ".saved.wasm.17-41.partial");
        assertThat(at.path()).isEqualTo(file);
    }

    @Test
    void aNameThatCanNotBeWrittenIsRefusedAtOnce() {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> SnapshotFile.at(folder.resolve("x".repeat(250))))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ExitCode.CANNOT_WRITE))
                .withMessageContaining("File name too long");
        assertThat(folder).isEmptyDirectory();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private void save(SnapshotFile target) throws IOException {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        RunOptions options = new RunOptions(
                Guests.write(folder, "forever.wat", Guests.FOREVER),
                List.of(),
                List.of(),
                List.of(),
                null,
                new RunOptions.Limits(null, null, null),
                new RunOptions.Stop(null, null, null));
        try (Guest guest = Guest.of(options, StoppedProgram.silentWorld())) {
            guest.execution().suspend();
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.SUSPENDED);
            assertThat(target.save(guest, new Streams(nowhere, nowhere))).isEqualTo(Files.size(target.path()));
        }
    }
}
