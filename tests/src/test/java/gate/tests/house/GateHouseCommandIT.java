// SPDX-License-Identifier: Apache-2.0
package gate.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.system.GateProcess;
import gate.tests.system.GateProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The house test on the command line: `gate run --snapshot` and `gate resume`, each in a process of its own, stopped
/// by
/// signals while clients are in the middle of their streams.
@Tag("slow")
final class GateHouseCommandIT {
    private static final int ROUNDS = 6;
    private static final String SAVED = "saved.wasm";
    private static final String SOCKET = "socket";

    private final long seed = Long.getLong("gate.test.seed", 1);

    @TempDir
    private Path folder;

    @Test
    void stoppedBySignalsInTheMiddleOfItsStreamsItDoesTheSame() throws Exception {
        Files.writeString(folder.resolve("lanes.wat"), Hop.text());
        Observed undisturbed = program(0);
        assertThat(undisturbed.ofLanes().text()).isEqualTo(ofLanesAlone().text());
        assertThat(program(ROUNDS).text()).as("-Dgate.test.seed=%d", seed).isEqualTo(undisturbed.text());
    }

    /// Without the services that the command line doesn't have.
    private Observed ofLanesAlone() {
        Observed expected = Lanes.expected(seed);
        return new Observed(expected.outputs(), Map.of(), expected.log(), expected.result());
    }

    private Observed program(int stops) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<SocketClient> clients = new ArrayList<>();
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            clients.add(new SocketClient(lane, Lanes.input(seed, lane), random.split()));
        }
        Map<String, List<String>> log = new TreeMap<>();
        for (int stop = 0; stop < stops; stop++) {
            Ended ended = round(stop, clients, stops - stop, random.nextBoolean() ? "TERM" : "INT");
            assertThat(ended.status()).as(ended.err()).isEqualTo(75);
            note(log, ended);
        }
        Ended ended = round(stops, clients, 0, "");
        assertThat(ended.err()).doesNotContain("gate: the program");
        note(log, ended);
        return new Observed(clients.stream().map(SocketClient::output).toList(), Map.of(), log, ended.status());
    }

    private static void note(Map<String, List<String>> log, Ended ended) {
        ended.err().lines().filter(line -> !line.startsWith("gate:")).forEach(line -> Lanes.note(log, line));
    }

    /// @param stops that are still to come, this one included; 0 for none
    private Ended round(int number, List<SocketClient> clients, int stops, String signal)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(number == 0 ? "run" : "resume", "--snapshot", SAVED, "--connect", "./" + SOCKET));
        command.add(number == 0 ? "lanes.wat" : SAVED);
        try (GateProcess process = GateProcess.start(folder, command.toArray(String[]::new))) {
            process.awaitErr(err -> err.contains("connections come in at"));
            if (stops == 0) {
                process.endInput(); // the program ends when all connections have, this one too
            }
            for (SocketClient client : clients) {
                client.connect(folder.resolve(SOCKET), stops);
            }
            if (stops > 0) {
                clients.get(number % clients.size()).awaitMoment();
                process.signal(signal);
            }
            Ended ended = process.await();
            for (SocketClient client : clients) {
                client.end();
            }
            assertThat(folder.resolve(SOCKET)).doesNotExist();
            return ended;
        }
    }
}
