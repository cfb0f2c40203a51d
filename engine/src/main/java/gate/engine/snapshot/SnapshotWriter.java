// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.runtime.Execution;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.Images;
import gate.engine.runtime.Instance;
import gate.engine.wasm.GlobalType;
import gate.engine.wasm.MemoryType;
import gate.engine.wasm.Module;
import gate.engine.wasm.Opcode;
import gate.engine.wasm.Section;
import gate.engine.wasm.ValueType;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/// Writes a stopped execution as a `.wasm` file: the program's own sections with current memory sizes, number-typed
/// globals and memory contents, and custom sections for the rest. Costs time for used memory, and little of its
/// own.
public final class SnapshotWriter {
    private final Instance instance;
    private final ExecutionImage execution;
    private final ProgramState state;
    private final Module module;
    private final ChannelSink out;
    private final ContentsWriter contents;
    /// The next place at which something may have to be added.
    private Place added = Place.MEMORY;

    private SnapshotWriter(
            Instance instance, ExecutionImage execution, ProgramState state, WritableByteChannel channel) {
        this.instance = instance;
        this.execution = execution;
        this.state = state;
        this.module = instance.module();
        this.out = new ChannelSink(channel);
        this.contents = new ContentsWriter(instance, out);
    }

    /// Writes an execution that isn't running, and knows no services.
    ///
    /// @param hostState the embedder's own state, given back by [Snapshot#hostState()]; may be empty
    /// @throws IOException as [#write(Execution, ProgramState, WritableByteChannel)]
    public static void write(Execution execution, byte[] hostState, WritableByteChannel channel) throws IOException {
        ExecutionImage image = Images.capture(execution);
        SnapshotInfo info = image.isIdle() ? SnapshotInfo.halted(0, 0) : SnapshotInfo.suspended(0);
        write(execution, ProgramState.of(info, hostState), channel);
    }

    /// Writes an execution that isn't running, in whatever state it is.
    ///
    /// @throws IllegalStateException where it shares functions with other instances
    /// @throws IOException as the channel throws it; what has been written is of no use then
    public static void write(Execution execution, ProgramState state, WritableByteChannel channel) throws IOException {
        ExecutionImage image = Images.capture(execution);
        new SnapshotWriter(execution.instance(), image, state, channel).write();
    }

    // ---- sections, in the order of reference 7.1 ----

    private void write() throws IOException {
        byte[] bytes = module.bytes();
        byte[] image = StateEncoder.encode(instance, execution);
        out.write(bytes, 0, 8);
        out.custom(SnapshotFormat.MARKER_SECTION, new byte[] {SnapshotFormat.VERSION});
        for (Section section : module.sections()) {
            if (section.id() == Section.CUSTOM) {
                if (!SnapshotFormat.isOurs(section.name()) && !SnapshotFormat.isGates(section.name())) {
                    out.write(bytes, section.start(), section.end());
                }
                continue;
            }
            addUpTo(Place.before(section.id()));
            own(section);
        }
        addUpTo(Place.END);
        out.custom(SnapshotFormat.STATE_SECTION, image);
        if (state.host().length > 0) {
            out.custom(SnapshotFormat.HOST_SECTION, state.host());
        }
        contents.memorySections();
        ByteSink checksum = new ByteSink();
        checksum.fixed32(out.checksum());
        out.custom(SnapshotFormat.CHECKSUM_SECTION, checksum.toArray());
    }

    /// Where sections stand that a saved program has and its module may not have.
    private enum Place {
        MEMORY,
        SNAPSHOT,
        DATA_COUNT,
        BUFFERS,
        DATA,
        END;

        /// The first place that is at a section of the program or after it.
        static Place before(int id) {
            return switch (id) {
                case Section.TYPE, Section.IMPORT, Section.FUNCTION, Section.TABLE, Section.MEMORY -> MEMORY;
                case Section.TAG, Section.GLOBAL -> SNAPSHOT;
                case Section.EXPORT, Section.START, Section.ELEMENT, Section.DATA_COUNT -> DATA_COUNT;
                case Section.CODE -> BUFFERS;
                default -> DATA;
            };
        }
    }

    /// Writes what has its place before another, unless the program has it itself.
    private void addUpTo(Place end) throws IOException {
        for (Place place : Place.values()) {
            if (place.compareTo(added) >= 0 && place.compareTo(end) < 0) {
                addAt(place);
            }
        }
        added = end.compareTo(added) > 0 ? end : added;
    }

    private void addAt(Place place) throws IOException {
        switch (place) {
            case MEMORY -> {
                if (module.memoryCount() == 0) {
                    out.section(Section.MEMORY, noMemory());
                }
            }
            case SNAPSHOT ->
                out.custom(SnapshotFormat.SNAPSHOT_SECTION, state.info().encode());
            case DATA_COUNT -> {
                // What the original can't go on with it must not begin anew either: it refuses this section.
                boolean refused = state.info().isFinal()
                        || !execution.isIdle() && state.originalStack().length == 0
                        || !contents.areInDataSection();
                if (refused && module.section(Section.DATA_COUNT).isEmpty()) {
                    contents.dataCount();
                }
            }
            case BUFFERS -> {
                if (!state.buffers().isEmpty()) {
                    out.custom(SnapshotFormat.BUFFER_SECTION, state.buffers().encode());
                }
                if (state.originalStack().length > 0) {
                    out.custom(SnapshotFormat.STACK_SECTION, state.originalStack());
                }
            }
            case DATA -> {
                if (module.section(Section.DATA).isEmpty()) {
                    contents.data();
                }
            }
            case END -> {}
        }
    }

    private void own(Section section) throws IOException {
        byte[] bytes = module.bytes();
        switch (section.id()) {
            case Section.MEMORY -> out.section(Section.MEMORY, memories());
            case Section.GLOBAL -> out.section(Section.GLOBAL, globals());
            case Section.EXPORT -> {
                // A module that is valid only with its exports keeps them: the original wouldn't load it anyway.
                boolean open = execution.isIdle() && !state.exportsHidden();
                if (open || module.needsExports()) {
                    out.write(bytes, section.start(), section.end());
                } else {
                    out.customHead(SnapshotFormat.EXPORT_SECTION, section.end() - section.start());
                    out.write(bytes, section.start(), section.end());
                }
            }
            case Section.START -> {
                // It has run, or is among the calls to be made, unless the instance is still being initialised.
                if (execution.initialised() >= 0) {
                    out.write(bytes, section.start(), section.end());
                }
            }
            case Section.DATA_COUNT -> contents.dataCount();
            case Section.DATA -> contents.data();
            default -> out.write(bytes, section.start(), section.end());
        }
    }

    private static ByteSink noMemory() {
        ByteSink content = new ByteSink();
        content.unsigned(1);
        content.u8(0);
        content.unsigned(0);
        return content;
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
}
