// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.instance.OriginalContainerTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Programs that are suspended at random packets, beside the same programs that aren't.
///
/// @param folder for the folders of all of them
/// @param hopping how they go on
/// @param gapMax packets between suspensions at most
/// @param rare whether even what happens rarely has to have happened
record Comparison(Path folder, Hopping hopping, int gapMax, boolean rare) {
    private static final int PATIENCE = 10;

    /// Goes on with the program in a folder.
    interface Hopping {
        /// @return whether the program has been suspended and saved
        boolean hop(Path folder, long seed, int number, int packets) throws Exception;
    }

    static long firstSeed() {
        return Long.getLong("gate.test.seed", 1);
    }

    static Observed undisturbed(Path folder, long seed) throws Exception {
        Path alone = Files.createDirectory(folder.resolve("undisturbed-" + seed));
        assertThat(Hop.run(alone, seed, 0, 0)).isFalse();
        return Observed.in(alone);
    }

    /// Runs programs, each to its end, until they have been suspended so often.
    void run(int hopsWanted) throws Exception {
        Left left = new Left();
        int programs = 0;
        for (long seed = firstSeed(); !isEnough(left, hopsWanted); seed++, programs++) {
            Observed wanted = undisturbed(folder, seed);
            Path disturbed = Files.createDirectory(folder.resolve("disturbed-" + seed));
            SplittableRandom random = new SplittableRandom(seed);
            boolean goesOn = true;
            for (int number = 0; goesOn; number++) {
                int packets = isEnough(left, hopsWanted) ? 0 : 1 + random.nextInt(1 + random.nextInt(gapMax));
                try {
                    goesOn = hopping.hop(disturbed, seed, number, packets);
                } catch (Exception e) {
                    throw new AssertionError("-Dgate.test.seed=" + seed + ", stretch " + number, e);
                }
                if (goesOn) {
                    look(disturbed.resolve(Hop.SAVED), left, random.nextInt(3) == 0);
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
    private boolean isEnough(Left left, int hopsWanted) {
        return left.files() >= hopsWanted && (left.hasEverything(rare) || left.files() >= PATIENCE * hopsWanted);
    }

    /// @param cut whether it is to go on as the original would have saved it
    private static void look(Path saved, Left left, boolean cut) throws Exception {
        left.add(saved);
        if (cut && left.hasOriginalStack()) {
            Files.write(saved, OriginalContainerTest.asTheOriginals(Files.readAllBytes(saved)));
            left.cutToTheOriginals();
        }
    }
}
