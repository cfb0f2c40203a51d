// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.engine.runtime.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whenever a process is killed while it saves a program, the file is what it was or what it was to become.
@Tag("slow")
final class KilledWhileSavingIT {
    private static final int KILLS = 30;
    private static final long SECONDS_MAX = 60;
    private static final String SAVED = "saved.wasm";

    /// Fills 64 MiB with a number, waits for its input to end, and gives the number if it is still everywhere.
    private static final String KEEP = """
            (module
              (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1025)
              (func (export "keep") (param $number i32) (result i32)
                (local $at i32)
                (memory.fill (i32.const 65536) (local.get $number) (i32.const 67108864))
                (i32.store (i32.const 0) (i32.const 16))
                (i32.store (i32.const 4) (i32.const 1))
                (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
                (local.set $at (i32.const 65536))
                (loop $next
                  (if (i32.ne (i32.load8_u (local.get $at)) (local.get $number)) (then (unreachable)))
                  (local.set $at (i32.add (local.get $at) (i32.const 64)))
                  (br_if $next (i32.lt_u (local.get $at) (i32.const 67174400))))
                (local.get $number)))
            """;

    private final long seed = Long.getLong("gate.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    private Path folder;

    @BeforeEach
    void writeGuest() throws IOException {
        Guests.write(folder, "keep.wat", KEEP);
    }

    @Test
    void theFileIsWhatItWasOrWhatItWasToBecome() throws IOException, InterruptedException {
        // Adapted, so that about half of the kills come in time on machines and disks of any speed.
        long most = nanosOfSaving();
        int before = 0;
        int unfinished = 0;
        int replaced = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            if (kill % 3 == 0) {
                Files.deleteIfExists(saved());
                before = 0;
            }
            try (GateProcess process = saving(kill)) {
                awaitPartial();
                TimeUnit.NANOSECONDS.sleep(random.nextLong(most));
                process.kill();
                process.await();
            }
            int now = Files.exists(saved()) ? number() : 0;
            assertThat(now).as("seed %d, kill %d", seed, kill).isIn(before, kill);
            most = Math.max(1_000_000, now == before ? most * 3 / 2 : most * 2 / 3);
            unfinished += partials().size();
            replaced += now == before ? 0 : 1;
            before = now;
        }
        System.out.printf(
                "%d kills while a program was saved: %d left an unfinished file, %d a complete one%n",
                KILLS, unfinished, replaced);
        assertThat(unfinished).as("kills that came while it was written").isPositive();
        try (GateProcess process = saving(KILLS + 1)) {
            assertThat(process.await().status()).isEqualTo(75);
        }
        assertThat(number()).isEqualTo(KILLS + 1);
        assertThat(partials()).as("what killed processes left").isEmpty();
    }

    @Test
    void whatIsStillBeingWrittenIsLeftAlone() throws IOException, InterruptedException {
        try (GateProcess slow = saving(1)) {
            awaitPartial();
            slow.signal("STOP");
            assertThat(partials()).hasSize(1);
            try (GateProcess other = saving(2)) {
                assertThat(other.await().status()).isEqualTo(75);
            }
            assertThat(number()).isEqualTo(2);
            assertThat(partials()).hasSize(1);
            slow.signal("CONT");
            assertThat(slow.await().status()).isEqualTo(75);
        }
        assertThat(number()).isEqualTo(1);
        assertThat(partials()).isEmpty();
    }

    private Path saved() {
        return folder.resolve(SAVED);
    }

    private GateProcess saving(int number) throws IOException {
        return GateProcess.start(
                folder,
                "run",
                "--snapshot",
                SAVED,
                "--after",
                "200ms",
                "--invoke",
                "keep",
                "keep.wat",
                Integer.toString(number));
    }

    private long nanosOfSaving() throws IOException, InterruptedException {
        try (GateProcess process = saving(1)) {
            awaitPartial();
            long began = System.nanoTime();
            assertThat(process.await().status()).isEqualTo(75);
            Files.delete(saved());
            return System.nanoTime() - began;
        }
    }

    /// Until one more is there than killed processes have left, and has contents.
    private void awaitPartial() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (true) {
            for (Path partial : partials()) {
                try {
                    if (Files.size(partial) > 0) {
                        return;
                    }
                } catch (NoSuchFileException e) {
                    // The look at whether it can be written has made and removed it.
                }
            }
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            TimeUnit.MICROSECONDS.sleep(200);
        }
    }

    private List<Path> partials() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("\\.saved\\.wasm\\..*\\.partial"))
                    .toList();
        }
    }

    /// Goes on from the file, to the end.
    private int number() {
        RunOptions options = new RunOptions(
                saved(),
                List.of(),
                List.of(),
                List.of(),
                null,
                new RunOptions.Limits(null, null, null),
                new RunOptions.Stop(null, null, null));
        try (Guest guest = Guest.resumed(options, StoppedProgram.silentWorld())) {
            assertThat(guest.execution().run()).isEqualTo(Execution.Status.FINISHED);
            return (int) guest.execution().results()[0];
        }
    }
}
