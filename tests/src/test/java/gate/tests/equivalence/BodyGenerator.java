// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.ValueType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One function's body while it is generated: its locals, open labels, and how much more it may grow.
final class BodyGenerator {
    private static final int NODES_MAX = 90;
    private static final int DEPTH_MAX = 7;

    /// Locals that push others, and operands, beyond the short fields of an engine's instruction.
    private static final int PADDING_LOCALS = 2100;

    final Choices choices;
    final ModuleShape shape;
    final ModuleShape.Signature signature;
    final WasmBytes out = new WasmBytes();

    /// What a branch to each open block carries, innermost first.
    final Deque<int[]> labels = new ArrayDeque<>();

    private final Map<Integer, List<Integer>> localsByType = new HashMap<>();
    private final List<Integer> localTypes = new ArrayList<>();
    private final List<Integer> counters = new ArrayList<>();
    private final Map<Integer, Integer> lateLocals = new HashMap<>();
    private final List<Integer> nonNull = new ArrayList<>();
    private final int parameters;
    private int countersUsed;
    private int nodes;
    private int depth;

    /// Locals for [#canonicalNan], or -1.
    private final int nan32;

    private final int nan64;

    /// @param canonicalNans whether NaNs are made canonical wherever they may come from
    BodyGenerator(Choices choices, ModuleShape shape, int function, boolean canonicalNans) {
        this.choices = choices;
        this.shape = shape;
        this.signature = shape.signature(function);
        this.parameters = signature.parameters().length;
        this.nodes = 5 + choices.below(NODES_MAX);
        for (int type : signature.parameters()) {
            addLocal(type, true);
        }
        declareLocals(choices.below(7));
        if (choices.rarely(24)) {
            for (int i = 0; i < PADDING_LOCALS; i++) {
                addLocal(i % 3 == 0 ? ValueType.F64 : ValueType.I64, false);
            }
            declareLocals(1 + choices.below(5));
        }
        for (int i = 0; i < 3; i++) {
            counters.add(addLocal(ValueType.I32, false));
        }
        nan32 = canonicalNans ? addLocal(ValueType.F32, false) : -1;
        nan64 = canonicalNans ? addLocal(ValueType.F64, false) : -1;
    }

    private void declareLocals(int count) {
        for (int i = 0; i < count; i++) {
            int type = shape.someType(choices);
            boolean late = !ValueType.isDefaultable(type) && choices.below(2) == 1;
            int local = addLocal(type, !late);
            if (late) {
                lateLocals.put(type, local);
            } else if (!ValueType.isDefaultable(type)) {
                nonNull.add(local);
            }
        }
    }

    private int addLocal(int type, boolean usable) {
        localTypes.add(type);
        int local = localTypes.size() - 1;
        if (usable) {
            localsByType.computeIfAbsent(type, key -> new ArrayList<>()).add(local);
        }
        return local;
    }

    WasmBytes body() {
        WasmBytes whole = new WasmBytes().u32(localTypes.size() - parameters);
        for (int type : localTypes.subList(parameters, localTypes.size())) {
            whole.u32(1).type(type);
        }
        for (int local : nonNull) {
            op(REF_FUNC, shape.functionOf(localTypes.get(local), choices));
            op(LOCAL_SET, local);
        }
        labels.push(signature.results());
        spend();
        Expressions expressions = new Expressions(this);
        expressions.statements();
        for (int type : signature.results()) {
            expressions.expression(type);
        }
        return whole.bytes(out).u8(END);
    }

    // ---- growth ----

    boolean enter() {
        depth++;
        return --nodes > 0 && depth <= DEPTH_MAX;
    }

    void leave() {
        depth--;
    }

    // ---- pieces ----

    void op(int opcode) {
        out.opcode(opcode);
    }

    void op(int opcode, int index) {
        out.opcode(opcode).u32(index);
    }

    void op(int opcode, int first, int second) {
        out.opcode(opcode).u32(first).u32(second);
    }

    void i32(int value) {
        out.u8(I32_CONST).s64(value);
    }

    /// A constant, null or a function.
    void constant(int type) {
        switch (type) {
            case ValueType.I32 -> i32(EdgeValues.i32(choices));
            case ValueType.I64 -> out.u8(I64_CONST).s64(EdgeValues.i64(choices));
            case ValueType.F32 -> {
                int bits = EdgeValues.f32(choices);
                out.u8(F32_CONST).f32(nan32 < 0 ? bits : Float.floatToIntBits(Float.intBitsToFloat(bits)));
            }
            case ValueType.F64 -> {
                long bits = EdgeValues.f64(choices);
                out.u8(F64_CONST).f64(nan64 < 0 ? bits : Double.doubleToLongBits(Double.longBitsToDouble(bits)));
            }
            default -> {
                if (ValueType.isNullable(type)) {
                    out.u8(REF_NULL).heapType(type);
                } else {
                    op(REF_FUNC, shape.functionOf(type, choices));
                }
            }
        }
    }

    /// Where it is asked for, makes the NaN that an instruction may have left the canonical one.
    void canonicalNan(int type, int opcode) {
        boolean single = type == ValueType.F32;
        int local = single ? nan32 : nan64;
        boolean bitwise = opcode == F32_ABS
                || opcode == F32_NEG
                || opcode == F32_COPYSIGN
                || opcode == F64_ABS
                || opcode == F64_NEG
                || opcode == F64_COPYSIGN;
        if (local < 0 || bitwise || !single && type != ValueType.F64) {
            return;
        }
        op(LOCAL_TEE, local);
        if (single) {
            out.u8(F32_CONST).f32(Float.floatToIntBits(Float.NaN));
        } else {
            out.u8(F64_CONST).f64(Double.doubleToLongBits(Double.NaN));
        }
        op(LOCAL_GET, local);
        op(LOCAL_GET, local);
        op(single ? F32_EQ : F64_EQ);
        op(SELECT);
    }

    /// A local of the type that holds a value, or -1.
    int local(int type) {
        List<Integer> locals = localsByType.getOrDefault(type, List.of());
        return locals.isEmpty() ? -1 : locals.get(choices.below(locals.size()));
    }

    /// A local that must be set before it is read, or -1.
    int lateLocal(int type) {
        return lateLocals.getOrDefault(type, -1);
    }

    /// A counter that no other loop uses, or -1.
    int takeCounter() {
        return countersUsed < counters.size() ? counters.get(countersUsed++) : -1;
    }

    /// Takes operands from the stack, the last first.
    void consume(int[] types) {
        for (int i = types.length - 1; i >= 0; i--) {
            int local = choices.below(3) == 0 ? -1 : local(types[i]);
            if (local >= 0) {
                op(LOCAL_SET, local);
            } else {
                op(DROP);
            }
        }
    }

    /// Counts a call or round; returns from the function when there have been enough.
    void spend() {
        op(GLOBAL_GET, 0);
        i32(1);
        op(I32_SUB);
        op(GLOBAL_SET, 0);
        op(GLOBAL_GET, 0);
        i32(0);
        op(I32_LT_S);
        out.u8(IF).u8(0x40);
        for (int type : signature.results()) {
            constant(type);
        }
        op(RETURN);
        op(END);
    }

    /// An open label that carries these types, as a branch names it, or -1.
    int label(int[] types) {
        List<Integer> fitting = new ArrayList<>();
        int relative = 0;
        for (int[] carried : labels) {
            if (Arrays.equals(carried, types)) {
                fitting.add(relative);
            }
            relative++;
        }
        return fitting.isEmpty() ? -1 : fitting.get(choices.below(fitting.size()));
    }

    int anyLabel() {
        return choices.below(labels.size());
    }

    int[] carried(int label) {
        return labels.stream().skip(label).findFirst().orElseThrow();
    }
}
