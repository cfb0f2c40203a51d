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
import gate.executor.host.wasi.Alarm;
import gate.executor.host.wasi.StreamInput;
import gate.executor.host.wasi.StreamOutput;
import gate.executor.host.wasi.WasiClocks;
import gate.executor.host.wasi.WasiRandom;
import gate.executor.host.wasi.WasiWorld;
import gate.tests.equivalence.SavedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A saved file that somebody has changed goes on as some other program, or is refused with a reason.
final class BrokenSavedFilesTest {
    private static final int MUTATIONS = 3_000;
    private static final int MEMORY_PAGES = 64;
    /// Behind the section that tells that it is a saved program.
    private static final int PROGRAM_START = 8 + 2 + 11 + 1;

    private final long seed = Long.getLong("gate.test.seed", System.nanoTime());

    @TempDir
    private Path folder;

    @Test
    void eachChangedByteIsFound() throws IOException {
        byte[] saved = saved();
        Path broken = folder.resolve("broken.wasm");
        for (int i = 0; i < saved.length; i++) {
            byte[] changed = saved.clone();
            changed[i] = (byte) (changed[i] ^ 1 << i % 8);
            Files.write(broken, changed);
            assertThat(refusal(broken))
                    .as("byte %d changed", i)
                    .containsPattern(i < PROGRAM_START ? "no saved program|broken" : "broken");
        }
    }

    @Test
    void filesCutOffAnywhereAndFollowedByAnythingAreCalledSo() throws IOException {
        byte[] saved = saved();
        Path broken = folder.resolve("broken.wasm");
        for (int length = PROGRAM_START; length < saved.length; length++) {
            Files.write(broken, Arrays.copyOf(saved, length));
            assertThat(refusal(broken)).as("%d bytes", length).contains("saved program that is broken", "truncated");
        }
        for (int more = 1; more < 20; more++) {
            Files.write(broken, Arrays.copyOf(saved, saved.length + more));
            assertThat(refusal(broken)).as("%d bytes more", more).contains("broken");
        }
    }

    private String refusal(Path file) throws IOException {
        try {
            Guest.resumed(options(file), world(new ByteArrayOutputStream())).close();
        } catch (CommandFailure e) {
            assertThat(e.code()).isEqualTo(ExitCode.BAD_INPUT);
            return e.sentence();
        }
        throw new AssertionError("accepted");
    }

    /// Those of one who makes the checksum right again.
    @Test
    void forgedBytesAreRefusedOrGoOn() throws IOException {
        byte[] saved = saved();
        Random random = new Random(seed);
        Path broken = folder.resolve("broken.wasm");
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] changed = saved.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            Files.write(broken, SavedFile.summed(changed));
            try {
                Guest.resumed(options(broken), world(new ByteArrayOutputStream()))
                        .close();
            } catch (CommandFailure e) {
                refused++;
                assertThat(e.code()).as("seed %d, mutation %d", seed, i).isIn(ExitCode.BAD_INPUT, ExitCode.NO_INPUT);
                assertThat(e.sentence()).startsWith(broken.toString());
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", mutation " + i, e);
            }
        }
        assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS - 1);
    }

    /// The file is mapped: what the JVM makes of a page that is gone mustn't reach anybody.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 1 << 20})
    void aFileThatIsCutOffWhileItIsReadIsRefused(int bytesLeft) throws IOException, InterruptedException {
        Path file = savedWithFullMemory();
        assertThat(Files.size(file)).isGreaterThan(4 << 20);
        WasiClocks clocks = WasiClocks.system();
        // Time is looked at when the file has been mapped and its module read, and before its memory is.
        WasiWorld world = world(new ByteArrayOutputStream(), new CuttingClocks(clocks, file, bytesLeft));
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> Guest.resumed(options(file), world))
                .withMessage(file + " has been changed by somebody else while it was read: it is shorter now")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ExitCode.BAD_INPUT));
        assertThat(file).hasSize(bytesLeft);
    }

    /// Clocks that cut a file off when they are looked at.
    private record CuttingClocks(WasiClocks clocks, Path file, int bytesLeft) implements WasiClocks {
        @Override
        public long realtimeNanos() {
            return clocks.realtimeNanos();
        }

        @Override
        public long monotonicNanos() {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(bytesLeft);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return clocks.monotonicNanos();
        }

        @Override
        public long cpuNanos() {
            return clocks.cpuNanos();
        }

        @Override
        public void pause(Alarm alarm, long nanosAtMost) {
            clocks.pause(alarm, nanosAtMost);
        }
    }

    private Path savedWithFullMemory() throws IOException, InterruptedException {
        Path program = Guests.write(folder, "full.wat", """
                (module
                  (memory (export "memory") 64)
                  (func (export "_start")
                    (memory.fill (i32.const 0) (i32.const 7) (i32.const 4194304))
                    (loop $again (br $again))))
                """);
        Path file = folder.resolve("full.wasm");
        try (Guest guest = Guest.of(options(program), StoppedProgram.silentWorld())) {
            Thread timer = Thread.ofPlatform().daemon().start(() -> {
                while (guest.execution().instance().memory(0).loadByte((4 << 20) - 1) == 0) {
                    Thread.onSpinWait();
                }
                guest.execution().suspend();
            });
            guest.execution().run();
            timer.join();
            PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
            SnapshotFile.at(file).save(guest, new Streams(nowhere, nowhere));
        }
        return file;
    }

    private byte[] saved() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Guests.write(folder, "forever.wat", Guests.FOREVER);
        Path file = folder.resolve("saved.wasm");
        try (Guest guest = Guest.of(options(folder.resolve("forever.wat")), world(out))) {
            Thread.ofPlatform().daemon().start(() -> {
                while (out.size() == 0) {
                    Thread.onSpinWait();
                }
                guest.execution().suspend();
            });
            guest.execution().run();
            PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
            SnapshotFile.at(file).save(guest, new Streams(nowhere, nowhere));
        }
        return Files.readAllBytes(file);
    }

    private static WasiWorld world(ByteArrayOutputStream out) {
        return world(out, WasiClocks.system());
    }

    private static WasiWorld world(ByteArrayOutputStream out, WasiClocks clocks) {
        return new WasiWorld(
                StreamInput.empty(),
                StreamOutput.to(out),
                StreamOutput.to(out),
                clocks,
                WasiRandom.system(),
                List.of());
    }

    private static RunOptions options(Path file) {
        return new RunOptions(
                file,
                List.of(),
                List.of(),
                List.of(),
                null,
                new RunOptions.Limits(null, (long) MEMORY_PAGES << 16, null),
                new RunOptions.Stop(null, null, null));
    }
}
