// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.SnapshotFile;
import gate.executor.host.wasi.StreamInput;
import gate.executor.host.wasi.StreamOutput;
import gate.executor.host.wasi.WasiClocks;
import gate.executor.host.wasi.WasiRandom;
import gate.executor.host.wasi.WasiWorld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A saved file that somebody has changed goes on as some other program, or is refused with a reason.
final class BrokenSavedFilesTest {
    private static final int MUTATIONS = 3_000;
    private static final int MEMORY_PAGES = 64;

    private final long seed = Long.getLong("gate.test.seed", System.nanoTime());

    @TempDir
    private Path folder;

    @Test
    void changedBytesAreRefusedOrGoOn() throws IOException {
        byte[] saved = saved();
        Random random = new Random(seed);
        Path broken = folder.resolve("broken.wasm");
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] changed = saved.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            Files.write(broken, changed);
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
            SnapshotFile.at(file).save(guest.execution(), guest.savedSettings(), new Streams(nowhere, nowhere));
        }
        return Files.readAllBytes(file);
    }

    private static WasiWorld world(ByteArrayOutputStream out) {
        return new WasiWorld(
                StreamInput.empty(),
                StreamOutput.to(out),
                StreamOutput.to(out),
                WasiClocks.system(),
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
