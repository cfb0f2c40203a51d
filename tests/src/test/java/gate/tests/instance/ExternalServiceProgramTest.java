// SPDX-License-Identifier: Apache-2.0
package gate.tests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.Streams;
import gate.app.command.Commands;
import gate.engine.abi.Cause;
import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.server.grpc.GrpcConnector;
import gate.server.service.Registry;
import gate.server.service.ServiceConnector;
import gate.server.service.origin.OriginOptions;
import gate.tests.app.CommandRun;
import gate.tests.grpc.ServiceProcess;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real programs call a real service of another process.
final class ExternalServiceProgramTest {
    private static final int ENDLESSLY = 1_000_000_000;

    @TempDir
    Path folder;

    private static String calls(int count) throws Exception {
        try (InputStream in = ExternalServiceProgramTest.class.getResourceAsStream("/gate/tests/grpc/calls.wat")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("(i32.const CALLS)", "(i32.const " + count + ")");
        }
    }

    private String target() {
        return "unix:" + folder.resolve("s");
    }

    @Test
    void programIsAnswered() throws Exception {
        Path file = Files.writeString(folder.resolve("calls.wat"), calls(129));
        try (ServiceProcess _ = new ServiceProcess(folder.resolve("s"))) {
            CommandRun run = CommandRun.of("run", "--service", target(), file.toString());
            assertThat(run.err()).isEmpty();
            assertThat(run.status()).isZero();
        }
    }

    @Test
    void missingServiceIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("calls.wat"), calls(1));
        CommandRun run = CommandRun.of("run", "--service", target(), file.toString());
        assertThat(run.status()).isEqualTo(69);
        assertThat(run.err()).contains("services can't be reached: " + target());
        assertThat(CommandRun.of("run", "--service", "unix:", file.toString()).status())
                .isEqualTo(64);
    }

    /// It takes the time that a process has for its first answer.
    @Test
    @Tag("slow")
    void muteServiceIsNotWaitedForForever() throws Exception {
        Path file = Files.writeString(folder.resolve("calls.wat"), calls(1));
        try (ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(UnixDomainSocketAddress.of(folder.resolve("s")));
            CommandRun run = CommandRun.of("run", "--service", target(), file.toString());
            assertThat(run.status()).isEqualTo(69);
            assertThat(run.err()).contains("services can't be reached: " + target());
        }
    }

    @Test
    void programOfALostServiceIsToldFromAFailureOfOurs() throws Exception {
        Path file = Files.writeString(folder.resolve("calls.wat"), calls(ENDLESSLY));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CountDownLatch connected = new CountDownLatch(1);
        PrintStream said = new PrintStream(err, true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                super.println(line);
                connected.countDown(); // "connections come in": services have been reached
            }
        };
        FutureTask<Integer> status = new FutureTask<>(() -> Commands.run(
                new String[] {"run", "--connect", "0", "--service", target(), file.toString()},
                new Streams(said, said)));
        try (ServiceProcess _ = new ServiceProcess(folder.resolve("s"))) {
            Thread.ofPlatform().daemon().start(status);
            connected.await();
        }
        assertThat(status.get()).isEqualTo(76);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("gate: the program was ended, and is lost: service test ");
    }

    @Test
    void otherProgramsCanNotHaveServices() throws Exception {
        Path file = Files.writeString(folder.resolve("none.wat"), "(module (func (export \"_start\")))");
        assertThat(CommandRun.of("run", "--service", target(), file.toString()).status())
                .isEqualTo(64);
    }

    @Test
    void suspendedProgramGoesOnWithARestartedService() throws Exception {
        Registry registry = new Registry();
        ServiceProcess process = new ServiceProcess(folder.resolve("s"));
        try (ServiceConnector.Connected _ = new GrpcConnector().connect(List.of(target()), registry);
                World world = new World(new OriginOptions(32_768, 1000), registry)) {
            World.Running program = world.launch(World.text(calls(ENDLESSLY)));
            for (int i = 0; i < 5; i++) {
                program.instance().suspend();
                assertThat(program.instance().await()).extracting(Status::state).isEqualTo(State.SUSPENDED);
                process.close();
                process = new ServiceProcess(folder.resolve("s"));
                program = world.launch(World.saved(program.snapshot()));
            }
            process.close();
            Status lost = program.instance().await();
            assertThat(lost.state()).isEqualTo(State.KILLED);
            assertThat(lost.cause()).isEqualTo(Cause.INTERNAL);
            assertThat(lost.error()).startsWith("service test ");
        } finally {
            process.close();
        }
    }
}
