// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A host call that is stopped either had no effect or is done: bytes through real pipes are never lost or doubled.
@Tag("slow")
final class EchoIT {
    private static final int STOPS = 1_000;
    private static final int BYTES_MAX = 12_000;

    private final long seed = Long.getLong("gate.test.seed", System.nanoTime());

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aThousandStopsLoseNoByteAndDoubleNone() throws IOException, InterruptedException {
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        absolute(System.getProperty("java.class.path")),
                        EchoWorker.class.getName(),
                        Guests.example("echo/echo.wasm").toString(),
                        folder.resolve("saved.wasm").toString(),
                        Integer.toString(STOPS),
                        Long.toString(seed)))
                .redirectError(err.toFile())
                .directory(folder.toFile())
                .start();
        Random random = new Random(seed);
        long total = 0;
        OutputStream out = process.getOutputStream();
        try (InputStream in = process.getInputStream()) {
            // In turns: what comes back is compared before more is sent. Pieces larger than a pipe's buffer would wait
            // for each other.
            for (int round = 0; !Files.readString(err).contains(EchoWorker.ENOUGH); round++) {
                byte[] piece = new byte[1 + random.nextInt(BYTES_MAX)];
                random.nextBytes(piece);
                out.write(piece);
                out.flush();
                byte[] back = in.readNBytes(piece.length);
                assertThat(Arrays.mismatch(back, piece))
                        .as("seed %d, round %d: %s", seed, round, Files.readString(err))
                        .isEqualTo(-1);
                total += piece.length;
                Thread.sleep(random.nextInt(8));
            }
            process.outputWriter().close();
            assertThat(in.readAllBytes()).as("seed %d: bytes too many", seed).isEmpty();
        }
        assertThat(process.waitFor()).as("seed %d", seed).isZero();
        System.out.printf("%,d bytes through %,d stops%n", total, STOPS);
    }

    private static String absolute(String classPath) {
        return String.join(
                File.pathSeparator,
                Arrays.stream(classPath.split(File.pathSeparator, -1))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }
}
