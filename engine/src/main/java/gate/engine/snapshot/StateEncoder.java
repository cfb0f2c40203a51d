// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.FramePlaces;
import gate.engine.runtime.Instance;
import gate.engine.runtime.Table;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.GlobalType;
import gate.engine.wasm.Module;
import gate.engine.wasm.Section;
import gate.engine.wasm.TypesAt;
import gate.engine.wasm.ValueType;
import java.util.List;
import java.util.OptionalInt;

/// Writes the state section's content. [StateDecoder] reads it.
final class StateEncoder {
    static final int NULL = 0;
    static final int FUNCTION = 1;
    static final int EXTERNAL = 2;

    private final Instance instance;
    private final Module module;
    private final ByteSink out = new ByteSink();

    private StateEncoder(Instance instance) {
        this.instance = instance;
        this.module = instance.module();
    }

    static byte[] encode(Instance instance, ExecutionImage image) {
        StateEncoder encoder = new StateEncoder(instance);
        encoder.out.unsigned(ownSections(instance.module()));
        encoder.out.unsigned(instance.module().dataSegmentCount());
        encoder.memories();
        encoder.tables();
        encoder.globals();
        encoder.dropped();
        encoder.execution(image);
        return encoder.out.toArray();
    }

    private static int ownSections(Module module) {
        return (module.memoryCount() > 0 ? SnapshotFormat.OWN_MEMORY : 0)
                | (module.section(Section.DATA_COUNT).isPresent() ? SnapshotFormat.OWN_DATA_COUNT : 0)
                | (module.section(Section.DATA).isPresent() ? SnapshotFormat.OWN_DATA : 0);
    }

    private void memories() {
        out.unsigned(instance.memoryCount());
        for (int i = 0; i < instance.memoryCount(); i++) {
            out.unsigned(instance.memory(i).pages());
        }
    }

    /// Sizes, and elements in runs of equal references.
    private void tables() {
        out.unsigned(module.tableCount());
        for (int i = 0; i < module.tableCount(); i++) {
            Table table = instance.table(i);
            int type = module.table(i).elementType();
            out.unsigned(table.size());
            for (int at = 0; at < table.size(); ) {
                long reference = table.get(at);
                int end = at + 1;
                while (end < table.size() && table.get(end) == reference) {
                    end++;
                }
                out.unsigned(end - at);
                value(out, type, reference);
                at = end;
            }
        }
    }

    /// Those that the global section can't hold: imported ones that may change, and references.
    private void globals() {
        for (int i = 0; i < module.globalCount(); i++) {
            GlobalType type = module.global(i);
            if (inState(module, i)) {
                value(out, type.valueType(), instance.global(i).value());
            }
        }
    }

    static boolean inState(Module module, int global) {
        GlobalType type = module.global(global);
        boolean imported = global < module.importedGlobalCount();
        return imported && type.mutable() || !imported && ValueType.isReference(type.valueType());
    }

    private void dropped() {
        for (int i = 0; i < module.elementSegmentCount(); i++) {
            out.u8(instance.elementsDropped(i) ? 1 : 0);
        }
        for (int i = 0; i < module.dataSegmentCount(); i++) {
            out.u8(instance.dataDropped(i) ? 1 : 0);
        }
    }

    private void execution(ExecutionImage image) {
        out.signed(image.initialised());
        out.unsigned(image.initialisedPart());
        out.u8(image.counting() ? 1 : 0);
        if (image.counting()) {
            out.unsigned(image.fuelUsed());
            out.signed(image.fuelLeft());
        }
        out.signed(image.entry());
        frames(image.frames());
        out.unsigned(image.pending().size());
        for (ExecutionImage.PendingCall call : image.pending()) {
            out.unsigned(call.function());
            FunctionType type = module.functionType(call.function());
            for (int i = 0; i < type.parameterCount(); i++) {
                value(out, type.parameter(i), call.arguments()[i]);
            }
        }
    }

    /// Heads first, with the size of what follows: so a reader can take frames in the order of their instructions, and
    /// validate each function once.
    private void frames(List<FrameImage> frames) {
        FramePlaces places = new FramePlaces(module, frames.size());
        for (int i = 0; i < frames.size(); i++) {
            places.add(i, frames.get(i).offset());
        }
        byte[][] values = new byte[frames.size()][];
        for (int function : places.functions()) {
            TypesAt.Visitor<RuntimeException> write = (offset, types) ->
                    places.visit(offset, number -> values[number] = values(frames.get(number), types));
            module.visitTypes(function, places.offsets(function), write);
        }
        out.unsigned(frames.size());
        for (int i = 0; i < values.length; i++) {
            FrameImage frame = frames.get(i);
            out.unsigned(frame.function());
            out.unsigned(frame.offset() - module.bodyStart(frame.function()));
            out.u8(frame.inCall() ? 1 : 0);
            out.unsigned(frame.operands().length);
            out.unsigned(values[i].length);
        }
        for (byte[] bytes : values) {
            out.bytes(bytes, 0, bytes.length);
        }
    }

    private byte[] values(FrameImage frame, TypesAt types) {
        ByteSink sink = new ByteSink();
        for (int i = 0; i < frame.locals().length; i++) {
            value(sink, types.local(i), frame.locals()[i]);
        }
        for (int i = 0; i < frame.operands().length; i++) {
            value(sink, types.operand(i), frame.operands()[i]);
        }
        return sink.toArray();
    }

    private void value(ByteSink sink, int type, long value) {
        switch (type) {
            case ValueType.I32, ValueType.I64 -> sink.signed(value);
            case ValueType.F32 -> sink.fixed32((int) value);
            case ValueType.F64 -> sink.fixed64(value);
            default -> reference(sink, type, value);
        }
    }

    private void reference(ByteSink sink, int type, long reference) {
        if (reference == 0) {
            sink.u8(NULL);
            return;
        }
        if (!ValueType.isConcrete(type) && ValueType.heap(type) == ValueType.HEAP_EXTERN) {
            sink.u8(EXTERNAL);
            sink.signed(reference);
            return;
        }
        OptionalInt function = instance.functionIndex(reference);
        if (function.isEmpty()) {
            throw new IllegalStateException("a reference to a function of another instance can't be saved");
        }
        sink.u8(FUNCTION);
        sink.unsigned(function.getAsInt());
    }
}
