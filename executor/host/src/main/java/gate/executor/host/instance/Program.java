// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.abi.AbiImports;
import gate.engine.abi.BadProgramException;
import gate.engine.callsite.BreakpointException;
import gate.engine.callsite.CallSites;
import gate.engine.callsite.Entries;
import gate.engine.callsite.OriginalStack;
import gate.engine.debug.CodeOffsets;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.ExecutionImage;
import gate.engine.snapshot.ProgramState;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.Module;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A module or saved program whose imports are those of the `gate` profile: what all its instances share. Thread-safe.
///
/// A saved program's file must stay in place, and unchanged, while instances are made of it.
public final class Program {
    /// Calls that a program of the original has to make: of its start function, and of its entry.
    private static final int ORIGINAL_CALLS = 2;

    private final Module module;
    private final @Nullable Snapshot snapshot;
    /// The breakpoints with which call sites have been numbered last; null before.
    private @Nullable List<Long> numberedWith;
    /// Null where the original wouldn't load the module.
    private @Nullable CallSites sites;

    private Program(Module module, @Nullable Snapshot snapshot) {
        this.module = module;
        this.snapshot = snapshot;
    }

    /// @throws InstanceException where it imports what there isn't
    public static Program of(Module module) throws InstanceException {
        return checked(new Program(module, null));
    }

    /// @throws InstanceException where it imports what there isn't
    public static Program of(Snapshot snapshot) throws InstanceException {
        return checked(new Program(snapshot.module(), snapshot));
    }

    private static Program checked(Program program) throws InstanceException {
        try {
            AbiImports.check(program.module);
            return program;
        } catch (BadProgramException e) {
            throw InstanceException.badProgram(e.publicText());
        }
    }

    public Module module() {
        return module;
    }

    Optional<Snapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    /// Whether no function of it can be called, whatever it exports: see [Snapshot#isUncallable()].
    boolean isUncallable() {
        return snapshot != null && snapshot.isUncallable();
    }

    // ---- breakpoints ----

    /// @param offsets code offsets: reference 3.6
    /// @throws InstanceException where one hits no instruction
    Breakpoints breakpoints(List<Long> offsets) throws InstanceException {
        int[] instructions = new int[offsets.size()];
        CodeOffsets codes = CodeOffsets.of(module);
        for (int i = 0; i < instructions.length; i++) {
            long offset = offsets.get(i);
            instructions[i] = codes.ofBreakpoint(offset)
                    .orElseThrow(() -> InstanceException.badProgram(
                            "breakpoint could not be set at offset 0x" + Long.toHexString(offset)));
        }
        return Breakpoints.at(instructions);
    }

    // ---- the original's call sites ----

    /// Call sites with these breakpoints; empty where the original wouldn't load the module. Numbering takes as long as
    /// decoding the module, so it waits until somebody is to stop, and is kept.
    synchronized Optional<CallSites> sites(List<Long> breakpoints) {
        if (!breakpoints.equals(numberedWith)) {
            numberedWith = breakpoints;
            sites = numbered(breakpoints.stream().mapToLong(Long::longValue).toArray());
        }
        return Optional.ofNullable(sites);
    }

    private @Nullable CallSites numbered(long[] breakpoints) {
        try {
            return CallSites.of(module, breakpoints);
        } catch (IllegalArgumentException e) {
            return null; // the original wouldn't load it
        } catch (BreakpointException e) {
            throw new IllegalStateException("breakpoints have been checked before", e);
        }
    }

    /// A stopped program's stack for the original; empty where there is none.
    byte[] originalStack(ExecutionImage image, List<Long> breakpoints) {
        if (image.counting()) {
            return new byte[0]; // the original would go on without counting
        }
        int calls = image.pending().size() + (image.entry() >= 0 ? 1 : 0);
        if (calls > ORIGINAL_CALLS) {
            return new byte[0]; // a forged file can have more
        }
        boolean starting = image.entry() >= 0 && !image.pending().isEmpty();
        int start = starting ? image.entry() : module.startFunction();
        int entry = image.entry();
        if (!image.pending().isEmpty()) {
            entry = image.pending().getLast().function();
        }
        Entries entries = new Entries(start, entry);
        return sites(breakpoints)
                .flatMap(found -> new OriginalStack(found).encode(image, entries))
                .filter(stack -> stack.length <= ProgramState.ORIGINAL_STACK_BYTES_MAX)
                .orElse(new byte[0]);
    }
}
