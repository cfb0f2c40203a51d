// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.ValueType;

/// Generates bulk memory and table instructions, in bounds in most cases.
final class BulkStatements {
    private final BodyGenerator body;
    private final Choices choices;
    private final Expressions expressions;

    BulkStatements(BodyGenerator body, Expressions expressions) {
        this.body = body;
        this.choices = body.choices;
        this.expressions = expressions;
    }

    void statement() {
        switch (choices.below(8)) {
            case 0 -> {
                expressions.address();
                expressions.expression(ValueType.I32);
                length();
                body.op(MEMORY_FILL, memory());
            }
            case 1 -> {
                expressions.address();
                expressions.address();
                length();
                body.op(MEMORY_COPY, memory(), memory());
            }
            case 2 -> memoryInit();
            case 3 -> drop();
            case 4 -> tableSet();
            case 5 -> tableFill();
            case 6 -> tableCopy();
            default -> tableInit();
        }
    }

    private int memory() {
        return choices.below(body.shape.memories);
    }

    private void length() {
        if (choices.rarely(60)) {
            expressions.expression(ValueType.I32);
            return;
        }
        expressions.expression(ValueType.I32);
        body.i32(choices.below(2) == 0 ? 0x7F : 0x3FFF);
        body.op(I32_AND);
    }

    private void memoryInit() {
        if (body.shape.data.isEmpty()) {
            body.op(NOP);
            return;
        }
        int segment = choices.below(body.shape.data.size());
        int size = body.shape.data.get(segment).items().length;
        int from = choices.below(size + 1);
        expressions.address();
        body.i32(from);
        body.i32(choices.rarely(4) ? size - from : 0);
        body.op(MEMORY_INIT, segment, memory());
    }

    private void drop() {
        if (body.shape.data.isEmpty() || choices.below(2) == 1) {
            body.op(ELEM_DROP, choices.below(body.shape.elements.size()));
        } else {
            body.op(DATA_DROP, choices.below(body.shape.data.size()));
        }
    }

    private int table() {
        return 1 + choices.below(body.shape.tables.size() - 1);
    }

    private void tableSet() {
        int table = table();
        ModuleShape.TableShape shape = body.shape.tables.get(table);
        if (shape.minimum() == 0) {
            body.op(NOP);
            return;
        }
        body.i32(choices.below(shape.minimum()));
        expressions.expression(shape.type());
        body.op(TABLE_SET, table);
    }

    private void tableFill() {
        int table = table();
        ModuleShape.TableShape shape = body.shape.tables.get(table);
        int from = choices.below(shape.minimum() + 1);
        body.i32(from);
        expressions.expression(shape.type());
        body.i32(choices.below(shape.minimum() - from + 1));
        body.op(TABLE_FILL, table);
    }

    private void tableCopy() {
        int table = table();
        int source = table == 1 ? choices.below(2) : table;
        int size = Math.min(
                body.shape.tables.get(table).minimum(),
                body.shape.tables.get(source).minimum());
        int count = choices.below(size + 1);
        body.i32(choices.below(size - count + 1));
        body.i32(choices.below(size - count + 1));
        body.i32(count);
        body.op(TABLE_COPY, table, source);
    }

    private void tableInit() {
        int segment = choices.below(body.shape.elements.size());
        ModuleShape.SegmentShape items = body.shape.elements.get(segment);
        int target = Math.max(1, items.target());
        int size = Math.min(items.items().length, body.shape.tables.get(target).minimum());
        body.i32(0);
        body.i32(0);
        body.i32(choices.rarely(items.mode() == 1 ? 3 : 40) ? size : 0);
        body.op(TABLE_INIT, segment, target);
    }
}
