// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.options.RunOptions;
import gate.app.program.Leftovers;
import gate.app.program.SnapshotFile;
import gate.app.program.Stoppable;
import gate.app.program.StoppedEarly;
import gate.app.program.Stopping;
import gate.app.program.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs a guest until it ends or is stopped, and does then what the command line and the person at it want.
final class GuestRun {
    private final Stoppable guest;
    private final RunOptions options;
    private final Streams streams;
    private final StopRequests requests;
    /// Where it is to be saved. A second Ctrl-C looks at it, too.
    private final AtomicReference<@Nullable SnapshotFile> file;

    private GuestRun(
            Stoppable guest,
            RunOptions options,
            AtomicReference<@Nullable SnapshotFile> file,
            Streams streams,
            StopRequests requests) {
        this.guest = guest;
        this.options = options;
        this.file = file;
        this.streams = streams;
        this.requests = requests;
    }

    /// Makes what is to be run.
    interface Preparation {
        /// @throws StoppedEarly where somebody wishes a stop, and it would take long
        Stoppable prepare(Stopping stopping);
    }

    /// The file that `--snapshot` names, checked before anything is done; null where it isn't given.
    ///
    /// @throws CommandFailure where no program can be saved there
    static @Nullable SnapshotFile snapshotFile(RunOptions options) {
        Path named = options.stop().snapshot();
        return named == null ? null : SnapshotFile.at(named);
    }

    /// Runs it on the calling thread and returns the exit status.
    static int of(Preparation preparation, RunOptions options, @Nullable SnapshotFile file, Streams streams) {
        Stopping stopping = new Stopping();
        AtomicReference<@Nullable SnapshotFile> target = new AtomicReference<>(file);
        StopRequests requests = new StopRequests(stopping::stop, () -> kill(target.get(), streams));
        try (Signals signals = Signals.handle(requests)) {
            Duration after = options.stop().after();
            if (after != null) {
                signals.after(after, StopReason.AFTER);
            }
            Duration timeout = options.stop().timeout();
            if (timeout != null) {
                signals.after(timeout, StopReason.TIMEOUT);
            }
            try (Stoppable guest = preparation.prepare(stopping)) {
                stopping.running(guest::suspend);
                return new GuestRun(guest, options, target, streams, requests).run();
            }
        } catch (StoppedEarly e) {
            return early(requests.reason(), streams);
        }
    }

    /// It was stopped before there was anything to save.
    static int early(StopReason reason, Streams streams) {
        streams.say(because(reason) + ": the program had not begun, as its services were not reached yet");
        return switch (reason) {
            case INTERRUPT -> ExitCode.INTERRUPTED.number();
            case TERMINATE -> ExitCode.TERMINATED.number();
            case HANG_UP -> ExitCode.HUNG_UP.number();
            case AFTER -> ExitCode.CANNOT_WRITE.number();
            case TIMEOUT -> ExitCode.TIME_LIMIT.number();
        };
    }

    private int run() {
        while (true) {
            switch (guest.run(streams)) {
                case Stoppable.Stretch.Ended(int status) -> {
                    return status;
                }
                case Stoppable.Stretch.Lacking lacking -> {
                    return lacking(lacking);
                }
                case Stoppable.Stretch.Stopped() -> {
                    if (requests.isStopping()) {
                        Optional<Integer> status = stopped(requests.reason());
                        if (status.isPresent()) {
                            return status.get();
                        }
                        requests.goOn(requests.reason());
                    }
                }
            }
        }
    }

    private int lacking(Stoppable.Stretch.Lacking lacking) {
        SnapshotFile target = file.get();
        if (target == null) {
            streams.say(lacking.unsaved());
            return lacking.code().number();
        }
        Optional<Integer> status = saveOrAsk(target, lacking.reason(), lacking.next(), false);
        while (status.isEmpty()) {
            streams.say("it has nothing to go on with: it can be saved, or ended");
            status = saveOrAsk(target, lacking.reason(), lacking.next(), false);
        }
        return status.get();
    }

    /// @return the exit status, or empty where it shall go on
    private Optional<Integer> stopped(StopReason reason) {
        SnapshotFile target = file.get();
        if (target != null) {
            boolean urgent = reason == StopReason.TERMINATE || reason == StopReason.HANG_UP;
            return saveOrAsk(target, because(reason), "`gate resume ", urgent);
        }
        return switch (reason) {
            case INTERRUPT ->
                Terminal.open()
                        .map(terminal -> ask(terminal, ExitCode.INTERRUPTED, "Ctrl-C", "`gate resume "))
                        .orElseGet(() -> end(
                                ExitCode.INTERRUPTED,
                                "ended by Ctrl-C; with --snapshot FILE it would have been saved"));
            case HANG_UP -> end(ExitCode.HUNG_UP, "ended by SIGHUP; with --snapshot FILE it would have been saved");
            case TERMINATE ->
                end(ExitCode.TERMINATED, "ended by SIGTERM; with --snapshot FILE it would have been saved");
            case TIMEOUT ->
                end(ExitCode.TIME_LIMIT, "--timeout ran out; with --snapshot FILE it would have been saved");
            case AFTER -> throw new IllegalStateException("--after without --snapshot");
        };
    }

    private static String because(StopReason reason) {
        return switch (reason) {
            case INTERRUPT -> "Ctrl-C";
            case TERMINATE -> "SIGTERM";
            case HANG_UP -> "SIGHUP";
            case AFTER -> "--after";
            case TIMEOUT -> "--timeout ran out";
        };
    }

    private Optional<Integer> end(ExitCode code, String sentence) {
        streams.say(sentence);
        return Optional.of(code.number());
    }

    /// Saves it where `--snapshot` says. Where that fails, the program is still there: somebody at a terminal
    /// can say what to do with it.
    ///
    /// @param urgent whether there is no time to ask
    /// @throws CommandFailure where it can't be saved, and nobody is there
    private Optional<Integer> saveOrAsk(SnapshotFile target, String reason, String next, boolean urgent) {
        try {
            return Optional.of(save(target, reason, next));
        } catch (CommandFailure e) {
            Optional<BufferedReader> terminal =
                    urgent || !Terminal.isStandardError() ? Optional.empty() : Terminal.open();
            if (terminal.isEmpty()) {
                throw e;
            }
            streams.say(e.sentence());
            Optional<Integer> status = ask(terminal.get(), e.code(), reason, next);
            file.set(target);
            return status;
        }
    }

    /// @param ended the exit code where it shall end without being saved
    /// @return the exit status, or empty where it shall go on
    private Optional<Integer> ask(BufferedReader terminal, ExitCode ended, String reason, String next) {
        SnapshotFile named = file.get();
        while (true) {
            Path free = SaveQuestion.defaultFile(options.file(), Path.of(""));
            switch (answer(terminal, free)) {
                case SaveQuestion.Answer.Save(Path chosen) -> {
                    try {
                        SnapshotFile target = SnapshotFile.fresh(chosen);
                        file.set(target); // a second Ctrl-C leaves no half of it
                        return Optional.of(save(target, reason, next));
                    } catch (CommandFailure e) { // the program is still there: its user may make room
                        streams.say(e.sentence());
                        file.set(named);
                    }
                }
                case SaveQuestion.Answer.Plain plain -> {
                    switch (plain) {
                        case GO_ON -> {
                            close(terminal);
                            return Optional.empty();
                        }
                        case END -> {
                            return end(ended, "ended, not saved");
                        }
                        case TERMINATED -> {
                            streams.err().println();
                            return stopped(requests.reason());
                        }
                    }
                }
            }
        }
    }

    /// Asks on a thread of its own, which nobody can call back from the terminal: where SIGTERM comes first,
    /// it ends with the process.
    private SaveQuestion.Answer answer(BufferedReader terminal, Path free) {
        CompletableFuture<SaveQuestion.Answer> answer = CompletableFuture.supplyAsync(
                () -> SaveQuestion.ask(streams, terminal, free),
                task -> Thread.ofPlatform().daemon().name("question").start(task));
        requests.onTerminate(() -> answer.complete(SaveQuestion.Answer.Plain.TERMINATED));
        return answer.join();
    }

    private static void close(BufferedReader terminal) {
        try {
            terminal.close();
        } catch (IOException e) {
            // It was only read from.
        }
    }

    private int save(SnapshotFile target, String reason, String next) {
        for (String problem : guest.problems()) {
            streams.say("it won't be able to go on: " + problem);
        }
        long bytes = target.save(guest, streams);
        streams.say(String.format(
                "%s: saved to %s (%,d KiB); %s%s` continues it",
                reason, shown(target), (bytes + 1023) >> 10, next, shown(target)));
        return ExitCode.SAVED.number();
    }

    /// As its user would write it.
    private String shown(SnapshotFile target) {
        return target.name().toString();
    }

    /// Ctrl-C for the second time. Called by a signal, on its own thread, while anything may be going on.
    private static void kill(@Nullable SnapshotFile target, Streams streams) {
        if (target != null) {
            target.discardPartial();
        }
        streams.err().println();
        streams.say("ended by a second Ctrl-C, not saved");
        streams.err().flush();
        Leftovers.halt(ExitCode.INTERRUPTED.number());
    }
}
