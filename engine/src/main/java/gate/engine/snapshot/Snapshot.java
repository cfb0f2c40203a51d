// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.callsite.BreakpointException;
import gate.engine.callsite.CallSites;
import gate.engine.callsite.OriginalStack;
import gate.engine.callsite.RestoredStack;
import gate.engine.debug.CodeOffsets;
import gate.engine.runtime.Breakpoints;
import gate.engine.runtime.CorruptImageException;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.Images;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.InstanceState;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Store;
import gate.engine.runtime.Trap;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A saved program that has been read: its module, and the state to go on from. Reads memory contents from the
/// file's bytes only when it is restored, so those must stay in place and unchanged. Immutable.
public final class Snapshot {
    /// Bytes of a memory in the file.
    ///
    /// @param at address in the memory
    /// @param position in the file
    record Contents(int memory, long at, long position, long length) {}

    /// Where in the file something is.
    record Place(long start, long end) {}

    private final MemorySegment file;
    private final Module module;
    private final @Nullable Place place;
    private final ProgramState state;
    private final List<FileSection> sections;
    private final List<Contents> contents;
    private final ExecutionImage outline;
    /// Of the original's files; null of ours, whose frames are read when they are wanted.
    private final @Nullable ExecutionImage originals;

    /// @param place of our state section; null where the file is the original's
    Snapshot(
            MemorySegment file,
            Module module,
            @Nullable Place place,
            ProgramState state,
            List<FileSection> sections,
            List<Contents> contents)
            throws CorruptSnapshotException {
        this.file = file;
        this.module = module;
        this.place = place;
        this.state = state;
        this.sections = List.copyOf(sections);
        this.contents = List.copyOf(contents);
        for (Contents bytes : this.contents) {
            if (bytes.memory() >= module.memoryCount()) {
                throw new CorruptSnapshotException("contents of memory " + bytes.memory() + ", which doesn't exist");
            }
        }
        if (place != null) {
            StateDecoder decoder = decoder(place, null);
            decoder.instanceState(null);
            this.outline = decoder.outline();
            this.originals = null;
        } else {
            ExecutionImage image = originalImage();
            this.outline = image.withoutFrames();
            this.originals = image;
        }
    }

    private StateDecoder decoder(Place at, @Nullable Instance instance) {
        return new StateDecoder(module, instance, new FileCursor(file, at.start(), at.end()));
    }

    /// What the original has left to do. Its data section is its memory, so that an instance has to be initialised in
    /// any case.
    private ExecutionImage originalImage() throws CorruptSnapshotException {
        if (state.originalStack().length == 0) {
            return new ExecutionImage(0, 0, -1, List.of(), List.of(), false, 0, 0);
        }
        try {
            long[] breakpoints =
                    info().breakpoints().stream().mapToLong(Long::longValue).toArray();
            RestoredStack stack = new OriginalStack(CallSites.of(module, breakpoints)).decode(state.originalStack());
            if (!stack.resumable() && !info().isFinal()) {
                throw new CorruptSnapshotException("its call stack stands at a trap, from which nothing can go on");
            }
            return stack.image();
        } catch (IllegalArgumentException e) {
            throw new CorruptSnapshotException(
                    "it has a call stack of the original, which wouldn't load the module: " + e.getMessage());
        } catch (BreakpointException e) {
            throw new CorruptSnapshotException(String.valueOf(e.getMessage()));
        }
    }

    /// Whether a file is a saved program, by the names of its sections. It may be broken: [#read] says.
    public static boolean isSnapshot(MemorySegment file) {
        return SnapshotReader.isSaved(file);
    }

    /// Reads a saved program, usually a mapped file.
    ///
    /// @throws CorruptSnapshotException where what we added to the module is broken
    /// @throws gate.engine.wasm.ModuleException where the module itself is
    public static Snapshot read(MemorySegment file, Set<Feature> features, Limits limits)
            throws CorruptSnapshotException {
        return SnapshotReader.read(file, features, limits);
    }

    /// The program, with the memory sizes that it has now.
    public Module module() {
        return module;
    }

    /// The file's sections, in order: the program's own with memory contents among them, and those with its state.
    public List<FileSection> sections() {
        return sections;
    }

    /// What it has to do, without the frames of the call in progress. A function reference in it is the function's
    /// index plus 1.
    public ExecutionImage outline() {
        return outline;
    }

    /// The same with frames, to look at. They are read anew, and can take several times the file's size.
    public ExecutionImage image() {
        ExecutionImage image = originals;
        Place ours = place;
        if (image != null || ours == null) {
            return Objects.requireNonNull(image);
        }
        try {
            StateDecoder decoder = decoder(ours, null);
            decoder.instanceState(null);
            return decoder.execution();
        } catch (CorruptSnapshotException e) {
            throw new IllegalStateException("the file has changed", e);
        }
    }

    /// How the program stood.
    public SnapshotInfo info() {
        return state.info();
    }

    /// What was on its way to and from services.
    public Buffers buffers() {
        return state.buffers();
    }

    /// What the embedder gave when it was saved; empty where that was nothing.
    public byte[] hostState() {
        return state.host().clone();
    }

    /// Bytes of the call stack that it goes on with, where that is the original's; otherwise 0.
    public int originalStackBytes() {
        return isOriginals() ? state.originalStack().length : 0;
    }

    /// Whether its exports are hidden, so that none can be called before it has come to its end.
    public boolean hidesExports() {
        return state.exportsHidden();
    }

    /// Whether its exports are hidden for good, because there is nothing that it could come to the end of: reference
    /// 7.3. It is a program that does nothing, but for its start function where the original has left it one.
    public boolean isUncallable() {
        return hidesExports() && (isOriginals() ? originalStackBytes() == 0 : outline.isIdle());
    }

    /// Whether the file was saved by the original.
    public boolean isOriginals() {
        return place == null;
    }

    /// Bytes of memory contents.
    public long memoryBytes() {
        return contents.stream().mapToLong(Contents::length).sum();
    }

    /// Makes a new instance with the saved state, and an execution that goes on from it, to its next breakpoint.
    ///
    /// @throws CorruptSnapshotException where the state doesn't fit the module: no instance can be used then
    /// @throws gate.engine.runtime.UnlinkableException where an import is missing or of another type
    public Execution restore(Store store, Imports imports) throws CorruptSnapshotException {
        Instance instance = store.allocate(module, imports);
        Place ours = place;
        try {
            if (ours == null) {
                return restoreOriginal(instance, image());
            }
            StateDecoder decoder = decoder(ours, instance);
            decoder.instanceState(new InstanceState(instance));
            for (Contents bytes : contents) {
                Memory memory = instance.memory(bytes.memory());
                if (bytes.at() + bytes.length() > memory.byteSize()) {
                    throw new CorruptSnapshotException("contents lie outside memory " + bytes.memory());
                }
                memory.slice(bytes.at(), bytes.length()).copyFrom(file.asSlice(bytes.position(), bytes.length()));
            }
            return Images.restore(instance, decoder.execution(), breakpoints());
        } catch (CorruptImageException e) {
            throw new CorruptSnapshotException(String.valueOf(e.getMessage()));
        }
    }

    private Execution restoreOriginal(Instance instance, ExecutionImage image)
            throws CorruptSnapshotException, CorruptImageException {
        Execution initialising = Execution.instantiate(instance);
        if (image.initialised() >= 0) {
            return initialising;
        }
        try {
            initialising.run();
        } catch (Trap trap) {
            throw new CorruptSnapshotException("memory contents: " + trap.getMessage());
        }
        return Images.restore(instance, image, breakpoints());
    }

    private Breakpoints breakpoints() throws CorruptSnapshotException {
        CodeOffsets code = CodeOffsets.of(module);
        int[] offsets = new int[info().breakpoints().size()];
        for (int i = 0; i < offsets.length; i++) {
            long breakpoint = info().breakpoints().get(i);
            OptionalInt offset = code.ofBreakpoint(breakpoint);
            if (offset.isEmpty()) {
                throw new CorruptSnapshotException(
                        "breakpoint could not be set at offset 0x" + Long.toHexString(breakpoint));
            }
            offsets[i] = offset.getAsInt();
        }
        return Breakpoints.at(offsets);
    }
}
