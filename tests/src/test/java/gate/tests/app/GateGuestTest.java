// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;

import gate.app.Streams;
import gate.app.instance.GateGuest;
import gate.app.options.RunOptions;
import gate.app.program.Stoppable;
import gate.app.program.Stopping;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import gate.executor.host.instance.Program;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Gate programs of the command line.
final class GateGuestTest {
    /// Signals are handled from before the run on: none is to come to a program that runs already, and end the process.
    @Test
    void programBeginsWithItsRunAndAStopBeforeThatHolds() {
        Streams streams = new Streams(
                new PrintStream(OutputStream.nullOutputStream()), new PrintStream(OutputStream.nullOutputStream()));
        RunOptions options = new RunOptions(
                Path.of("forever.wat"),
                List.of(),
                List.of(),
                List.of(),
                null,
                new RunOptions.Limits(null, null, null),
                new RunOptions.Stop(null, null, null));
        boolean[] made = {false};
        GateGuest.ProgramMaker maker = () -> {
            made[0] = true;
            return Program.of(Module.parse(TextFormat.toBinary(
                    "(module (func (export \"_start\") (loop $more (br $more))))", TextLimits.defaults())));
        };
        try (GateGuest guest = GateGuest.of(options, maker, new Stopping(), streams)) {
            assertThat(made[0]).isFalse();
            guest.suspend();
            assertThat(guest.run(streams)).isInstanceOf(Stoppable.Stretch.Stopped.class);
        }
    }
}
