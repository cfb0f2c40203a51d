// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.runtime.CorruptImageException;
import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.Images;
import gate.engine.runtime.Imports;
import gate.engine.runtime.Instance;
import gate.engine.runtime.InstanceState;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Store;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/// A saved program that has been read: its module, and the state to go on from. Reads memory contents from the
/// file's bytes only when it is restored, so those must stay in place and unchanged. Immutable.
public final class Snapshot {
    /// Bytes of a memory in the file.
    ///
    /// @param at address in the memory
    /// @param position in the file
    record Contents(int memory, long at, long position, long length) {}

    private final MemorySegment file;
    private final Module module;
    private final long stateStart;
    private final long stateEnd;
    private final byte[] hostState;
    private final List<FileSection> sections;
    private final List<Contents> contents;
    private final ExecutionImage image;

    Snapshot(
            MemorySegment file,
            Module module,
            long stateStart,
            long stateEnd,
            byte[] hostState,
            List<FileSection> sections,
            List<Contents> contents)
            throws CorruptSnapshotException {
        this.file = file;
        this.module = module;
        this.stateStart = stateStart;
        this.stateEnd = stateEnd;
        this.hostState = hostState;
        this.sections = List.copyOf(sections);
        this.contents = List.copyOf(contents);
        for (Contents bytes : this.contents) {
            if (bytes.memory() >= module.memoryCount()) {
                throw new CorruptSnapshotException("contents of memory " + bytes.memory() + ", which doesn't exist");
            }
        }
        StateDecoder decoder = new StateDecoder(module, null, new FileCursor(file, stateStart, stateEnd));
        decoder.instanceState(null);
        this.image = decoder.execution();
    }

    /// Whether a file is a saved program, by how it begins. It may be broken: [#read] says.
    public static boolean isSnapshot(MemorySegment file) {
        return SnapshotReader.hasMarker(file);
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

    /// What it has to do, to look at. A function reference in it is the function's index plus 1.
    public ExecutionImage image() {
        return image;
    }

    /// What the embedder gave when it was saved; empty where that was nothing.
    public byte[] hostState() {
        return hostState.clone();
    }

    /// Bytes of memory contents.
    public long memoryBytes() {
        return contents.stream().mapToLong(Contents::length).sum();
    }

    /// Makes a new instance with the saved state, and an execution that goes on from it.
    ///
    /// @throws CorruptSnapshotException where the state doesn't fit the module: no instance can be used then
    /// @throws gate.engine.runtime.UnlinkableException where an import is missing or of another type
    public Execution restore(Store store, Imports imports) throws CorruptSnapshotException {
        Instance instance = store.allocate(module, imports);
        InstanceState state = new InstanceState(instance);
        StateDecoder decoder = new StateDecoder(module, instance, new FileCursor(file, stateStart, stateEnd));
        decoder.instanceState(state);
        for (Contents bytes : contents) {
            Memory memory = instance.memory(bytes.memory());
            if (bytes.at() + bytes.length() > memory.byteSize()) {
                throw new CorruptSnapshotException("contents lie outside memory " + bytes.memory());
            }
            memory.slice(bytes.at(), bytes.length()).copyFrom(file.asSlice(bytes.position(), bytes.length()));
        }
        try {
            return Images.restore(instance, decoder.execution());
        } catch (CorruptImageException e) {
            throw new CorruptSnapshotException(String.valueOf(e.getMessage()));
        }
    }
}
