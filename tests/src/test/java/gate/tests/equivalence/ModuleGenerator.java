// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static gate.engine.wasm.Opcode.END;
import static gate.engine.wasm.Opcode.I32_CONST;
import static gate.engine.wasm.Opcode.REF_FUNC;
import static gate.engine.wasm.Opcode.REF_NULL;

import gate.engine.wasm.ValueType;

/// Generates valid modules that end: the whole of what the engine supports, in small.
public final class ModuleGenerator {
    /// Calls and rounds of loops that a module makes at most, all entries together.
    private static final int STEPS_MAX = 600;

    private final Choices choices;
    private final ModuleShape shape;

    private final boolean canonicalNans;

    private ModuleGenerator(Choices choices, boolean canonicalNans) {
        this.choices = choices;
        this.canonicalNans = canonicalNans;
        this.shape = new ModuleShape(choices);
    }

    /// A module of the decisions; every function that it defines is exported as `f` and its index, every memory as
    /// `m` and its index, and the global that bounds its steps as `steps`.
    public static byte[] generate(Choices choices) {
        return new ModuleGenerator(choices, false).module();
    }

    /// As [#generate], but a NaN is always the canonical one, so that engines that choose otherwise can't be told
    /// apart, and tables and globals are exported too, as `t` and `g` and their indices.
    static byte[] generateForOthers(Choices choices) {
        return new ModuleGenerator(choices, true).module();
    }

    private byte[] module() {
        WasmBytes out = new WasmBytes().f32(0x6D736100).f32(1);
        out.section(1, types());
        out.section(2, imports());
        WasmBytes functions = new WasmBytes().u32(shape.functions.size() - ModuleShape.IMPORTED);
        shape.functions.subList(ModuleShape.IMPORTED, shape.functions.size()).forEach(functions::u32);
        out.section(3, functions);
        out.section(4, tables());
        WasmBytes memories = new WasmBytes().u32(shape.memories);
        for (int i = 0; i < shape.memories; i++) {
            memories.u8(1).u32(1).u32(2);
        }
        out.section(5, memories);
        out.section(6, globals());
        out.section(7, exports());
        if (shape.hasStart) {
            out.section(8, new WasmBytes().u32(shape.functions.lastIndexOf(0)));
        }
        out.section(9, elements());
        out.section(12, new WasmBytes().u32(shape.data.size()));
        out.section(10, code());
        out.section(11, data());
        return out.toArray();
    }

    private WasmBytes types() {
        WasmBytes out = new WasmBytes().u32(shape.types.size());
        for (ModuleShape.Signature type : shape.types) {
            types(types(out.u8(0x60), type.parameters()), type.results());
        }
        return out;
    }

    private static WasmBytes types(WasmBytes out, int[] types) {
        out.u32(types.length);
        for (int type : types) {
            out.type(type);
        }
        return out;
    }

    private WasmBytes imports() {
        String[] names = {"tick", "swap", "pick", "pause"};
        WasmBytes out = new WasmBytes().u32(names.length);
        for (int i = 0; i < names.length; i++) {
            out.name("host").name(names[i]).u8(0).u32(shape.functions.get(i));
        }
        return out;
    }

    private WasmBytes tables() {
        WasmBytes out = new WasmBytes().u32(shape.tables.size());
        for (ModuleShape.TableShape table : shape.tables) {
            boolean filled = !ValueType.isNullable(table.type());
            if (filled) {
                out.u8(0x40).u8(0);
            }
            out.type(table.type()).u8(table.maximum() < 0 ? 0 : 1).u32(table.minimum());
            if (table.maximum() >= 0) {
                out.u32(table.maximum());
            }
            if (filled) {
                out.u8(REF_FUNC).u32(shape.functionOf(table.type(), choices)).u8(END);
            }
        }
        return out;
    }

    private WasmBytes globals() {
        WasmBytes out = new WasmBytes().u32(shape.globals.size());
        boolean first = true;
        for (ModuleShape.GlobalShape global : shape.globals) {
            out.type(global.type()).u8(global.mutable() ? 1 : 0);
            if (first) {
                out.u8(I32_CONST).s64(STEPS_MAX);
                first = false;
            } else {
                BodyGenerator constants = new BodyGenerator(choices, shape, 0, canonicalNans);
                constants.constant(global.type());
                out.bytes(constants.out);
            }
            out.u8(END);
        }
        return out;
    }

    private WasmBytes exports() {
        int defined = shape.functions.size() - ModuleShape.IMPORTED;
        int seen = canonicalNans ? shape.tables.size() + shape.globals.size() : 0;
        WasmBytes out = new WasmBytes().u32(defined + shape.memories + 1 + seen);
        out.name("steps").u8(3).u32(0);
        for (int i = 0; canonicalNans && i < shape.tables.size(); i++) {
            out.name("t" + i).u8(1).u32(i);
        }
        for (int i = 0; canonicalNans && i < shape.globals.size(); i++) {
            out.name("g" + i).u8(3).u32(i);
        }
        for (int i = 0; i < shape.memories; i++) {
            out.name("m" + i).u8(2).u32(i);
        }
        for (int i = ModuleShape.IMPORTED; i < shape.functions.size(); i++) {
            out.name("f" + i).u8(0).u32(i);
        }
        return out;
    }

    private WasmBytes elements() {
        WasmBytes out = new WasmBytes().u32(shape.elements.size());
        for (ModuleShape.SegmentShape segment : shape.elements) {
            // Flags 4 to 7 with expressions: core specification 5.5.12.
            switch (segment.mode()) {
                case 0 ->
                    out.u32(6)
                            .u32(segment.target())
                            .u8(I32_CONST)
                            .s64(segment.offset())
                            .u8(END);
                case 1 -> out.u32(5);
                default -> out.u32(7);
            }
            out.type(segment.type()).u32(segment.items().length);
            for (int item : segment.items()) {
                if (item < 0) {
                    out.u8(REF_NULL).heapType(segment.type()).u8(END);
                } else {
                    out.u8(REF_FUNC).u32(item).u8(END);
                }
            }
        }
        return out;
    }

    private WasmBytes code() {
        WasmBytes out = new WasmBytes().u32(shape.functions.size() - ModuleShape.IMPORTED);
        for (int i = ModuleShape.IMPORTED; i < shape.functions.size(); i++) {
            WasmBytes body = new BodyGenerator(choices, shape, i, canonicalNans).body();
            out.u32(body.size()).bytes(body);
        }
        return out;
    }

    private WasmBytes data() {
        WasmBytes out = new WasmBytes().u32(shape.data.size());
        for (ModuleShape.SegmentShape segment : shape.data) {
            if (segment.mode() == 0) {
                out.u32(2)
                        .u32(segment.target())
                        .u8(I32_CONST)
                        .s64(segment.offset())
                        .u8(END);
            } else {
                out.u32(1);
            }
            out.u32(segment.items().length);
            for (int item : segment.items()) {
                out.u8(item);
            }
        }
        return out;
    }
}
