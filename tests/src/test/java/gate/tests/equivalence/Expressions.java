// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.ValueType;
import java.util.ArrayList;
import java.util.List;

/// Generates what leaves one value on the operand stack; [Statements] what leaves none. They contain each other.
final class Expressions {
    private final BodyGenerator body;
    private final Choices choices;
    private final Statements statements;

    Expressions(BodyGenerator body) {
        this.body = body;
        this.choices = body.choices;
        this.statements = new Statements(body, this);
    }

    void statements() {
        int count = choices.below(5);
        for (int i = 0; i < count; i++) {
            statements.statement();
        }
    }

    /// Code that leaves a value of the type, or never ends.
    void expression(int type) {
        if (body.enter()) {
            grow(type);
        } else {
            leaf(type);
        }
        body.leave();
    }

    void expressions(int[] types) {
        for (int type : types) {
            expression(type);
        }
    }

    private void leaf(int type) {
        int local = choices.below(3) == 0 ? -1 : body.local(type);
        if (local >= 0) {
            body.op(LOCAL_GET, local);
        } else {
            body.constant(type);
        }
    }

    private void grow(int type) {
        switch (choices.below(24)) {
            case 0 -> body.constant(type);
            case 1, 2, 3 -> leaf(type);
            case 4 -> global(type);
            case 5 -> load(type);
            case 6, 7 -> call(type);
            case 8 -> typed(BLOCK, type);
            case 9 -> typedIf(type);
            case 10 -> select(type);
            case 11 -> tee(type);
            case 12 -> branchIf(type);
            case 13 -> indirect(type);
            case 14 -> size(type);
            case 15 -> typed(LOOP, type);
            case 16 -> {
                statements.statement();
                expression(type);
            }
            case 17 -> late(type);
            case 18 -> rareEnd(type);
            default -> operation(type);
        }
    }

    private void operation(int type) {
        if (ValueType.isReference(type)) {
            reference(type);
            return;
        }
        NumericOps.NumericOp op = NumericOps.of(type, choices);
        expression(op.operandType());
        if (op.operands() == 2) {
            expression(op.operandType());
        }
        boolean guarded = op.traps() && choices.below(8) != 7;
        if (guarded && op.operands() == 2) {
            guardDivisor(op.operandType());
        }
        if (guarded && op.operands() == 1) {
            body.op(saturating(op.opcode()));
        } else {
            body.op(op.opcode());
        }
        body.canonicalNan(type, op.opcode());
    }

    private void guardDivisor(int type) {
        if (type == ValueType.I32) {
            body.i32(choices.below(2) * 2 + 1);
            body.op(I32_OR);
        } else {
            body.out.u8(I64_CONST).s64(choices.below(2) * 2 + 1);
            body.op(I64_OR);
        }
    }

    private static int saturating(int opcode) {
        boolean wide = opcode >= I64_TRUNC_F32_S;
        return I32_TRUNC_SAT_F32_S + (wide ? 4 + opcode - I64_TRUNC_F32_S : opcode - I32_TRUNC_F32_S);
    }

    private void reference(int type) {
        int nullable = type | ValueType.NULLABLE;
        if (!ValueType.isNullable(type) && choices.rarely(4)) {
            expression(nullable);
            body.op(REF_AS_NON_NULL);
        } else if (type == ValueType.FUNCREF && choices.below(2) == 1) {
            expression(ValueType.concrete(choices.below(body.shape.types.size()), choices.below(2) == 0));
        } else if (type == ValueType.EXTERNREF && choices.below(2) == 1) {
            expression(ValueType.EXTERNREF);
            expression(ValueType.FUNCREF);
            body.op(CALL, 2);
        } else {
            tableGet(type);
        }
    }

    private void tableGet(int type) {
        for (int table = 0; table < body.shape.tables.size(); table++) {
            ModuleShape.TableShape shape = body.shape.tables.get(table);
            if (shape.type() == type && shape.minimum() > 0) {
                body.i32(choices.below(shape.minimum()));
                body.op(TABLE_GET, table);
                return;
            }
        }
        leaf(type);
    }

    private void global(int type) {
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < body.shape.globals.size(); i++) {
            if (body.shape.globals.get(i).type() == type) {
                fitting.add(i);
            }
        }
        if (fitting.isEmpty()) {
            leaf(type);
        } else {
            body.op(GLOBAL_GET, fitting.get(choices.below(fitting.size())));
        }
    }

    /// An address that is in bounds in most cases.
    void address() {
        expression(ValueType.I32);
        if (!choices.rarely(40)) {
            body.i32(0xFFF);
            body.op(I32_AND);
        }
    }

    /// Opcode and immediates of a load or store.
    void access(NumericOps.Access access) {
        int memory = choices.below(2 * body.shape.memories);
        int align = access.widthLog2() - choices.below(access.widthLog2() + 1);
        int[] offsets = {0, 1, 4, 60_000, choices.rarely(40) ? 65_530 : 16};
        body.op(access.opcode());
        if (memory >= body.shape.memories) {
            body.out.u32(align);
        } else {
            body.out.u32(align | 0x40).u32(memory);
        }
        body.out.u32(offsets[choices.below(offsets.length)]);
    }

    private void load(int type) {
        if (ValueType.isReference(type)) {
            leaf(type);
            return;
        }
        address();
        access(NumericOps.load(type, choices));
    }

    /// A function whose first result has the type, or -1; results after it can be dropped.
    private int functionFor(int type) {
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < body.shape.functions.size(); i++) {
            int[] results = body.shape.signature(i).results();
            if (results.length > 0 && results[0] == type) {
                fitting.add(i);
            }
        }
        return fitting.isEmpty() ? -1 : fitting.get(choices.below(fitting.size()));
    }

    private void dropFurther(ModuleShape.Signature signature) {
        for (int i = 1; i < signature.results().length; i++) {
            body.op(DROP);
        }
    }

    private void call(int type) {
        int function = functionFor(type);
        if (function < 0) {
            leaf(type);
            return;
        }
        ModuleShape.Signature signature = body.shape.signature(function);
        expressions(signature.parameters());
        body.op(CALL, function);
        dropFurther(signature);
    }

    private void indirect(int type) {
        int function = functionFor(type);
        if (function < 0) {
            leaf(type);
            return;
        }
        ModuleShape.Signature signature = body.shape.signature(function);
        expressions(signature.parameters());
        indirect(function, false);
        dropFurther(signature);
    }

    /// A call through a table or reference to a function like this one, whose arguments are in place.
    void indirect(int function, boolean tail) {
        int type = body.shape.functions.get(function);
        if (choices.below(2) == 0) {
            if (choices.rarely(40)) {
                expression(ValueType.I32);
            } else {
                body.i32(function);
                if (choices.below(2) == 1) {
                    int local = body.local(ValueType.I32);
                    if (local >= 0) {
                        body.op(LOCAL_TEE, local);
                    }
                }
            }
            body.op(tail ? RETURN_CALL_INDIRECT : CALL_INDIRECT, type, choices.rarely(60) ? 1 : 0);
        } else {
            expression(ValueType.concrete(type, choices.rarely(10)));
            body.op(tail ? RETURN_CALL_REF : CALL_REF, type);
        }
    }

    private void blockType(int type) {
        body.out.type(type);
    }

    private void typed(int opcode, int type) {
        body.op(opcode);
        blockType(type);
        body.labels.push(opcode == LOOP ? ModuleShape.NONE : new int[] {type});
        if (opcode == LOOP) {
            body.spend();
        }
        statements();
        expression(type);
        body.labels.pop();
        body.op(END);
    }

    private void typedIf(int type) {
        expression(ValueType.I32);
        body.op(IF);
        blockType(type);
        body.labels.push(new int[] {type});
        statements();
        expression(type);
        body.op(ELSE);
        statements();
        expression(type);
        body.labels.pop();
        body.op(END);
    }

    private void select(int type) {
        expression(type);
        expression(type);
        expression(ValueType.I32);
        if (ValueType.isReference(type) || choices.below(2) == 1) {
            body.op(SELECT_TYPED, 1);
            body.out.type(type);
        } else {
            body.op(SELECT);
        }
    }

    private void tee(int type) {
        int local = body.local(type);
        expression(type);
        if (local >= 0) {
            body.op(LOCAL_TEE, local);
        }
    }

    private void late(int type) {
        int local = body.lateLocal(type);
        expression(type);
        if (local >= 0) {
            body.op(LOCAL_SET, local);
            statements.statement();
            body.op(LOCAL_GET, local);
        }
    }

    private void branchIf(int type) {
        int label = body.label(new int[] {type});
        expression(type);
        if (label >= 0) {
            expression(ValueType.I32);
            body.op(BR_IF, label);
        } else if (ValueType.isNullable(type) || !ValueType.isReference(type)) {
            return;
        } else {
            int empty = body.label(ModuleShape.NONE);
            if (empty >= 0) {
                body.op(BR_ON_NULL, empty);
            }
        }
    }

    private void size(int type) {
        if (type != ValueType.I32) {
            leaf(type);
            return;
        }
        int table = choices.below(body.shape.tables.size());
        switch (choices.below(5)) {
            case 0 -> body.op(MEMORY_SIZE, choices.below(body.shape.memories));
            case 1 -> {
                body.i32(choices.below(2));
                body.op(MEMORY_GROW, choices.below(body.shape.memories));
            }
            case 2 -> body.op(TABLE_SIZE, table);
            case 3 -> {
                expression(body.shape.tables.get(table).type());
                body.i32(choices.below(4));
                body.op(TABLE_GROW, table);
            }
            default -> {
                expression(nullableType());
                body.op(REF_IS_NULL);
            }
        }
    }

    private int nullableType() {
        int type = body.shape.someType(choices);
        return ValueType.isReference(type) ? type : ValueType.EXTERNREF;
    }

    /// A tower of operands with a statement on top, or something after which nothing executes.
    private void rareEnd(int type) {
        if (type == ValueType.I32 && choices.below(4) == 3) {
            tower();
            return;
        }
        if (choices.rarely(6)) {
            statements.leaving();
        }
        expression(type);
    }

    private void tower() {
        int height = choices.rarely(12) ? 2_100 : 3 + choices.below(100);
        int[] sources = {body.local(ValueType.I32), body.local(ValueType.I32), -1};
        for (int i = 0; i < height; i++) {
            int source = sources[i % 3];
            if (source >= 0) {
                body.op(LOCAL_GET, source);
            } else {
                body.i32(i);
            }
        }
        statements.statement();
        int[] combine = {I32_ADD, I32_XOR, I32_SUB};
        for (int i = 1; i < height; i++) {
            body.op(combine[i % 3]);
        }
    }
}
