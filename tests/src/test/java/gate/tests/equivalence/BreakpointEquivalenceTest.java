// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.debug.CodeOffsets;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.Execution;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Store;
import gate.engine.snapshot.ProgramState;
import gate.engine.snapshot.Snapshot;
import gate.engine.snapshot.SnapshotInfo;
import gate.engine.snapshot.SnapshotWriter;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The house test on programs that are debugged: breakpoints and single steps change neither results nor memory, nor
/// the count of instructions, also where the program goes through a saved file at them. `-Dgate.debugged=N` says
/// how many generated programs, `-Dgate.seed=N` from which on.
final class BreakpointEquivalenceTest {
    private static final int MODULES = Integer.getInteger("gate.debugged", 30);
    private static final long FIRST_SEED = Long.getLong("gate.seed", 1);
    private static final int CARRIES_MAX = 20;
    private static final int FAILURES_SHOWN = 3;

    private final AtomicLong stops = new AtomicLong();

    @Test
    void generatedProgramsDoTheSameWhenTheyAreDebugged() {
        List<String> reports = Collections.synchronizedList(new ArrayList<>());
        LongStream.range(FIRST_SEED, FIRST_SEED + MODULES).parallel().forEach(seed -> {
            if (reports.size() < FAILURES_SHOWN) {
                byte[] module = ModuleGenerator.generate(Choices.seeded(seed));
                difference(module, seed)
                        .ifPresent(found -> reports.add("seed " + seed + ": " + found + "\n"
                                + HexFormat.of().formatHex(module)));
            }
        });
        assertThat(reports).isEmpty();
        assertThat(stops.get()).as("stops at breakpoints").isGreaterThan(50L * MODULES);
    }

    private Optional<String> difference(byte[] module, long seed) {
        try {
            for (boolean counting : new boolean[] {true, false}) {
                Outcome straight = GuestRun.of(Engine.INTERPRETER, module, seed, counting, Interruptions.none());
                String how = counting ? "" : " without counting";
                Optional<String> found = Optional.empty();
                for (int round = 0; round < 4 && found.isEmpty(); round++) {
                    Breaking debugger = round < 2 ? Breaking.everywhere() : Breaking.somewhere(seed * 4 + round);
                    Interruptions others =
                            round % 2 == 0 ? Interruptions.none() : Interruptions.seeded(seed, CARRIES_MAX);
                    Outcome debugged = GuestRun.of(Engine.INTERPRETER, module, seed, counting, others.with(debugger));
                    stops.addAndGet(debugger.stops());
                    found = straight.equals(debugged)
                            ? Optional.empty()
                            : Optional.of(
                                    "round " + round + how + ":\nexpected " + straight + "\nbut it is " + debugged);
                }
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (Throwable e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return Optional.of(trace.toString());
        }
    }

    /// All instructions before the addition have no words of their own.
    private static final String WORDLESS = """
            (module (func (export "f") (param i32) (result i32)
              (nop) (nop) (i32.add (local.get 0) (i32.const 1))))""";

    @Test
    void breakpointBehindTheNextInstructionIsNotMissedAfterAStep() throws Exception {
        for (int behind = 1; behind < 5; behind++) {
            for (boolean file : new boolean[] {false, true}) {
                assertThat(stopsBehind(behind, file)).as(behind + " behind").isTrue();
            }
        }
    }

    /// Steps to the first instruction, and goes on to one that is behind it.
    private static boolean stopsBehind(int behind, boolean file) throws Exception {
        Module module = Module.parse(TextFormat.toBinary(WORDLESS, TextLimits.defaults()));
        Store store = new Store();
        try {
            Execution execution = Execution.instantiate(store.allocate(module, Imports.none()));
            execution.call(0, 41);
            execution.setBreakpoints(Breakpoints.EVERY_INSTRUCTION);
            assertThat(execution.run()).isEqualTo(Execution.Status.BREAKPOINT);
            int wanted = CodeOffsets.of(module).firstInstruction(0);
            for (int i = 0; i < behind; i++) {
                wanted = CodeOffsets.of(module).next(wanted);
            }
            execution.setBreakpoints(Breakpoints.at(new int[] {wanted}));
            if (file) {
                long breakpoint = CodeOffsets.of(module).toBreakpoint(wanted);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                SnapshotInfo info = new SnapshotInfo(false, SnapshotInfo.SUSPENDED, 0, 0, List.of(breakpoint));
                SnapshotWriter.write(execution, ProgramState.of(info, new byte[0]), Channels.newChannel(out));
                Snapshot snapshot = SavedFile.read(out.toByteArray());
                store.close();
                store = new Store();
                execution = snapshot.restore(store, Imports.none());
            }
            boolean stops = execution.run() == Execution.Status.BREAKPOINT;
            if (stops) {
                assertThat(execution.run()).isEqualTo(Execution.Status.FINISHED);
            }
            assertThat(execution.results()).containsExactly(42);
            return stops;
        } finally {
            store.close();
        }
    }
}
