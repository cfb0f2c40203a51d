// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.runtime.Instance;
import gate.engine.runtime.Memory;
import gate.engine.wasm.DataSegment;
import gate.engine.wasm.Module;
import gate.engine.wasm.Opcode;
import gate.engine.wasm.Section;
import gate.engine.wasm.SegmentMode;
import java.io.IOException;

/// Writes memory contents: into the data section, behind the program's own segments, or into sections of our own.
final class ContentsWriter {
    private final Instance instance;
    private final Module module;
    private final ChannelSink out;
    private final MemoryRuns[] runs;
    private final boolean inDataSection;

    ContentsWriter(Instance instance, ChannelSink out) {
        this.instance = instance;
        this.module = instance.module();
        this.out = out;
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

    /// Whether the data section holds all contents of memory: otherwise only we can read them.
    boolean areInDataSection() {
        return inDataSection;
    }

    private int addedSegments() {
        int added = 0;
        for (int i = module.importedMemoryCount(); inDataSection && i < runs.length; i++) {
            added += runs[i].count();
        }
        return added;
    }

    void dataCount() throws IOException {
        ByteSink content = new ByteSink();
        content.unsigned(module.dataSegmentCount() + addedSegments());
        out.section(Section.DATA_COUNT, content);
    }

    /// The program's own segments, those that have been dropped emptied, and behind them the memories' contents.
    void data() throws IOException {
        int own = module.dataSegmentCount();
        ByteSink first = new ByteSink();
        first.unsigned(own + addedSegments());
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
    void memorySections() throws IOException {
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
        out.customHead(SnapshotFormat.MEMORY_SECTION, size);
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
