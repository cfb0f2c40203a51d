// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.Images;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.wasm.DataSegment;
import gate.engine.wasm.GlobalType;
import gate.engine.wasm.MemoryType;
import gate.engine.wasm.Module;
import gate.engine.wasm.Opcode;
import gate.engine.wasm.Section;
import gate.engine.wasm.SegmentMode;
import gate.engine.wasm.ValueType;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/// Writes a stopped execution as a `.wasm` file: the program's own sections with current memory sizes, number-typed
/// globals and memory contents, and custom sections for the rest. Costs time for used memory, and little of its
/// own.
public final class SnapshotWriter {
    private final Execution execution;
    private final Instance instance;
    private final Module module;
    private final byte[] hostState;
    private final ChannelSink out;
    private final MemoryRuns[] runs;
    private final boolean inDataSection;

    private SnapshotWriter(Execution execution, byte[] hostState, WritableByteChannel channel) {
        this.execution = execution;
        this.instance = execution.instance();
        this.module = instance.module();
        this.hostState = hostState;
        this.out = new ChannelSink(channel);
        this.runs = new MemoryRuns[instance.memoryCount()];
        int left = SnapshotFormat.SEGMENTS_MAX - module.dataSegmentCount();
        long total = 0;
        for (int i = 0; i < runs.length; i++) {
            runs[i] = MemoryRuns.of(instance.memory(i), Math.max(1, left / (runs.length - i)));
            left -= runs[i].count();
            total += runs[i].totalBytes();
        }
        this.inDataSection = total <= SnapshotFormat.DATA_SECTION_MAX && left >= 0;
    }

    /// Writes an execution that isn't running: suspended, out of fuel, or not yet begun.
    ///
    /// @param hostState the embedder's own state, given back by [Snapshot#hostState()]; may be empty
    /// @throws IllegalStateException where the execution has ended by a trap or exit, or shares functions with
    /// other
    ///     instances
    /// @throws IOException as the channel throws it; what has been written is of no use then
    public static void write(Execution execution, byte[] hostState, WritableByteChannel channel) throws IOException {
        ExecutionImage image = Images.capture(execution);
        new SnapshotWriter(execution, hostState, channel).write(image);
    }

    private void write(ExecutionImage image) throws IOException {
        byte[] bytes = module.bytes();
        byte[] state = StateEncoder.encode(execution.instance(), image);
        out.write(bytes, 0, 8);
        custom(SnapshotFormat.MARKER_SECTION, new byte[] {SnapshotFormat.VERSION});
        boolean dataWritten = false;
        for (Section section : module.sections()) {
            switch (section.id()) {
                case Section.CUSTOM -> {
                    if (!isOurs(section.name())) {
                        out.write(bytes, section.start(), section.end());
                    }
                }
                case Section.MEMORY -> section(Section.MEMORY, memories());
                case Section.GLOBAL -> section(Section.GLOBAL, globals());
                case Section.START -> {
                    // It has run, or is among the calls to be made, unless the instance is still being initialised.
                    if (image.initialised() >= 0) {
                        out.write(bytes, section.start(), section.end());
                    }
                }
                case Section.DATA_COUNT -> dataCount();
                case Section.DATA -> {
                    data();
                    dataWritten = true;
                }
                default -> out.write(bytes, section.start(), section.end());
            }
            if (section.id() == Section.CODE && module.section(Section.DATA).isEmpty()) {
                data();
                dataWritten = true;
            }
        }
        if (!dataWritten) {
            data();
        }
        custom(SnapshotFormat.STATE_SECTION, state);
        if (hostState.length > 0) {
            custom(SnapshotFormat.HOST_SECTION, hostState);
        }
        memorySections();
        ByteSink checksum = new ByteSink();
        checksum.fixed32(out.checksum());
        custom(SnapshotFormat.CHECKSUM_SECTION, checksum.toArray());
    }

    static boolean isOurs(String name) {
        return name.equals(SnapshotFormat.MARKER_SECTION)
                || name.equals(SnapshotFormat.STATE_SECTION)
                || name.equals(SnapshotFormat.HOST_SECTION)
                || name.equals(SnapshotFormat.MEMORY_SECTION)
                || name.equals(SnapshotFormat.CHECKSUM_SECTION);
    }

    private void section(int id, ByteSink content) throws IOException {
        ByteSink head = new ByteSink();
        head.u8(id);
        head.unsigned(content.size());
        out.write(head);
        out.write(content);
    }

    private void custom(String name, byte[] content) throws IOException {
        customHead(name, content.length);
        out.write(content, 0, content.length);
    }

    private void customHead(String name, long contentBytes) throws IOException {
        ByteSink nameSink = new ByteSink();
        nameSink.name(name);
        ByteSink head = new ByteSink();
        head.u8(Section.CUSTOM);
        head.unsigned(nameSink.size() + contentBytes);
        out.write(head);
        out.write(nameSink);
    }

    private ByteSink memories() {
        ByteSink content = new ByteSink();
        int imported = module.importedMemoryCount();
        content.unsigned(module.memoryCount() - imported);
        for (int i = imported; i < module.memoryCount(); i++) {
            MemoryType type = module.memory(i);
            content.u8(type.maximum() >= 0 ? 1 : 0);
            content.unsigned(instance.memory(i).pages());
            if (type.maximum() >= 0) {
                content.unsigned(type.maximum());
            }
        }
        return content;
    }

    /// Numbers with their current values; references keep their initial expressions, on which may depend which
    /// functions code may refer to, and have their values in the state section.
    private ByteSink globals() {
        ByteSink content = new ByteSink();
        int imported = module.importedGlobalCount();
        content.unsigned(module.globalCount() - imported);
        Section section = module.section(Section.GLOBAL).orElseThrow();
        for (int i = imported; i < module.globalCount(); i++) {
            GlobalType type = module.global(i);
            if (ValueType.isReference(type.valueType())) {
                int end = i + 1 < module.globalCount() ? module.globalStart(i + 1) : section.end();
                content.bytes(module.bytes(), module.globalStart(i), end);
                continue;
            }
            content.u8(type.valueType());
            content.u8(type.mutable() ? 1 : 0);
            constant(content, type.valueType(), instance.global(i).value());
            content.u8(Opcode.END);
        }
        return content;
    }

    private static void constant(ByteSink content, int type, long value) {
        switch (type) {
            case ValueType.I32 -> {
                content.u8(Opcode.I32_CONST);
                content.signed(value);
            }
            case ValueType.I64 -> {
                content.u8(Opcode.I64_CONST);
                content.signed(value);
            }
            case ValueType.F32 -> {
                content.u8(Opcode.F32_CONST);
                content.fixed32((int) value);
            }
            default -> {
                content.u8(Opcode.F64_CONST);
                content.fixed64(value);
            }
        }
    }

    // ---- data ----

    private int addedSegments() {
        int added = 0;
        for (int i = module.importedMemoryCount(); inDataSection && i < runs.length; i++) {
            added += runs[i].count();
        }
        return added;
    }

    private void dataCount() throws IOException {
        ByteSink content = new ByteSink();
        content.unsigned(module.dataSegmentCount() + addedSegments());
        section(Section.DATA_COUNT, content);
    }

    /// The program's own segments, those that have been dropped emptied, and behind them the memories' contents.
    private void data() throws IOException {
        int own = module.dataSegmentCount();
        int added = addedSegments();
        if (own + added == 0) {
            return;
        }
        ByteSink first = new ByteSink();
        first.unsigned(own + added);
        long size = first.size();
        for (int i = 0; i < own; i++) {
            size += ownHead(i).size()
                    + (instance.dataDropped(i) ? 0 : module.dataSegment(i).size());
        }
        for (int memory = module.importedMemoryCount(); inDataSection && memory < runs.length; memory++) {
            for (int run = 0; run < runs[memory].count(); run++) {
                size += runHead(memory, run).size() + runs[memory].length(run);
            }
        }
        ByteSink head = new ByteSink();
        head.u8(Section.DATA);
        head.unsigned(size);
        out.write(head);
        out.write(first);
        for (int i = 0; i < own; i++) {
            out.write(ownHead(i));
            if (!instance.dataDropped(i)) {
                DataSegment segment = module.dataSegment(i);
                out.write(module.bytes(), segment.start(), segment.start() + segment.size());
            }
        }
        for (int memory = module.importedMemoryCount(); inDataSection && memory < runs.length; memory++) {
            contents(memory);
        }
    }

    private ByteSink ownHead(int index) {
        DataSegment segment = module.dataSegment(index);
        boolean dropped = instance.dataDropped(index);
        ByteSink head = new ByteSink();
        if (segment.mode() == SegmentMode.PASSIVE) {
            head.u8(1);
        } else {
            activeHead(head, segment.memory());
            if (dropped) {
                head.u8(Opcode.I32_CONST);
                head.u8(0);
                head.u8(Opcode.END);
            } else {
                int from = segment.offsetExpression();
                head.bytes(module.bytes(), from, module.expressionEnd(from));
            }
        }
        head.unsigned(dropped ? 0 : segment.size());
        return head;
    }

    private static void activeHead(ByteSink head, int memory) {
        if (memory == 0) {
            head.u8(0);
        } else {
            head.u8(2);
            head.unsigned(memory);
        }
    }

    private ByteSink runHead(int memory, int run) {
        ByteSink head = new ByteSink();
        activeHead(head, memory);
        head.u8(Opcode.I32_CONST);
        int address = (int) runs[memory].start(run); // an i32.const is signed
        head.signed(address);
        head.u8(Opcode.END);
        head.unsigned(runs[memory].length(run));
        return head;
    }

    private void contents(int memory) throws IOException {
        Memory source = instance.memory(memory);
        for (int run = 0; run < runs[memory].count(); run++) {
            out.write(runHead(memory, run));
            out.write(source.slice(runs[memory].start(run), runs[memory].length(run)));
        }
    }

    /// Contents that aren't in the data section, many runs to a section: a memory's index, then for each run its
    /// address, its length and its bytes.
    private void memorySections() throws IOException {
        for (int memory = 0; memory < runs.length; memory++) {
            if (inDataSection && memory >= module.importedMemoryCount()) {
                continue;
            }
            long done = 0;
            for (int run = 0; run < runs[memory].count(); ) {
                int end = run;
                long size = 0;
                do {
                    long length = runs[memory].length(end) - (end == run ? done : 0);
                    if (size + length > SnapshotFormat.MEMORY_SECTION_MAX) {
                        break;
                    }
                    size += length;
                    end++;
                } while (end < runs[memory].count());
                if (end == run) { // one run that is larger than a section
                    memorySection(memory, run, run + 1, done, SnapshotFormat.MEMORY_SECTION_MAX);
                    done += SnapshotFormat.MEMORY_SECTION_MAX;
                } else {
                    memorySection(memory, run, end, done, Long.MAX_VALUE);
                    done = 0;
                    run = end;
                }
            }
        }
    }

    /// @param skipped bytes of the first run that are in earlier sections
    /// @param most bytes to be written of each run
    private void memorySection(int memory, int from, int to, long skipped, long most) throws IOException {
        ByteSink index = new ByteSink();
        index.unsigned(memory);
        long size = index.size();
        for (int run = from; run < to; run++) {
            long gone = run == from ? skipped : 0;
            long length = Math.min(most, runs[memory].length(run) - gone);
            size += contentsHead(memory, run, gone, length).size() + length;
        }
        customHead(SnapshotFormat.MEMORY_SECTION, size);
        out.write(index);
        for (int run = from; run < to; run++) {
            long gone = run == from ? skipped : 0;
            long length = Math.min(most, runs[memory].length(run) - gone);
            out.write(contentsHead(memory, run, gone, length));
            out.write(instance.memory(memory).slice(runs[memory].start(run) + gone, length));
        }
    }

    private ByteSink contentsHead(int memory, int run, long gone, long length) {
        ByteSink head = new ByteSink();
        head.unsigned(runs[memory].start(run) + gone);
        head.unsigned(length);
        return head;
    }
}
