// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.Module;
import gate.engine.wasm.ModuleLimitException;
import gate.engine.wasm.Opcode;
import gate.engine.wasm.Section;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/// Takes a saved program apart: the program's own module is put together again without what was added, and decoded and
/// validated as any module; added memory contents are only located.
///
/// A file that begins with our marker has the program's state in our sections, and those of reference 7 beside it. One
/// without it has been made by the original: its state is in the latter alone, and sections that have the names of ours
/// are left over from an earlier life.
final class SnapshotReader {
    private static final long MODULE_HEADER = 0x0000_0001_6D73_6100L;
    private static final long CHECKSUM_CHUNK = 64L << 20;

    /// Memory, data count, data: a program has them or not, its saved file does.
    private static final int ADDED_SECTIONS = 3;

    private final FileCursor in;
    private final Limits limits;
    private final boolean marked;
    private final ByteSink module = new ByteSink();
    private final List<FileSection> sections = new ArrayList<>();
    private final List<Snapshot.Contents> contents = new ArrayList<>();
    private final GateSections gates;
    private long stateStart = -1;
    private long stateEnd;
    private byte[] hostState = {};
    private int ownSections;
    private int ownSegments;

    private SnapshotReader(MemorySegment file, Limits limits) {
        this.in = new FileCursor(file, 0, file.byteSize());
        this.limits = limits;
        this.marked = hasMarker(file);
        this.gates = new GateSections(in);
    }

    /// Whether a file is a saved program, by its sections' names. It may be broken all the same: one of reference 7's
    /// sections is enough.
    static boolean isSaved(MemorySegment file) {
        return hasMarker(file) || hasGatesSection(file);
    }

    /// Whether a file begins as one that we have saved.
    private static boolean hasMarker(MemorySegment file) {
        FileCursor in = new FileCursor(file, 0, file.byteSize());
        try {
            return in.fixed64() == MODULE_HEADER
                    && in.u8() == Section.CUSTOM
                    && in.unsigned(in.end, "the size of a section") > 0
                    && in.name().equals(SnapshotFormat.MARKER_SECTION);
        } catch (CorruptSnapshotException e) {
            return false;
        }
    }

    /// Looks at the heads of sections, up to the first that is broken.
    private static boolean hasGatesSection(MemorySegment file) {
        FileCursor in = new FileCursor(file, 0, file.byteSize());
        try {
            boolean found = in.fixed64() != MODULE_HEADER;
            if (found) {
                return false;
            }
            while (!in.atEnd() && !found) {
                int id = in.u8();
                long end = in.unsigned(in.end, "the size of a section") + in.position;
                found = id == Section.CUSTOM && SnapshotFormat.isGates(in.name());
                in.position = Math.min(end, in.end);
            }
            return found;
        } catch (CorruptSnapshotException e) {
            return false;
        }
    }

    static Snapshot read(MemorySegment file, Set<Feature> features, Limits limits) throws CorruptSnapshotException {
        return new SnapshotReader(file, limits).read(features);
    }

    private Snapshot read(Set<Feature> features) throws CorruptSnapshotException {
        if (!marked && !hasGatesSection(in.bytes)) {
            throw new CorruptSnapshotException("not a saved program: it has no section "
                    + SnapshotFormat.SNAPSHOT_SECTION + "; to run a module use: gate run FILE");
        }
        findSections();
        if (marked) {
            checkSum();
            openState();
        }
        takeApart();
        Module decoded = Module.parse(module.toArray(), features, limits);
        Snapshot.Place state = marked ? new Snapshot.Place(stateStart, stateEnd) : null;
        return new Snapshot(in.bytes, decoded, state, gates.state(hostState), sections, contents);
    }

    /// Reads the file's section headers.
    private void findSections() throws CorruptSnapshotException {
        in.position = 8;
        int programSections = 0;
        while (!in.atEnd()) {
            if (programSections > limits.sections() + ADDED_SECTIONS) {
                throw new ModuleLimitException("sections", programSections, limits.sections(), "", in.position);
            }
            long start = in.position;
            int id = in.u8();
            long size = in.unsigned(Long.MAX_VALUE, "the size of a section");
            if (size > in.end - in.position) {
                throw in.corrupt("the saved program is truncated");
            }
            long sectionEnd = in.position + size;
            String name = id == Section.CUSTOM ? customName(sectionEnd) : Section.name(id);
            boolean ours = id == Section.CUSTOM && SnapshotFormat.isOurs(name);
            programSections += ours || id == Section.CUSTOM && SnapshotFormat.isGates(name) ? 0 : 1;
            if (sections.size() - programSections > SnapshotFormat.CONTENTS_MAX) {
                throw in.corrupt("there are more than " + SnapshotFormat.CONTENTS_MAX + " sections of state");
            }
            if (ours && marked) {
                ours(name, sectionEnd);
            } else {
                gates.section(id, name, sectionEnd);
            }
            sections.add(new FileSection(id, name, start, sectionEnd));
            in.position = sectionEnd;
        }
        if (marked && stateStart < 0) {
            throw in.corrupt("the saved program is truncated: there is no section " + SnapshotFormat.STATE_SECTION);
        }
        gates.end();
    }

    /// Looks at a section of ours whose content begins at the position.
    private void ours(String name, long sectionEnd) throws CorruptSnapshotException {
        if (name.equals(SnapshotFormat.STATE_SECTION)) {
            if (stateStart >= 0) {
                throw in.corrupt("there are two sections " + name);
            }
            stateStart = in.position;
            stateEnd = sectionEnd;
        } else if (name.equals(SnapshotFormat.MARKER_SECTION)) {
            int version = in.u8();
            if (version != SnapshotFormat.VERSION) {
                throw in.corrupt("the file has format version " + version + ", this program reads version "
                        + SnapshotFormat.VERSION);
            }
        }
    }

    /// Against accidents, not against people: docs/snapshot.md.
    private void checkSum() throws CorruptSnapshotException {
        FileSection last = sections.getLast();
        long summed = last.start();
        if (!last.name().equals(SnapshotFormat.CHECKSUM_SECTION)
                || in.end - summed != SnapshotFormat.CHECKSUM_SECTION_BYTES) {
            throw in.corrupt("the saved program is truncated, or something follows it: it doesn't end with a section "
                    + SnapshotFormat.CHECKSUM_SECTION);
        }
        CRC32C checksum = new CRC32C();
        for (long at = 0; at < summed; at += CHECKSUM_CHUNK) {
            long bytes = Math.min(CHECKSUM_CHUNK, summed - at);
            checksum.update(in.bytes.asSlice(at, bytes).asByteBuffer());
        }
        in.position = in.end - 4;
        if (in.fixed32() != (int) checksum.getValue()) {
            in.position = summed;
            throw in.corrupt("the checksum is wrong: the file is damaged or has been changed");
        }
    }

    private String customName(long sectionEnd) throws CorruptSnapshotException {
        long fileEnd = in.end;
        in.end = sectionEnd;
        String name = in.name();
        in.end = fileEnd;
        return name;
    }

    /// Reads what is needed to take the module apart.
    private void openState() throws CorruptSnapshotException {
        FileCursor state = new FileCursor(in.bytes, stateStart, stateEnd);
        ownSections = state.count(
                SnapshotFormat.OWN_MEMORY | SnapshotFormat.OWN_DATA_COUNT | SnapshotFormat.OWN_DATA,
                "the program's own sections");
        ownSegments = state.count(limits.dataSegments(), "the number of data segments");
        stateStart = state.position;
    }

    private void takeApart() throws CorruptSnapshotException {
        append(0, 8);
        in.position = 8;
        while (!in.atEnd()) {
            long start = in.position;
            int id = in.u8();
            long size = in.unsigned(in.end - in.position, "the size of a section");
            long contentStart = in.position;
            long sectionEnd = contentStart + size;
            if (id == Section.CUSTOM) {
                custom(start, sectionEnd);
            } else if (marked) {
                ours(id, start, sectionEnd);
            } else if (id != Section.START || !gates.hasStack()) { // reference 13.1 #5
                append(start, sectionEnd);
            }
            in.position = sectionEnd;
        }
    }

    /// Takes a section of a file that we have saved, unless it was added.
    private void ours(int id, long start, long sectionEnd) throws CorruptSnapshotException {
        switch (id) {
            case Section.MEMORY -> {
                if (isOwn(SnapshotFormat.OWN_MEMORY)) {
                    append(start, sectionEnd);
                }
            }
            case Section.DATA_COUNT -> {
                if (isOwn(SnapshotFormat.OWN_DATA_COUNT)) {
                    ByteSink count = new ByteSink();
                    count.unsigned(ownSegments);
                    section(id, count);
                }
            }
            case Section.DATA -> data(sectionEnd);
            default -> append(start, sectionEnd);
        }
    }

    private boolean isOwn(int section) {
        return (ownSections & section) != 0;
    }

    private void append(long from, long to) {
        if (module.size() + (to - from) > limits.moduleBytes()) {
            throw new ModuleLimitException("moduleBytes", module.size() + (to - from), limits.moduleBytes(), "", from);
        }
        byte[] bytes = in.bytes(from, to);
        module.bytes(bytes, 0, bytes.length);
    }

    private void section(int id, ByteSink content) {
        module.u8(id);
        module.unsigned(content.size());
        module.bytes(content.toArray(), 0, content.size());
    }

    private void custom(long start, long sectionEnd) throws CorruptSnapshotException {
        long fileEnd = in.end;
        in.end = sectionEnd;
        String name = in.name();
        if (!marked && SnapshotFormat.isOurs(name)) {
            in.end = fileEnd;
            return;
        }
        switch (name) {
            case SnapshotFormat.MARKER_SECTION,
                    SnapshotFormat.STATE_SECTION,
                    SnapshotFormat.CHECKSUM_SECTION,
                    SnapshotFormat.SNAPSHOT_SECTION,
                    SnapshotFormat.BUFFER_SECTION,
                    SnapshotFormat.STACK_SECTION -> {}
            case SnapshotFormat.EXPORT_SECTION -> append(in.position, sectionEnd);
            case SnapshotFormat.HOST_SECTION -> {
                if (sectionEnd - in.position > limits.moduleBytes()) {
                    throw in.corrupt("the host's state is too large");
                }
                hostState = in.bytes(in.position, sectionEnd);
            }
            case SnapshotFormat.MEMORY_SECTION -> {
                int memory = in.count(limits.memories(), "the memory of contents");
                while (!in.atEnd()) {
                    long at = in.unsigned(0xFFFF_FFFFL, "the address of contents");
                    long length = in.unsigned(in.end - in.position, "the size of contents");
                    addContents(new Snapshot.Contents(memory, at, in.position, length));
                    in.skip(length);
                }
            }
            default -> append(start, sectionEnd);
        }
        in.end = fileEnd;
    }

    /// Keeps the program's own segments and takes those behind them for memory contents.
    private void data(long sectionEnd) throws CorruptSnapshotException {
        long fileEnd = in.end;
        in.end = sectionEnd;
        int count = in.count(in.end - in.position, "the number of data segments");
        if (count < ownSegments) {
            throw in.corrupt("there are " + count + " data segments, the program has " + ownSegments);
        }
        ByteSink head = new ByteSink();
        head.unsigned(ownSegments);
        long ownStart = in.position;
        for (int i = 0; i < ownSegments; i++) {
            skipOwnSegment();
        }
        long ownEnd = in.position;
        if (isOwn(SnapshotFormat.OWN_DATA)) {
            module.u8(Section.DATA);
            module.unsigned(head.size() + (ownEnd - ownStart));
            module.bytes(head.toArray(), 0, head.size());
            append(ownStart, ownEnd);
        }
        for (int i = ownSegments; i < count; i++) {
            addedSegment();
        }
        if (!in.atEnd()) {
            throw in.corrupt("bytes remain after the data segments");
        }
        in.end = fileEnd;
    }

    private void skipOwnSegment() throws CorruptSnapshotException {
        int flags = in.u8();
        if (flags == 2) {
            in.unsigned(0xFFFF_FFFFL, "a memory index");
        }
        if (flags != 1) {
            skipExpression();
        }
        in.skip(in.unsigned(in.end - in.position, "the size of a data segment"));
    }

    /// Constant expressions of type i32; the decoder checks them.
    private void skipExpression() throws CorruptSnapshotException {
        while (true) {
            int opcode = in.u8();
            switch (opcode) {
                case Opcode.END -> {
                    return;
                }
                case Opcode.I32_CONST -> in.signed();
                case Opcode.GLOBAL_GET -> in.unsigned(0xFFFF_FFFFL, "a global index");
                case Opcode.I32_ADD, Opcode.I32_SUB, Opcode.I32_MUL -> {}
                default -> throw in.corrupt("a data segment's offset has opcode 0x" + Integer.toHexString(opcode));
            }
        }
    }

    private void addedSegment() throws CorruptSnapshotException {
        int flags = in.u8();
        if (flags != 0 && flags != 2) {
            throw in.corrupt("memory contents have flags " + flags);
        }
        int memory = flags == 0 ? 0 : in.count(limits.memories(), "the memory of contents");
        if (in.u8() != Opcode.I32_CONST) {
            throw in.corrupt("memory contents have no constant address");
        }
        long at = in.signed() & 0xFFFF_FFFFL;
        if (in.u8() != Opcode.END) {
            throw in.corrupt("memory contents have no constant address");
        }
        long size = in.unsigned(in.end - in.position, "the size of contents");
        addContents(new Snapshot.Contents(memory, at, in.position, size));
        in.skip(size);
    }

    private void addContents(Snapshot.Contents found) throws CorruptSnapshotException {
        if (contents.size() >= SnapshotFormat.CONTENTS_MAX) {
            throw in.corrupt("there are more than " + SnapshotFormat.CONTENTS_MAX + " pieces of memory contents");
        }
        contents.add(found);
    }
}
