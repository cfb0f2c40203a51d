// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.executor.host.wasi.StreamInput;
import gate.executor.host.wasi.StreamOutput;
import gate.executor.host.wasi.WasiClocks;
import gate.executor.host.wasi.WasiRandom;
import gate.executor.host.wasi.WasiWorld;
import gate.tests.tidy.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Files that were saved when their version of the format was new, and must go on for ever. `-Dgate.fixture.write=true`
/// writes the one of the current version anew, which is right only until that version has been published.
final class EachFormatVersionTest {
    private static final Path FOLDER = Repository.root().resolve("tests/src/test/resources/gate/tests/snapshot");

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    /// `examples/hello/hello.wat`, which has discovered origin and waits for a connection.
    @Test
    void gateProgramOfVersion1GoesOn() throws Exception {
        Path file = FOLDER.resolve("version-1-gate.wasm");
        if (Boolean.getBoolean("gate.fixture.write")) {
            World.Running hello = world.launch(World.example(Repository.root().resolve("examples/hello/hello.wat")));
            Thread.sleep(500); // until it waits
            hello.instance().suspend();
            assertThat(hello.instance().await().state()).isEqualTo(State.SUSPENDED);
            Files.write(file, hello.snapshot());
        }
        byte[] saved = Files.readAllBytes(file);
        for (byte[] bytes : List.of(saved, OriginalContainerTest.asTheOriginals(saved))) {
            World.Running hello = world.launch(World.saved(bytes));
            assertThat(hello.exchange("")).isEqualTo("hello, world\n");
            assertThat(hello.instance().await()).isEqualTo(Status.exited(State.HALTED, 0));
        }
    }

    /// `examples/primes/primes.wat`, which has printed the 55,000th prime.
    @Test
    void wasiProgramOfVersion1GoesOn() throws IOException {
        AtomicReference<Guest> running = new AtomicReference<>();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                printed.write(b);
                if (b == '\n') {
                    Objects.requireNonNull(running.get()).suspend();
                }
            }
        };
        WasiWorld silent = new WasiWorld(
                StreamInput.empty(),
                StreamOutput.to(out),
                StreamOutput.to(OutputStream.nullOutputStream()),
                WasiClocks.system(),
                WasiRandom.system(),
                List.of());
        RunOptions options = new RunOptions(
                FOLDER.resolve("version-1-wasi.wasm"),
                List.of(),
                List.of(),
                List.of(),
                null,
                new RunOptions.Limits(null, null, null),
                new RunOptions.Stop(null, null, null));
        try (Guest guest = Guest.resumed(options, silent)) {
            running.set(guest);
            guest.execution().run();
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("60000 746773\n");
    }
}
