// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.wasm.Section;
import org.jspecify.annotations.Nullable;

/// Reads the sections of reference 7 and holds them to their order: reference 7.9.
final class GateSections {
    private final FileCursor in;
    private @Nullable SnapshotInfo info;
    private @Nullable Buffers buffers;
    private byte[] stack = {};
    private boolean wrapped;
    /// The last standard section that has been seen, as its place in a module.
    private int last;

    private boolean exported;

    GateSections(FileCursor in) {
        this.in = in;
    }

    /// Takes note of a section whose content begins at the position.
    void section(int id, String name, long sectionEnd) throws CorruptSnapshotException {
        if (id != Section.CUSTOM) {
            standard(id);
            return;
        }
        if (!SnapshotFormat.isGates(name)) {
            return;
        }
        long fileEnd = in.end;
        in.end = sectionEnd;
        switch (name) {
            case SnapshotFormat.SNAPSHOT_SECTION -> {
                requireFirst(name, info != null);
                requireBefore(name, Section.EXPORT);
                info = SnapshotInfo.decode(in);
            }
            case SnapshotFormat.EXPORT_SECTION -> export();
            case SnapshotFormat.BUFFER_SECTION -> {
                requireFirst(name, buffers != null);
                if (stack.length > 0) {
                    throw in.corrupt(name + " section appears too late in wasm module");
                }
                requireBefore(name, Section.DATA);
                requireSnapshot(name);
                buffers = Buffers.decode(in);
            }
            default -> {
                requireFirst(name, stack.length > 0);
                requireBefore(name, Section.DATA);
                requireSnapshot(name);
                stack = stack(sectionEnd - in.position);
            }
        }
        in.end = fileEnd;
    }

    private void standard(int id) throws CorruptSnapshotException {
        if (id == Section.CODE && (buffers != null || stack.length > 0)) {
            String early = buffers != null ? SnapshotFormat.BUFFER_SECTION : SnapshotFormat.STACK_SECTION;
            throw in.corrupt(early + " section appears too early in wasm module");
        }
        exported |= id == Section.EXPORT;
        last = Math.max(last, place(id));
    }

    /// Where a section stands among others; the number of the data count section says nothing of it.
    private static int place(int id) {
        return switch (id) {
            case Section.DATA_COUNT -> Section.ELEMENT;
            case Section.TAG -> Section.MEMORY;
            default -> id;
        };
    }

    private void requireFirst(String name, boolean seen) throws CorruptSnapshotException {
        if (seen) {
            throw in.corrupt("multiple " + name + " sections in wasm module");
        }
    }

    private void requireBefore(String name, int id) throws CorruptSnapshotException {
        if (last >= id) {
            throw in.corrupt(name + " section appears too late in wasm module");
        }
    }

    private void requireSnapshot(String name) throws CorruptSnapshotException {
        if (info == null) {
            throw in.corrupt(name + " section without gate.snapshot section");
        }
    }

    private void export() throws CorruptSnapshotException {
        requireSnapshot(SnapshotFormat.EXPORT_SECTION);
        requireFirst(SnapshotFormat.EXPORT_SECTION, wrapped);
        requireBefore(SnapshotFormat.EXPORT_SECTION, Section.EXPORT + 1);
        wrapped = true;
        if (in.u8() != Section.EXPORT
                || in.unsigned(in.end - in.position, "the size of the export section") != in.end - in.position) {
            throw in.corrupt("gate.export section holds something else than one export section");
        }
        last = Math.max(last, Section.EXPORT);
    }

    private byte[] stack(long bytes) throws CorruptSnapshotException {
        if (bytes == 0 || bytes % Long.BYTES != 0) {
            throw in.corrupt("gate.stack section has " + bytes + " bytes, which are no whole words");
        }
        if (bytes > ProgramState.ORIGINAL_STACK_BYTES_MAX) {
            throw in.corrupt("gate.stack section is too large");
        }
        return in.bytes(in.position, in.position + bytes);
    }

    void end() throws CorruptSnapshotException {
        if (wrapped && exported) {
            throw in.corrupt("there are a gate.export and an export section");
        }
        requireSnapshot("gate.saved");
    }

    boolean hasStack() {
        return stack.length > 0;
    }

    /// What has been read.
    ProgramState state(byte[] host) {
        SnapshotInfo known = info;
        if (known == null) {
            throw new IllegalStateException("asked before the end");
        }
        Buffers some = buffers;
        return new ProgramState(known, some == null ? Buffers.EMPTY : some, stack, host, wrapped);
    }
}
