// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The house test on Gate programs: suspended at random packets, with streams half-sent and service calls pending;
/// restored from a file; equal observable output. [GateHouseIT] does it with a new process each time.
/// `-Dgate.house.hops=N` has it go on until it was suspended so often.
final class GateHouseTest {
    private static final int HOPS = 300;
    private static final int GAP_MAX = 150;

    @TempDir
    private Path folder;

    @Test
    void undisturbedItDoesWhatItIsToDo() throws Exception {
        long seed = Comparison.firstSeed();
        assertThat(Comparison.undisturbed(folder, seed).ofLanes().text())
                .isEqualTo(Lanes.expected(seed).text());
    }

    @Test
    @Tag("slow")
    void suspendedAtAnyPacketItDoesTheSame() throws Exception {
        new Comparison(folder, Hop::run, GAP_MAX, true).run(Integer.getInteger("gate.house.hops", HOPS));
    }
}
