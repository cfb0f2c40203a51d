// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.instance.OriginalContainerTest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The house test on Gate programs: suspended at random packets, with streams half-sent and service calls pending;
/// restored; equal observable output. In a new process each time, and more often in this one. `-Dgate.house.hops=N` has
/// it go on until it was suspended so often, in each of the two.
final class GateHouseTest {
    private static final int PROCESSES = 16;
    private static final int HOPS = 300;
    private static final int PATIENCE = 10;

    private final long firstSeed = Long.getLong("gate.test.seed", 1);

    @TempDir
    private Path folder;

    /// Goes on with the program in a folder.
    private interface Hopping {
        /// @return whether the program has been suspended and saved
        boolean hop(Path folder, long seed, int number, int packets) throws Exception;
    }

    @Test
    void undisturbedItDoesWhatItIsToDo() throws Exception {
        assertThat(undisturbed(firstSeed).ofLanes().text())
                .isEqualTo(Lanes.expected(firstSeed).text());
    }

    @Test
    @Tag("slow")
    void suspendedAtAnyPacketItDoesTheSame() throws Exception {
        compare(Hop::run, Integer.getInteger("gate.house.hops", HOPS), 150, true);
    }

    @Test
    @Tag("slow")
    void suspendedAtAnyPacketAndGoingOnInANewProcessItDoesTheSame() throws Exception {
        compare(GateHouseTest::process, Integer.getInteger("gate.house.hops", PROCESSES), 600, false);
    }

    private Observed undisturbed(long seed) throws Exception {
        Path alone = Files.createDirectory(folder.resolve("undisturbed-" + seed));
        assertThat(Hop.run(alone, seed, 0, 0)).isFalse();
        return Observed.in(alone);
    }

    /// Runs programs, each to its end, until they have been suspended so often.
    ///
    /// @param gapMax packets between suspensions at most
    /// @param rare whether even what happens rarely has to have happened
    private void compare(Hopping hopping, int hopsWanted, int gapMax, boolean rare) throws Exception {
        Left left = new Left();
        int programs = 0;
        for (long seed = firstSeed; !isEnough(left, hopsWanted, rare); seed++, programs++) {
            Observed wanted = undisturbed(seed);
            Path disturbed = Files.createDirectory(folder.resolve("disturbed-" + seed));
            SplittableRandom random = new SplittableRandom(seed);
            boolean goesOn = true;
            for (int number = 0; goesOn; number++) {
                int packets = !isEnough(left, hopsWanted, rare) ? gap(random, gapMax) : 0;
                try {
                    goesOn = hopping.hop(disturbed, seed, number, packets);
                } catch (Exception e) {
                    throw new AssertionError("-Dgate.test.seed=" + seed + ", stretch " + number, e);
                }
                if (goesOn) {
                    Path saved = disturbed.resolve(Hop.SAVED);
                    left.add(saved);
                    if (random.nextInt(3) == 0 && left.hasOriginalStack()) {
                        Files.write(saved, OriginalContainerTest.asTheOriginals(Files.readAllBytes(saved)));
                        left.cutToTheOriginals();
                    }
                }
            }
            assertThat(Observed.in(disturbed).text())
                    .as("-Dgate.test.seed=%d", seed)
                    .isEqualTo(wanted.text());
        }
        System.out.printf("%d programs: %s%n", programs, left);
        assertThat(left.hasEverything(rare)).as(left.toString()).isTrue();
    }

    /// Which moments are hit is a matter of chance: until each kind was there, it goes on, for some time.
    private static boolean isEnough(Left left, int hopsWanted, boolean rare) {
        return left.files() >= hopsWanted && (left.hasEverything(rare) || left.files() >= PATIENCE * hopsWanted);
    }

    private static int gap(SplittableRandom random, int most) {
        return 1 + random.nextInt(1 + random.nextInt(most));
    }

    private static boolean process(Path folder, long seed, int number, int packets)
            throws IOException, InterruptedException {
        Path output = folder.resolve("process");
        Files.deleteIfExists(folder.resolve(Hop.RESULT));
        Process process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        absolute(System.getProperty("java.class.path")),
                        Hop.class.getName(),
                        folder.toString(),
                        Long.toString(seed),
                        Integer.toString(number),
                        Integer.toString(packets)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(Files.readString(output));
            }
        } finally {
            process.destroyForcibly();
        }
        return !Files.exists(folder.resolve(Hop.RESULT));
    }

    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        Arrays.stream(classPath.split(File.pathSeparator, -1))
                .forEach(entry -> entries.add(Path.of(entry).toAbsolutePath().toString()));
        return String.join(File.pathSeparator, entries);
    }
}
