// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.system.GateProcess.Ended;
import gate.tests.tidy.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README shows is what happens: its commands are taken from it and run.
@Tag("slow")
final class DemonstrationIT {
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\./gate (run|resume) .*$");

    @TempDir
    private Path folder;

    @Test
    void theReadmesDemonstrationIsTrue() throws IOException, InterruptedException {
        List<String> commands = COMMAND.matcher(Repository.text("README.md"))
                .results()
                .map(match -> match.group().substring("./gate ".length()))
                .toList();
        assertThat(commands).hasSize(3);
        Ended whole = gate(commands.get(0));
        assertThat(whole.status()).as(whole.err()).isZero();
        Ended first = gate(commands.get(1));
        assertThat(first.status()).as(first.err()).isEqualTo(75);
        assertThat(first.err()).contains("saved to saved.wasm").contains("gate resume saved.wasm");
        Ended rest = gate(commands.get(2));
        assertThat(rest.status()).as(rest.err()).isZero();
        assertThat(first.out()).isNotEmpty().endsWith("\n");
        assertThat(rest.out()).isNotEmpty();
        assertThat(first.out() + rest.out()).isEqualTo(whole.out());
    }

    /// In a folder of its own, where `examples` is the checkout's.
    private Ended gate(String line) throws IOException, InterruptedException {
        Path examples = folder.resolve("examples");
        if (!Files.exists(examples)) {
            Files.createSymbolicLink(examples, Repository.root().resolve("examples"));
        }
        return GateProcess.run(folder, line.split(" ", -1));
    }
}
