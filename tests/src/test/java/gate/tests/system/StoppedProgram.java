// SPDX-License-Identifier: Apache-2.0
package gate.tests.system;

import gate.app.Streams;
import gate.app.options.DirectoryGrant;
import gate.app.options.EnvironmentEntry;
import gate.app.options.RunOptions;
import gate.app.program.Guest;
import gate.app.program.SnapshotFile;
import gate.engine.runtime.Execution;
import gate.engine.runtime.GuestExit;
import gate.executor.host.wasi.Preopen;
import gate.executor.host.wasi.StreamInput;
import gate.executor.host.wasi.StreamOutput;
import gate.executor.host.wasi.WasiClocks;
import gate.executor.host.wasi.WasiRandom;
import gate.executor.host.wasi.WasiWorld;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A WASI program that runs in this process, and is stopped again and again: each time it goes through a file,
/// and on from there with nothing kept but its streams.
///
/// @param file the program
/// @param folder what it gets as `/`
record StoppedProgram(Path file, Path folder, List<String> arguments, byte[] input) {
    /// What it did.
    ///
    /// @param stops how often it was stopped
    record Result(int status, String out, String err, int stops, double millis) {}

    /// Runs it without a stop.
    Result whole(Path saved) {
        return run(() -> Long.MAX_VALUE, 0, saved);
    }

    /// Runs it to its end.
    ///
    /// @param gapNanos how long it may run until it is stopped the next time
    /// @param stopsMax from then on it runs undisturbed
    /// @param saved the file that it goes through
    Result run(LongSupplier gapNanos, int stopsMax, Path saved) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        WasiWorld world = new WasiWorld(
                new BytesInput(input),
                StreamOutput.to(out),
                StreamOutput.to(err),
                WasiClocks.system(),
                WasiRandom.system(),
                List.of(new Preopen(folder, "/", false)));
        Streams streams = new Streams(new PrintStream(out), new PrintStream(err));
        long began = System.nanoTime();
        int stops = 0;
        Guest guest = Guest.of(options(file), world);
        try {
            while (stopped(guest.execution(), stops < stopsMax ? gapNanos.getAsLong() : Long.MAX_VALUE)) {
                stops++;
                SnapshotFile.at(saved).save(guest, streams);
                guest.close();
                guest = Guest.resumed(options(saved), world);
            }
            return result(0, out, err, stops, began);
        } catch (GuestExit exit) {
            return result(exit.status(), out, err, stops, began);
        } finally {
            guest.close();
        }
    }

    /// A world of a program that has no input, no folders, and nobody who listens.
    static WasiWorld silentWorld() {
        return new WasiWorld(
                StreamInput.empty(),
                StreamOutput.to(OutputStream.nullOutputStream()),
                StreamOutput.to(OutputStream.nullOutputStream()),
                WasiClocks.system(),
                WasiRandom.system(),
                List.of());
    }

    private static Result result(
            int status, ByteArrayOutputStream out, ByteArrayOutputStream err, int stops, long began) {
        return new Result(
                status,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8),
                stops,
                (System.nanoTime() - began) / 1e6);
    }

    /// @return false where it has come to its end
    private static boolean stopped(Execution execution, long nanos) {
        Thread timer = Thread.ofPlatform().daemon().start(() -> {
            try {
                TimeUnit.NANOSECONDS.sleep(nanos);
                execution.suspend();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it has ended before
            }
        });
        try {
            while (true) {
                Execution.Status status = execution.run();
                if (status == Execution.Status.FINISHED) {
                    return false;
                }
                if (!timer.isAlive()) {
                    return true;
                }
            }
        } finally {
            timer.interrupt();
        }
    }

    private RunOptions options(Path program) {
        return new RunOptions(
                program,
                program.equals(file) ? arguments : List.of(),
                List.<DirectoryGrant>of(),
                program.equals(file) ? List.of(new EnvironmentEntry("PWD", "/")) : List.of(),
                null,
                new RunOptions.Limits(null, null, null),
                new RunOptions.Stop(null, null, null));
    }

    /// Input that takes nothing ahead of the guest, so that the runs that one program is cut into can share it.
    private static final class BytesInput implements StreamInput {
        private final byte[] bytes;
        private int position;

        BytesInput(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int available() {
            return position < bytes.length ? bytes.length - position : END;
        }

        @Override
        public int read(ByteBuffer target) {
            if (position == bytes.length) {
                return END;
            }
            int count = Math.min(target.remaining(), bytes.length - position);
            target.put(bytes, position, count);
            position += count;
            return count;
        }

        @Override
        public void whenReady(Runnable ready) {
            ready.run();
        }

        @Override
        public byte[] unread() {
            return new byte[0];
        }
    }
}
