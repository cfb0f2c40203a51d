// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.ValueType;
import java.util.Arrays;

/// Generates what leaves nothing on the operand stack.
final class Statements {
    private static final int[] ONE_I32 = {ValueType.I32};

    private final BodyGenerator body;
    private final Choices choices;
    private final Expressions expressions;
    private final BulkStatements bulk;

    Statements(BodyGenerator body, Expressions expressions) {
        this.body = body;
        this.choices = body.choices;
        this.expressions = expressions;
        this.bulk = new BulkStatements(body, expressions);
    }

    void statement() {
        if (body.enter()) {
            grow();
        } else {
            body.op(NOP);
        }
        body.leave();
    }

    private void grow() {
        switch (choices.below(20)) {
            case 0 -> body.op(NOP);
            case 1, 2, 3 -> setLocal();
            case 4 -> setGlobal();
            case 5, 6 -> store();
            case 7 -> block();
            case 8 -> conditional();
            case 9, 10 -> countedLoop();
            case 11 -> shapedBlock();
            case 12, 13 -> call();
            case 14, 15 -> branchIf();
            case 16 -> branchOnNull();
            case 17 -> branchTable();
            case 18 -> bulk.statement();
            default -> {
                if (choices.rarely(8)) {
                    leaving();
                } else {
                    expressions.expression(body.shape.someType(choices));
                    body.op(DROP);
                }
            }
        }
    }

    private void setLocal() {
        int type = body.shape.someType(choices);
        int local = body.local(type);
        expressions.expression(type);
        if (local >= 0) {
            body.op(LOCAL_SET, local);
        } else {
            body.op(DROP);
        }
    }

    private void setGlobal() {
        int global = choices.below(body.shape.globals.size());
        ModuleShape.GlobalShape shape = body.shape.globals.get(global);
        if (global == 0 || !shape.mutable()) {
            body.op(NOP);
            return;
        }
        expressions.expression(shape.type());
        body.op(GLOBAL_SET, global);
    }

    private void store() {
        int[] types = {ValueType.I32, ValueType.I64, ValueType.F64, ValueType.F32};
        int type = types[choices.below(4)];
        expressions.address();
        expressions.expression(type);
        expressions.access(NumericOps.store(type, choices));
    }

    private void block() {
        body.out.u8(BLOCK).u8(0x40);
        inside(ModuleShape.NONE);
        body.op(END);
    }

    private void inside(int[] label) {
        body.labels.push(label);
        expressions.statements();
        body.labels.pop();
    }

    private void conditional() {
        expressions.expression(ValueType.I32);
        body.out.u8(IF).u8(0x40);
        inside(ModuleShape.NONE);
        if (choices.below(2) == 1) {
            body.op(ELSE);
            inside(ModuleShape.NONE);
        }
        body.op(END);
    }

    /// A loop of some rounds: its counter goes down at its head, so that a branch to it is a round too.
    private void countedLoop() {
        int counter = body.takeCounter();
        if (counter < 0) {
            block();
            return;
        }
        body.i32(1 + choices.below(4));
        body.op(LOCAL_SET, counter);
        body.out.u8(BLOCK).u8(0x40).u8(LOOP).u8(0x40);
        body.labels.push(ModuleShape.NONE);
        body.labels.push(ModuleShape.NONE);
        if (choices.below(2) == 1) {
            body.spend();
        }
        body.op(LOCAL_GET, counter);
        body.i32(-1);
        body.op(I32_ADD);
        body.op(LOCAL_TEE, counter);
        body.i32(0);
        body.op(I32_LT_S);
        body.op(BR_IF, 1);
        expressions.statements();
        if (choices.below(2) == 1) {
            body.op(LOCAL_GET, counter);
            body.op(BR_IF, 0);
        } else {
            body.op(BR, 0);
        }
        body.labels.pop();
        body.labels.pop();
        body.op(END);
        body.op(END);
    }

    /// A block, loop or `if` with parameters and results.
    private void shapedBlock() {
        int index = choices.below(body.shape.types.size());
        ModuleShape.Signature type = body.shape.types.get(index);
        int[] opcodes = {BLOCK, LOOP, IF};
        int opcode = opcodes[choices.below(3)];
        expressions.expressions(type.parameters());
        if (opcode == IF) {
            expressions.expression(ValueType.I32);
        }
        body.op(opcode);
        body.out.s64(index);
        body.labels.push(opcode == LOOP ? type.parameters() : type.results());
        if (opcode == LOOP) {
            body.spend();
        }
        shapedInside(type);
        if (opcode == LOOP && choices.below(2) == 1) {
            expressions.expressions(type.parameters());
            expressions.expression(ValueType.I32);
            body.op(BR_IF, 0);
            body.consume(type.parameters());
        }
        expressions.expressions(type.results());
        if (opcode == IF) {
            body.op(ELSE);
            shapedInside(type);
            expressions.expressions(type.results());
        }
        body.labels.pop();
        body.op(END);
        body.consume(type.results());
    }

    private void shapedInside(ModuleShape.Signature type) {
        if (choices.below(3) == 2) {
            expressions.statements(); // with the parameters below
        }
        body.consume(type.parameters());
        expressions.statements();
    }

    private void call() {
        int function = choices.below(body.shape.functions.size());
        ModuleShape.Signature signature = body.shape.signature(function);
        expressions.expressions(signature.parameters());
        if (choices.below(3) == 2) {
            expressions.indirect(function, false);
        } else {
            body.op(CALL, function);
        }
        body.consume(signature.results());
    }

    private void branchIf() {
        int label = body.anyLabel();
        int[] carried = body.carried(label);
        expressions.expressions(carried);
        expressions.expression(ValueType.I32);
        body.op(BR_IF, label);
        body.consume(carried);
    }

    private void branchOnNull() {
        int label = body.anyLabel();
        int[] carried = body.carried(label);
        boolean carriesReference = carried.length > 0 && ValueType.isReference(carried[carried.length - 1]);
        if (carriesReference) {
            int[] others = Arrays.copyOf(carried, carried.length - 1);
            expressions.expressions(others);
            expressions.expression(carried[carried.length - 1] | ValueType.NULLABLE);
            body.op(BR_ON_NON_NULL, label);
            body.consume(others);
            return;
        }
        expressions.expressions(carried);
        int type = ValueType.concrete(choices.below(body.shape.types.size()), true);
        expressions.expression(choices.below(2) == 1 ? type : ValueType.EXTERNREF);
        body.op(BR_ON_NULL, label);
        body.op(DROP);
        body.consume(carried);
    }

    /// Leaves a block by one of some labels that carry the same.
    private void branchTable() {
        body.out.u8(BLOCK).u8(0x40);
        body.labels.push(ModuleShape.NONE);
        int first = body.anyLabel();
        int[] carried = body.carried(first);
        expressions.expressions(carried);
        expressions.expression(ValueType.I32);
        int count = choices.below(5);
        body.op(BR_TABLE, count);
        for (int i = 0; i < count; i++) {
            body.out.u32(body.label(carried));
        }
        body.out.u32(first);
        if (choices.below(4) == 3) {
            deadCode();
        }
        body.labels.pop();
        body.op(END);
    }

    /// Something after which nothing executes in this block.
    void leaving() {
        switch (choices.below(5)) {
            case 0 -> {
                int label = body.anyLabel();
                expressions.expressions(body.carried(label));
                body.op(BR, label);
            }
            case 1 -> {
                expressions.expressions(body.signature.results());
                body.op(RETURN);
            }
            case 2 -> tailCall();
            case 3 -> {
                if (choices.rarely(4)) {
                    body.op(UNREACHABLE);
                } else {
                    body.op(NOP);
                    return;
                }
            }
            default -> {
                int[] carried = body.carried(body.anyLabel());
                int label = body.label(carried);
                expressions.expressions(carried);
                expressions.expressions(ONE_I32);
                body.op(BR_TABLE, 0);
                body.out.u32(label);
            }
        }
        if (choices.below(3) == 2) {
            deadCode();
        }
    }

    private void tailCall() {
        for (int function = body.shape.functions.size() - 1; function >= 0; function--) {
            ModuleShape.Signature signature = body.shape.signature(function);
            if (Arrays.equals(signature.results(), body.signature.results()) && choices.below(2) == 0) {
                expressions.expressions(signature.parameters());
                if (choices.below(2) == 1) {
                    expressions.indirect(function, true);
                } else {
                    body.op(RETURN_CALL, function);
                }
                return;
            }
        }
        expressions.expressions(body.signature.results());
        body.op(RETURN);
    }

    /// Instructions that are only valid because nothing comes to them.
    private void deadCode() {
        body.op(I32_ADD);
        body.op(DROP);
        body.op(SELECT);
        body.op(DROP);
        body.out.u8(BLOCK).u8(0x40);
        body.op(UNREACHABLE);
        body.op(END);
        body.out.u8(LOOP).u8(0x40);
        body.op(END);
    }
}
