// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [GateHouseTest] does, with a new process for each stretch. `-Dgate.house.processes=N` has it go on until it was
/// suspended so often.
@Tag("slow")
final class GateHouseIT {
    private static final int HOPS = 16;
    private static final int GAP_MAX = 600;
    private static final long MINUTES_MAX = 2;

    @TempDir
    private Path folder;

    @Test
    void suspendedAtAnyPacketAndGoingOnInANewProcessItDoesTheSame() throws Exception {
        new Comparison(folder, GateHouseIT::inANewProcess, GAP_MAX, false)
                .run(Integer.getInteger("gate.house.processes", HOPS));
    }

    private static boolean inANewProcess(Path folder, long seed, int number, int packets)
            throws IOException, InterruptedException {
        Path output = folder.resolve("process");
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
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES) || process.exitValue() != 0) {
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
