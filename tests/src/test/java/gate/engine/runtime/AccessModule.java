// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.Instructions;
import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import gate.tests.equivalence.WasmBytes;
import java.util.ArrayList;
import java.util.List;

/// A module of two memories with a function for every load and store with every offset that is a boundary of one of
/// the memories, and with some in every form that its operands can have.
///
/// Functions take an address, and stores a value; functions with a constant in its place ignore it.
final class AccessModule {
    /// Where operands are when the instruction is translated, and where a load's result goes: see [Translator].
    enum Form {
        /// In locals; a result goes to the operand stack.
        LOCALS,
        /// On the operand stack.
        SLOTS,
        /// An address in a local, a value on the operand stack; a result goes straight into a local.
        MIXED,
        /// As MIXED, but a result stays on the operand stack too; a store's value is a constant.
        TEE,
        /// In locals too far for a result or a value, not for an address.
        FAR_VALUE,
        /// In locals too far for any.
        FAR,
        /// On an operand stack too far for any.
        FAR_SLOTS,
        /// A constant address.
        CONSTANT_ADDRESS
    }

    /// Offsets for the forms that aren't the simplest one: the last is beyond an instruction word's.
    private static final long[] SOME_OFFSETS = {0, 1, 1L << 31};

    /// What a TEE store stores.
    static final long CONSTANT = 0xC1C2_C3C4_C5C6_C7C8L;

    /// A function of the module.
    record Function(int index, AccessInstruction instruction, Form form, long offset, long constantAddress) {
        @Override
        public String toString() {
            String address = form == Form.CONSTANT_ADDRESS ? " at " + constantAddress : "";
            return instruction.name() + address + " offset=" + offset + " " + form;
        }
    }

    private final int memory;
    private final long end;
    private final List<Function> functions = new ArrayList<>();
    private final WasmBytes types = new WasmBytes();
    private final WasmBytes declarations = new WasmBytes();
    private final WasmBytes bodies = new WasmBytes();
    private final Module module;

    /// @param pages of the memories
    /// @param memory which of them is accessed
    AccessModule(int[] pages, int memory) {
        this.memory = memory;
        this.end = (long) pages[memory] * Memory.PAGE_BYTES;
        List<AccessInstruction> all = AccessInstruction.all();
        for (int i = 0; i < all.size(); i++) {
            AccessInstruction instruction = all.get(i);
            type(instruction);
            for (long offset : BoundaryValues.offsets(end, instruction.width())) {
                add(new Function(functions.size(), instruction, Form.LOCALS, offset, 0), i);
            }
            for (long offset : SOME_OFFSETS) {
                forms(instruction, i, offset);
            }
        }
        WasmBytes memories = new WasmBytes().u32(2).u8(0).u32(pages[0]).u8(0).u32(pages[1]);
        byte[] bytes = new WasmBytes()
                .bytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0})
                .section(1, new WasmBytes().u32(all.size()).bytes(types))
                .section(3, new WasmBytes().u32(functions.size()).bytes(declarations))
                .section(5, memories)
                .section(10, new WasmBytes().u32(functions.size()).bytes(bodies))
                .toArray();
        this.module = Module.parse(bytes);
    }

    private void forms(AccessInstruction instruction, int type, long offset) {
        for (Form form : Form.values()) {
            if (form == Form.CONSTANT_ADDRESS) {
                for (long address : BoundaryValues.addresses(end, instruction.width(), offset)) {
                    add(new Function(functions.size(), instruction, form, offset, address), type);
                }
            } else if (form != Form.LOCALS) {
                add(new Function(functions.size(), instruction, form, offset, 0), type);
            }
        }
    }

    Module module() {
        return module;
    }

    List<Function> functions() {
        return functions;
    }

    private void type(AccessInstruction instruction) {
        types.u8(0x60);
        if (instruction.isStore()) {
            types.u32(2).type(ValueType.I32).type(instruction.valueType()).u32(0);
        } else {
            types.u32(1).type(ValueType.I32).u32(1).type(instruction.valueType());
        }
    }

    private void add(Function function, int type) {
        functions.add(function);
        declarations.u32(type);
        int fillers = switch (function.form) {
            case FAR_VALUE -> Op.D_MAX + 1;
            case FAR, FAR_SLOTS -> Op.A_MAX + 1;
            default -> 0;
        };
        WasmBytes body = new WasmBytes()
                .u32(3)
                .u32(fillers)
                .type(ValueType.I64)
                .u32(1)
                .type(ValueType.I32)
                .u32(1)
                .type(function.instruction.valueType());
        int parameters = function.instruction.isStore() ? 2 : 1;
        code(body, function, parameters + fillers, parameters + fillers + 1);
        body.u8(END);
        bodies.u32(body.size()).bytes(body);
    }

    /// @param local a local of the type of an address
    /// @param valueLocal a local of the type of the value
    private void code(WasmBytes body, Function function, int local, int valueLocal) {
        boolean store = function.instruction.isStore();
        boolean far = function.form == Form.FAR || function.form == Form.FAR_VALUE;
        if (far) {
            body.u8(LOCAL_GET).u32(0).u8(LOCAL_SET).u32(local);
            if (store) {
                body.u8(LOCAL_GET).u32(1).u8(LOCAL_SET).u32(valueLocal);
            }
        }
        if (function.form == Form.CONSTANT_ADDRESS) {
            int address = (int) function.constantAddress;
            body.u8(I32_CONST).s64(address);
        } else {
            body.u8(LOCAL_GET).u32(far ? local : 0);
        }
        boolean onStack = function.form == Form.SLOTS || function.form == Form.FAR_SLOTS;
        if (store && function.form == Form.MIXED) {
            body.u8(LOCAL_GET).u32(1).u8(LOCAL_GET).u32(1);
            body.u8(I32_CONST).s64(1).u8(SELECT);
        } else if (store && function.form == Form.TEE) {
            constant(body, function.instruction.valueType());
        } else if (store) {
            body.u8(LOCAL_GET).u32(far ? valueLocal : 1);
        }
        if (onStack) { // a label settles what stands on the stack for locals
            body.u8(LOOP).u8(0x40).u8(END);
        }
        access(body, function);
        if (!store && (far || function.form == Form.MIXED)) {
            body.u8(LOCAL_SET).u32(valueLocal).u8(LOCAL_GET).u32(valueLocal);
        } else if (!store && function.form == Form.TEE) {
            body.u8(LOCAL_TEE).u32(valueLocal);
        }
    }

    private void access(WasmBytes body, Function function) {
        body.u8(function.instruction.opcode());
        int alignment = Instructions.widthLog2(function.instruction.opcode());
        if (memory != 0) {
            body.u8(alignment | 0x40).u32(memory);
        } else {
            body.u8(alignment);
        }
        body.u32((int) function.offset);
    }

    private static void constant(WasmBytes body, int type) {
        int narrow = (int) CONSTANT;
        switch (type) {
            case ValueType.I32 -> body.u8(I32_CONST).s64(narrow);
            case ValueType.I64 -> body.u8(I64_CONST).s64(CONSTANT);
            case ValueType.F32 -> body.u8(F32_CONST).f32(narrow);
            default -> body.u8(F64_CONST).f64(CONSTANT);
        }
    }
}
