// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.system.GateProcess.Ended;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs that are stopped from outside: by signals, times and fuel, with and without `--snapshot`.
@Tag("slow")
final class StopAndResumeIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeGuests() throws IOException {
        Guests.write(folder, "forever.wat", Guests.FOREVER);
        Guests.write(folder, "count.wat", Guests.COUNT);
    }

    private Ended gate(String... arguments) throws IOException, InterruptedException {
        return GateProcess.run(folder, arguments);
    }

    private GateProcess forever(String... options) throws IOException, InterruptedException {
        String[] command = Stream.of(Stream.of("run"), Stream.of(options), Stream.of("forever.wat"))
                .flatMap(words -> words)
                .toArray(String[]::new);
        GateProcess process = GateProcess.start(folder, command);
        process.awaitOut("running\n"::equals);
        return process;
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void signalsSaveAndWhatIsSavedCanBeSavedAgain(String signal) throws IOException, InterruptedException {
        try (GateProcess process = forever("--snapshot", "saved.wasm")) {
            process.signal(signal);
            Ended ended = process.await();
            assertThat(ended.status()).as(ended.err()).isEqualTo(75);
            assertThat(ended.err()).contains("saved to saved.wasm").contains("`gate resume saved.wasm`");
        }
        byte[] first = Files.readAllBytes(folder.resolve("saved.wasm"));
        Ended again = gate("resume", "--snapshot", "saved.wasm", "--after", "200ms", "saved.wasm");
        assertThat(again.status()).as(again.err()).isEqualTo(75);
        assertThat(again.out()).isEmpty();
        assertThat(Files.readAllBytes(folder.resolve("saved.wasm")))
                .isNotEqualTo(first)
                .hasSizeLessThanOrEqualTo(first.length + 16); // the counter has grown
        assertThat(leftovers()).containsExactlyInAnyOrder("count.wat", "forever.wat", "saved.wasm");
    }

    @Test
    void signalsWithoutASnapshotEnd() throws IOException, InterruptedException {
        try (GateProcess process = forever()) {
            process.signal("TERM");
            Ended ended = process.await();
            assertThat(ended.status()).isEqualTo(143);
            assertThat(ended.err()).contains("gate: ended by SIGTERM").contains("--snapshot");
        }
        try (GateProcess process = forever()) {
            process.signal("HUP");
            Ended ended = process.await();
            assertThat(ended.status()).isEqualTo(129);
            assertThat(ended.err()).contains("gate: ended by SIGHUP").contains("--snapshot");
        }
        try (GateProcess process = forever()) {
            process.signal("INT"); // these tests have no terminal at which somebody could be asked
            Ended ended = process.await();
            assertThat(ended.status()).isEqualTo(130);
            assertThat(ended.err()).contains("gate: ended");
        }
    }

    @Test
    void whatCanNotBeSavedInTheEndSaysSo() throws IOException, InterruptedException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        try (GateProcess process = forever("--snapshot", "gone/saved.wasm")) {
            Files.delete(gone);
            process.signal("TERM");
            Ended ended = process.await();
            assertThat(ended.status()).isEqualTo(73);
            assertThat(ended.err()).contains("gate: the program could not be saved to");
        }
    }

    @Test
    void onASystemThatIsNotLinuxMemoriesComeFromTheJdk() throws IOException, InterruptedException {
        // Only what asks for the system's name takes the other ways; everything else is this system's.
        String gate = "JDK_JAVA_OPTIONS=-Dos.name=Other '" + Repository.root().resolve("gate") + "' ";
        try (GateProcess process = GateProcess.start(
                folder, "bash", List.of("-c", gate + "run --snapshot saved.wasm --after 1s forever.wat"))) {
            Ended ended = process.await();
            assertThat(ended.status()).as(ended.err()).isEqualTo(75);
            assertThat(ended.out()).isEqualTo("running\n");
        }
        try (GateProcess process =
                GateProcess.start(folder, "bash", List.of("-c", gate + "resume --timeout 200ms saved.wasm"))) {
            assertThat(process.await().status()).isEqualTo(124);
        }
    }

    @Test
    void timesStop() throws IOException, InterruptedException {
        Ended after = gate("run", "--snapshot", "a.wasm", "--after", "300ms", "forever.wat");
        assertThat(after.status()).as(after.err()).isEqualTo(75);
        assertThat(after.out()).isEqualTo("running\n");
        Ended timeout = gate("run", "--snapshot", "b.wasm", "--timeout", "300ms", "forever.wat");
        assertThat(timeout.status()).as(timeout.err()).isEqualTo(75);
        assertThat(timeout.err()).contains("--timeout ran out: saved to b.wasm");
        Ended unsaved = gate("run", "--timeout", "300ms", "forever.wat");
        assertThat(unsaved.status()).isEqualTo(124);
        assertThat(unsaved.err()).contains("gate: --timeout ran out");
        assertThat(gate("resume", "--timeout", "300ms", "a.wasm").status()).isEqualTo(124);
    }

    @Test
    void fuelStopsAtTheSamePointHoweverOftenItWasInterrupted() throws IOException, InterruptedException {
        assertThat(count("--fuel", "12000000", "--snapshot", "whole.wasm")).satisfies(run -> {
            assertThat(run.status()).as(run.err()).isEqualTo(75);
            assertThat(run.err())
                    .contains("--fuel was used up: saved to whole.wasm", "`gate resume --fuel N whole.wasm`");
        });
        assertThat(count("--fuel", "12000000", "--snapshot", "part.wasm", "--after", "50ms")
                        .status())
                .isEqualTo(75);
        Ended part = gate("resume", "--snapshot", "part.wasm", "--after", "50ms", "part.wasm");
        while (!part.err().contains("--fuel was used up")) {
            assertThat(part.status()).as(part.err()).isEqualTo(75);
            part = gate("resume", "--snapshot", "part.wasm", "--after", "100ms", "part.wasm");
        }
        String whole = gate("inspect", "--json", "whole.wasm").out();
        assertThat(whole).contains("\"used\": 1200000"); // it stops at the next point where it can stop
        assertThat(gate("inspect", "--json", "part.wasm").out()).isEqualTo(whole.replace("whole.wasm", "part.wasm"));
    }

    @Test
    void whereFuelIsUsedUpThereMustBeMore() throws IOException, InterruptedException {
        assertThat(count("--fuel", "100").status()).isEqualTo(125);
        count("--fuel", "100", "--snapshot", "s.wasm");
        Ended empty = gate("resume", "s.wasm");
        assertThat(empty.status()).isEqualTo(125);
        assertThat(empty.err()).contains("gate: --fuel was used up");
        assertThat(gate("resume", "--fuel", "1000000000", "s.wasm").status()).isZero();
    }

    @Test
    void fuelOfAGateProgramIsTheSame() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("packets.wat"), """
                (module
                  (import "gate" "fd_65536" (func (result i32)))
                  (func (export "_start") (result i32) (local $i i32)
                    (loop (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 999))))
                    (i32.const 0)))
                """);
        assertThat(gate("run", "--fuel", "100", "packets.wat").status()).isEqualTo(125);
        assertThat(gate("run", "--fuel", "100", "--snapshot", "s.wasm", "packets.wat"))
                .satisfies(run -> {
                    assertThat(run.status()).as(run.err()).isEqualTo(75);
                    assertThat(run.err())
                            .contains("--fuel was used up: saved to s.wasm", "`gate resume --fuel N s.wasm`");
                });
        assertThat(gate("resume", "s.wasm").status()).isEqualTo(125);
        assertThat(gate("resume", "--fuel", "1000000", "s.wasm").status()).isZero();
    }

    private Ended count(String... options) throws IOException, InterruptedException {
        return gate(
                Stream.of(Stream.of("run"), Stream.of(options), Stream.of("--invoke", "count", "count.wat", "9000000"))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
    }

    @Test
    void resultsAreThoseOfAnUninterruptedRun() throws IOException, InterruptedException {
        Ended whole = gate("run", "--invoke", "count", "count.wat", "20000000");
        assertThat(whole.status()).isZero();
        Ended stopped =
                gate("run", "--snapshot", "s.wasm", "--after", "100ms", "--invoke", "count", "count.wat", "20000000");
        assertThat(stopped.status()).as(stopped.err()).isEqualTo(75);
        assertThat(gate("resume", "s.wasm")).isEqualTo(new Ended(0, whole.out(), ""));
    }

    @Test
    void aProgramThatWaitsForInputIsStoppedAndReadsOnElsewhere() throws IOException, InterruptedException {
        String echo = Guests.example("echo/echo.wasm").toString();
        try (GateProcess process = GateProcess.start(folder, "run", "--snapshot", "e.wasm", echo)) {
            process.write("before\n");
            process.awaitOut("before\n"::equals);
            process.signal("INT");
            assertThat(process.await().status()).isEqualTo(75);
        }
        try (GateProcess process = GateProcess.start(folder, "resume", "e.wasm")) {
            process.write("after\n");
            process.endInput();
            assertThat(process.await()).isEqualTo(new Ended(0, "after\n", ""));
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsNoticedBeforeTheStart() throws IOException, InterruptedException {
        Ended nowhere = gate("run", "--snapshot", "no/where.wasm", "forever.wat");
        assertThat(nowhere.status()).isEqualTo(73);
        assertThat(nowhere.out()).isEmpty();
        assertThat(nowhere.err()).contains("no/where.wasm").contains("there is no folder");
        assertThat(gate("run", "--snapshot", ".", "forever.wat").status()).isEqualTo(73);
        assertThat(gate("run", "--snapshot", "/dev/null", "forever.wat").status())
                .isEqualTo(73);
    }

    @Test
    void whatIsNoSavedProgramIsRefusedWithAReason() throws IOException, InterruptedException {
        Ended module = gate("resume", Guests.example("echo/echo.wasm").toString());
        assertThat(module.status()).isEqualTo(65);
        assertThat(module.err()).contains("is no saved program").contains("gate run");
        gate("run", "--snapshot", "s.wasm", "--after", "200ms", "forever.wat");
        Ended run = gate("run", "s.wasm");
        assertThat(run.status()).isEqualTo(65);
        assertThat(run.err()).contains("is a saved program; `gate resume s.wasm` continues it");
        byte[] saved = Files.readAllBytes(folder.resolve("s.wasm"));
        for (int length : List.of(saved.length - 1, saved.length / 2, 100, 8, 0)) {
            Files.write(folder.resolve("cut.wasm"), java.util.Arrays.copyOf(saved, length));
            Ended cut = gate("resume", "cut.wasm");
            assertThat(cut.status()).as("of %d bytes: %s", length, cut.err()).isEqualTo(65);
            assertThat(cut.err())
                    .startsWith("gate: cut.wasm")
                    .contains(length < 22 ? "no saved program" : "is a saved program that is broken");
        }
        assertThat(gate("resume", "--fuel", "5", "s.wasm")).satisfies(fuel -> {
            assertThat(fuel.status()).isEqualTo(64);
            assertThat(fuel.err()).contains("was started without --fuel");
        });
    }

    @Test
    void inspectShowsWhereASavedProgramStands() throws IOException, InterruptedException {
        gate("run", "--snapshot", "s.wasm", "--after", "300ms", "forever.wat");
        Ended text = gate("inspect", "s.wasm");
        assertThat(text.status()).as(text.err()).isZero();
        assertThat(text.out())
                .contains("a saved program")
                .containsPattern("#0 spin \\(function 1\\) at 0x[0-9a-f]+\n +locals: 0=[0-9]+:i64")
                .containsPattern("#1 _start \\(function 2\\) at 0x[0-9a-f]+, in a call")
                .contains("func   wasi_snapshot_preview1.fd_write (param i32 i32 i32 i32) (result i32)")
                .contains("func   _start = 2: ()");
        Ended json = gate("inspect", "--json", "s.wasm");
        assertThat(json.out()).contains("\"kind\": \"saved\"", "\"name\": \"spin\"", "\"type\": \"i64\"");
    }

    private List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
