// SPDX-License-Identifier: Apache-2.0
package gate.app.debug;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.app.Streams;
import gate.app.program.SnapshotFile;
import gate.app.program.Text;
import gate.engine.debug.DebugInfo;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.FrameImage;
import gate.engine.snapshot.SnapshotInfo;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What one user of the debugger says and is told, one command after the other. All it prints goes to standard
/// error: standard output is the program's.
public final class Session {
    private static final int MEMORY_SHOWN = 64;
    private static final int MEMORY_SHOWN_MAX = 4_096;
    private static final int INSTRUCTIONS_SHOWN = 6;
    private static final int INSTRUCTIONS_SHOWN_MAX = 1_000;

    private final Debuggee debuggee;
    private final Streams streams;
    private final PrintStream out;
    private final DebugInfo info;
    private final Views views;
    private final Stepping stepping;
    private final SortedSet<Long> breakpoints = new TreeSet<>();
    private String last = "";

    /// @param kept breakpoints that the program was saved with
    public Session(Debuggee debuggee, List<Long> kept, Streams streams) {
        this.debuggee = debuggee;
        this.streams = streams;
        this.out = streams.err();
        this.info = DebugInfo.of(debuggee.module());
        this.views = new Views(debuggee, info, out);
        this.stepping = new Stepping(debuggee, info, this::offsets);
        breakpoints.addAll(kept);
    }

    private int[] offsets() {
        return breakpoints.stream()
                .mapToInt(breakpoint -> info.code().ofBreakpoint(breakpoint).orElse(-1))
                .toArray();
    }

    /// Says where the program stands. One that hasn't begun is brought to its first instruction.
    public void begin() {
        info.problem()
                .ifPresent(problem -> out.println("some debug information can't be read: " + Text.printable(problem)));
        if (debuggee.stop() instanceof Debuggee.Stop.NotBegun) {
            debuggee.run(Breakpoints.EVERY_INSTRUCTION);
        }
        status();
    }

    /// The exit status of a session that ends now: the program's, if that has ended.
    public int exitStatus() {
        return switch (debuggee.stop()) {
            case Debuggee.Stop.Ended(int status) -> status;
            case Debuggee.Stop.Failed _ -> ExitCode.TRAP.number();
            default -> ExitCode.OK.number();
        };
    }

    /// How a command went.
    public enum Outcome {
        DONE,
        FAILED,
        QUIT
    }

    /// Does one command. An empty one is the last again, if that was a step.
    public Outcome command(String line) {
        String[] words = (line.isBlank() ? last : line).strip().split("\\s+");
        last = "";
        try {
            return command(words[0], List.of(words).subList(1, words.length));
        } catch (DebuggerException e) {
            out.println(e.sentence());
            return Outcome.FAILED;
        } catch (CommandFailure e) {
            out.println(e.sentence());
            return Outcome.FAILED;
        }
    }

    private Outcome command(String name, List<String> arguments) throws DebuggerException {
        switch (name) {
            case "" -> {}
            case "help", "h", "?" -> out.print(Help.TEXT);
            case "break", "b" -> setBreakpoints(some(name, arguments));
            case "delete", "d" -> delete(some(name, arguments));
            case "breakpoints" -> listBreakpoints();
            case "continue", "c", "step", "s", "stepi", "si", "next", "n", "finish" -> {
                none(name, arguments);
                goOn(name);
            }
            case "backtrace", "bt" -> {
                none(name, arguments);
                views.backtrace();
            }
            case "locals" -> views.locals(frame(arguments));
            case "globals" -> views.globals();
            case "memory", "x" -> memory(some(name, arguments));
            case "list", "l", "disassemble" -> list(arguments);
            case "status" -> status();
            case "save" -> save(some(name, arguments));
            case "quit", "q" -> {
                return Outcome.QUIT;
            }
            default -> throw new DebuggerException("there is no command " + Text.quoted(name) + "; `help` lists them");
        }
        return Outcome.DONE;
    }

    private static List<String> some(String name, List<String> arguments) throws DebuggerException {
        if (arguments.isEmpty()) {
            throw new DebuggerException("`" + name + "` needs to be told what; `help` explains it");
        }
        return arguments;
    }

    private static void none(String name, List<String> arguments) throws DebuggerException {
        if (!arguments.isEmpty()) {
            throw new DebuggerException("`" + name + "` takes nothing after it");
        }
    }

    private static long number(String text, long most) throws DebuggerException {
        try {
            long number = Long.decode(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new DebuggerException(Text.quoted(text) + " is no number from 0 to " + most);
    }

    // ---- breakpoints ----

    private void setBreakpoints(List<String> expressions) throws DebuggerException {
        for (String text : expressions) {
            BreakExpression expression = BreakExpression.parse(text, info);
            if (breakpoints.size() == SnapshotInfo.BREAKPOINTS_MAX && !breakpoints.contains(expression.breakpoint())) {
                throw new DebuggerException("too many breakpoints");
            }
            breakpoints.add(expression.breakpoint());
            String place = expression.place().isEmpty() ? "" : expression.place() + ": ";
            out.println(place + "setting breakpoint at offset 0x" + Long.toHexString(expression.breakpoint()));
        }
    }

    private void delete(List<String> expressions) throws DebuggerException {
        if (expressions.equals(List.of("all"))) {
            breakpoints.clear();
            return;
        }
        for (String text : expressions) {
            long breakpoint = BreakExpression.parse(text, info).breakpoint();
            if (!breakpoints.remove(breakpoint)) {
                throw new DebuggerException("there is no breakpoint at offset 0x" + Long.toHexString(breakpoint));
            }
        }
    }

    private void listBreakpoints() {
        StringBuilder text = new StringBuilder("Breakpoints:");
        breakpoints.forEach(breakpoint -> text.append(" 0x").append(Long.toHexString(breakpoint)));
        out.println(text);
    }

    // ---- going on ----

    private void goOn(String name) throws DebuggerException {
        if (debuggee.stop().isFinal()) {
            throw new DebuggerException("the program can't go on");
        }
        streams.out().flush();
        switch (name) {
            case "continue", "c" -> stepping.goOn();
            case "stepi", "si" -> stepping.instruction();
            case "step", "s" -> stepping.line();
            case "next", "n" -> stepping.over();
            default -> stepping.out();
        }
        last = name;
        streams.out().flush();
        status();
    }

    private void status() {
        List<FrameImage> frames = debuggee.frames();
        switch (debuggee.stop()) {
            case Debuggee.Stop.NotBegun _ -> out.println("the program hasn't begun");
            case Debuggee.Stop.AtBreakpoint _ -> {
                boolean own = !frames.isEmpty()
                        && breakpoints.contains(
                                info.code().toBreakpoint(frames.getFirst().offset()));
                out.println(
                        own
                                ? "stopped at breakpoint "
                                        + views.hexadecimal(frames.getFirst().offset())
                                : "stopped");
            }
            case Debuggee.Stop.Interrupted _ -> out.println("stopped");
            case Debuggee.Stop.Lacking(String reason) -> out.println("stopped: " + Text.printable(reason));
            case Debuggee.Stop.Failed(String reason) ->
                out.println("the program has failed: " + Text.printable(reason));
            case Debuggee.Stop.Ended(int status) -> {
                out.println("the program has ended with status " + status);
                return;
            }
        }
        if (!frames.isEmpty()) {
            views.frame(0, frames.getFirst());
        }
    }

    // ---- looking ----

    private FrameImage frame(List<String> arguments) throws DebuggerException {
        List<FrameImage> frames = debuggee.frames();
        if (frames.isEmpty()) {
            throw new DebuggerException("there is no call stack");
        }
        long number = arguments.isEmpty() ? 0 : number(arguments.getFirst(), frames.size() - 1L);
        return frames.get((int) number);
    }

    private void memory(List<String> arguments) throws DebuggerException {
        long address = number(arguments.getFirst(), 1L << 32);
        int length = arguments.size() < 2 ? MEMORY_SHOWN : (int) number(arguments.get(1), MEMORY_SHOWN_MAX);
        views.memory(address, length);
    }

    private void list(List<String> arguments) throws DebuggerException {
        int around =
                arguments.isEmpty() ? INSTRUCTIONS_SHOWN : (int) number(arguments.getFirst(), INSTRUCTIONS_SHOWN_MAX);
        views.instructions(frame(List.of()), around);
    }

    // ---- saving ----

    private void save(List<String> arguments) throws DebuggerException {
        if (debuggee.stop() instanceof Debuggee.Stop.Ended) {
            throw new DebuggerException("the program has ended: there is nothing to save");
        }
        Path path;
        try {
            path = Path.of(String.join(" ", arguments));
        } catch (InvalidPathException e) {
            throw new DebuggerException("that can't be the name of a file: " + e.getReason());
        }
        SnapshotFile file = SnapshotFile.at(path);
        var saving = debuggee.saving(new ArrayList<>(breakpoints));
        saving.problems().forEach(problem -> out.println("it won't be able to go on: " + problem));
        long bytes = file.save(saving, streams);
        out.printf("saved to %s (%,d KiB)%n", path, (bytes + 1023) >> 10);
        debuggee.savingCost().ifPresent(out::println);
    }
}
