// SPDX-License-Identifier: Apache-2.0
package gate.tests.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.abi.State;
import gate.engine.abi.Status;
import gate.engine.wasm.Module;
import gate.executor.host.instance.Launch;
import gate.executor.host.instance.Program;
import gate.server.service.Registry;
import gate.server.service.origin.OriginOptions;
import gate.tests.instance.World;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is written with the SDKs uses services of our own, which stay or go while it is suspended.
@Tag("slow")
@Timeout(120)
final class SdkServicesTest {
    /// Of one service that wait: what all SDKs allow.
    private static final int CALLS = 256;

    private static World world(Registry services) {
        return new World(new OriginOptions(32_768, 10), services);
    }

    private static Program example(SdkLanguage language, String name) throws Exception {
        return Program.of(Module.parse(Files.readAllBytes(Path.of(language.example(name)))));
    }

    @ParameterizedTest
    @EnumSource
    void callIsAnsweredWhereItsServiceIsThere(SdkLanguage language) throws Exception {
        try (World world = world(new Registry())) {
            World.Running program = world.launch(example(language, "services"));
            String said = program.exchange("");
            assertThat(said.lines()).contains("internal/test: available", "echoed: test");
            assertThat(said).contains("\nrun by: local\ninstance: instance\n");
            assertEndedWell(program.instance().await());
        }
    }

    private static void assertEndedWell(Status status) {
        // By returning or by an exit, as the language has it.
        assertThat(status).isIn(Status.exited(State.HALTED, 0), Status.exited(State.TERMINATED, 0));
    }

    /// A program with as many calls as can wait, and a stream.
    private static byte[] waitingProgram(SdkLanguage language) throws Exception {
        PatientService patience = new PatientService(CALLS, false);
        try (World world = world(new Registry().register(patience))) {
            World.Running program = world.launch(example(language, "waiting"));
            patience.waiting.await();
            return suspended(program);
        }
    }

    private static byte[] suspended(World.Running program) throws Exception {
        program.instance().suspend();
        assertThat(program.instance().await()).extracting(Status::state).isEqualTo(State.SUSPENDED);
        return program.snapshot();
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsForAServiceFailsAtOnceWhenTheServiceIsGone(SdkLanguage language) throws Exception {
        byte[] saved = waitingProgram(language);
        try (World world = world(new Registry())) {
            Status status = world.launch(World.saved(saved), Launch.of("gone"))
                    .instance()
                    .await();
            assertEndedWell(status);
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsAreAnsweredThatWaitedOverAResumption(SdkLanguage language) throws Exception {
        byte[] saved = waitingProgram(language);
        PatientService patience = new PatientService(0, true);
        try (World world = world(new Registry().register(patience))) {
            Status status = world.launch(World.saved(saved), Launch.of("back"))
                    .instance()
                    .await();
            assertEndedWell(status);
            assertThat(patience.answered).hasValue(1);
        }
    }
}
