// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import gate.app.Streams;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.SnapshotFile;
import gate.engine.runtime.Execution;
import gate.executor.host.wasi.WasiWorld;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Runs the echo example on this process's own standard streams and stops it at random moments, each time through a
/// file. A program of its own, so that the pipes are real ones: `EchoWorker ECHO SAVED STOPS SEED`.
final class EchoWorker {
    private static final int GAP_MICROS_MAX = 3_000;

    /// What it writes to standard error when it has been stopped as often as wanted.
    static final String ENOUGH = "enough";

    private EchoWorker() {}

    public static void main(String[] args) throws InterruptedException {
        Path saved = Path.of(args[1]);
        int stopsWanted = Integer.parseInt(args[2]);
        Random random = new Random(Long.parseLong(args[3]));
        Streams streams = new Streams(System.out, System.err);
        int stops = 0;
        Guest guest = Guest.of(options(Path.of(args[0])), WasiWorld.system(List.of()));
        while (true) {
            Execution execution = guest.execution();
            Thread timer = null;
            if (stops < stopsWanted) {
                int micros = random.nextInt(GAP_MICROS_MAX);
                timer = Thread.ofPlatform().daemon().start(() -> {
                    try {
                        TimeUnit.MICROSECONDS.sleep(micros);
                        execution.suspend();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            boolean finished = execution.run() == Execution.Status.FINISHED;
            if (timer != null) {
                timer.join();
            }
            if (finished) {
                break;
            }
            if (++stops == stopsWanted) {
                System.err.println(ENOUGH);
            }
            SnapshotFile.at(saved).save(guest, streams);
            guest.close();
            guest = Guest.resumed(options(saved), WasiWorld.system(List.of()));
        }
        Runtime.getRuntime().halt(stops >= stopsWanted ? 0 : 1);
    }

    private static RunOptions options(Path file) {
        return new RunOptions(
                file,
                List.of(),
                List.of(),
                List.of(),
                null,
                new RunOptions.Limits(null, null, null),
                new RunOptions.Stop(null, null, null));
    }
}
