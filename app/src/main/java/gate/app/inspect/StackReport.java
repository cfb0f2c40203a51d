// SPDX-License-Identifier: Apache-2.0
package gate.app.inspect;

import gate.app.program.ValueSyntax;
import gate.engine.runtime.ExecutionImage;
import gate.engine.runtime.FrameImage;
import gate.engine.snapshot.Snapshot;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.NameSection;
import gate.engine.wasm.ValueType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a saved program stands: fuel, calls that wait, and the call stack with its values.
final class StackReport implements Report {
    private static final int FRAMES_SHOWN_MAX = 40;
    private static final int VALUES_SHOWN_MAX = 24;

    private final Snapshot snapshot;
    private final Module module;
    private final NameSection names;
    private final ExecutionImage image;
    private final TypesCache types;

    StackReport(Snapshot snapshot, NameSection names) {
        this.snapshot = snapshot;
        this.module = snapshot.module();
        this.names = names;
        this.image = snapshot.image();
        this.types = new TypesCache(module);
    }

    /// Deep recursion stands at few places again and again, and finding the types at one means validating the function
    /// up to it.
    private static final class TypesCache extends LinkedHashMap<Long, Optional<FrameTypes>> {
        private static final long serialVersionUID = 1L;
        private static final int PLACES_MAX = 64;

        private final transient Module module;

        TypesCache(Module module) {
            this.module = module;
        }

        Optional<FrameTypes> at(FrameImage frame) {
            long place = (long) frame.function() << 32 | frame.offset();
            return computeIfAbsent(place, _ -> FrameTypes.of(module, frame));
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Optional<FrameTypes>> eldest) {
            return size() > PLACES_MAX;
        }
    }

    // ---- for people ----

    @Override
    public void text(TextOutput out) {
        out.line(String.format("memory contents: %,d bytes", snapshot.memoryBytes()));
        out.line(
                image.counting()
                        ? String.format("fuel: %,d used, %s", image.fuelUsed(), left(image.fuelLeft()))
                        : "fuel: not counted");
        if (image.initialised() >= 0) {
            out.line(String.format(
                    "still being set up: %,d segments copied, and %,d elements or bytes of the next one",
                    image.initialised(), image.initialisedPart()));
        }
        List<FrameImage> frames = image.frames().reversed();
        out.list("call stack, innermost first", frames.size(), FRAMES_SHOWN_MAX, i -> frame(i, frames.get(i)));
        List<ExecutionImage.PendingCall> pending = image.pending();
        out.list("calls that wait", pending.size(), FRAMES_SHOWN_MAX, i -> call(pending.get(i)));
    }

    private static String left(long fuel) {
        return fuel <= 0 ? "none left" : String.format("%,d left", fuel);
    }

    private String frame(int number, FrameImage frame) {
        StringBuilder text = new StringBuilder(String.format(
                "#%d %s at 0x%x%s",
                number, function(frame.function()), frame.offset(), frame.inCall() ? ", in a call" : ""));
        Optional<FrameTypes> at = types.at(frame);
        values(text, "locals", frame.locals(), at, true);
        values(text, "operands", frame.operands(), at, false);
        return text.toString();
    }

    private static void values(
            StringBuilder text, String heading, long[] values, Optional<FrameTypes> at, boolean locals) {
        if (values.length == 0) {
            return;
        }
        text.append("\n       ").append(heading).append(':');
        for (int i = 0; i < Math.min(values.length, VALUES_SHOWN_MAX); i++) {
            int type = type(at, i, locals);
            text.append(i == 0 ? " " : ", ");
            if (locals) {
                text.append(i).append('=');
            }
            text.append(value(values[i], type)).append(':').append(ValueType.name(type));
        }
        if (values.length > VALUES_SHOWN_MAX) {
            text.append(", ...");
        }
    }

    private static int type(Optional<FrameTypes> at, int index, boolean local) {
        if (at.isEmpty()) {
            return ValueType.I64; // at a function's end, or where no execution comes: the bits as they are
        }
        return local ? at.get().locals()[index] : at.get().operands()[index];
    }

    /// In an image, a function reference is its index plus 1.
    private static String value(long raw, int type) {
        boolean function = ValueType.isReference(type) && type != ValueType.EXTERNREF && raw != 0;
        return function ? "function " + (raw - 1) : ValueSyntax.format(raw, type);
    }

    private String call(ExecutionImage.PendingCall call) {
        FunctionType type = module.functionType(call.function());
        StringBuilder text = new StringBuilder(function(call.function()));
        long[] arguments = call.arguments();
        for (int i = 0; i < Math.min(arguments.length, VALUES_SHOWN_MAX); i++) {
            text.append(' ').append(value(arguments[i], type.parameter(i)));
        }
        return text.toString();
    }

    private String function(int index) {
        return names.functionName(index)
                .map(name -> name + " (function " + index + ")")
                .orElse("function " + index);
    }

    // ---- for programs ----

    @Override
    public void json(Json json) {
        json.key("memoryBytes").value(snapshot.memoryBytes());
        json.key("fuel");
        if (image.counting()) {
            json.beginObject().key("used").value(image.fuelUsed()).key("left").value(image.fuelLeft());
            json.endObject();
        } else {
            json.nothing();
        }
        json.key("frames").beginArray();
        image.frames().reversed().forEach(frame -> frame(json, frame));
        json.endArray();
        json.key("pendingCalls").beginArray();
        for (ExecutionImage.PendingCall call : image.pending()) {
            FunctionType type = module.functionType(call.function());
            json.beginObject()
                    .key("function")
                    .value(call.function())
                    .key("arguments")
                    .beginArray();
            for (int i = 0; i < call.arguments().length; i++) {
                value(json, call.arguments()[i], type.parameter(i));
            }
            json.endArray().endObject();
        }
        json.endArray();
    }

    private void frame(Json json, FrameImage frame) {
        Optional<FrameTypes> at = types.at(frame);
        json.beginObject().key("function").value(frame.function());
        names.functionName(frame.function()).ifPresent(name -> json.key("name").value(name));
        json.key("offset").value(frame.offset()).key("inCall").value(frame.inCall());
        json.key("locals").beginArray();
        for (int i = 0; i < frame.locals().length; i++) {
            value(json, frame.locals()[i], type(at, i, true));
        }
        json.endArray().key("operands").beginArray();
        for (int i = 0; i < frame.operands().length; i++) {
            value(json, frame.operands()[i], type(at, i, false));
        }
        json.endArray().endObject();
    }

    private static void value(Json json, long raw, int type) {
        json.beginObject().key("type").value(ValueType.name(type));
        json.key("value").value(value(raw, type)).key("bits").value("0x" + Long.toHexString(raw));
        json.endObject();
    }
}
