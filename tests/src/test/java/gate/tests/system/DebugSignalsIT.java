// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gate debug` and signals, with commands from a pipe.
@Tag("slow")
final class DebugSignalsIT {
    private static final String COUNTER = Guests.example("sdk-c/counter.wasm").toString();

    @TempDir
    private Path folder;

    private GateProcess debug(String... words) throws IOException, InterruptedException {
        String[] all = new String[words.length + 1];
        all[0] = "debug";
        System.arraycopy(words, 0, all, 1, words.length);
        GateProcess process = GateProcess.start(folder, all);
        process.awaitErr(err -> err.contains("#0 "));
        return process;
    }

    @Test
    void programThatRunsIsStopped() throws IOException, InterruptedException {
        Guests.write(folder, "forever.wat", Guests.FOREVER);
        try (GateProcess process = debug("forever.wat")) {
            process.write("continue\n");
            process.awaitOut("running\n"::equals);
            process.signal("INT");
            process.awaitErr(err -> err.contains("(gate) continue\nstopped\n#0 "));
            process.write("bt\n");
            process.awaitErr(err -> err.contains("#1 "));
            process.endInput();
            assertThat(process.await().status()).isZero();
        }
    }

    @Test
    void gateProgramThatRunsIsStopped() throws IOException, InterruptedException {
        try (GateProcess process = debug("--connect", "./socket", COUNTER)) {
            process.write("continue\n");
            process.awaitOut("1\n"::equals);
            process.signal("INT");
            process.awaitErr(err -> err.contains("(gate) continue\nstopped\n#0 "));
            process.endInput();
            assertThat(process.await().status()).isZero();
        }
        assertThat(folder.resolve("socket")).doesNotExist();
    }

    @Test
    void sigtermEndsItAtThePromptAndTakesTheSocketAlong() throws IOException, InterruptedException {
        try (GateProcess process = debug("--connect", "./socket", COUNTER)) {
            assertThat(folder.resolve("socket")).exists();
            process.signal("TERM");
            assertThat(process.await().status()).isEqualTo(143);
        }
        assertThat(folder.resolve("socket")).doesNotExist();
    }

    @Test
    void sigtermEndsItWhileTheProgramRunsAndTakesTheSocketAlong() throws IOException, InterruptedException {
        try (GateProcess process = debug("--connect", "./socket", COUNTER)) {
            process.write("continue\n");
            process.awaitOut("1\n"::equals);
            process.signal("TERM");
            assertThat(process.await().status()).isEqualTo(143);
        }
        assertThat(folder.resolve("socket")).doesNotExist();
    }

    @Test
    void savingAGateProgramSaysWhatItCosts() throws IOException, InterruptedException {
        try (GateProcess process = debug(COUNTER)) {
            process.write("continue\n");
            process.awaitOut("1\n"::equals);
            process.signal("INT");
            process.awaitErr(err -> err.contains("(gate) continue\nstopped\n"));
            process.write("save saved.wasm\n");
            process.awaitErr(err -> err.contains("its connections have ended by that"));
            process.write("continue\n");
            process.awaitOut("1\nwelcome back\n2\n"::equals);
            process.signal("TERM");
            assertThat(process.await().status()).isEqualTo(143);
        }
    }
}
