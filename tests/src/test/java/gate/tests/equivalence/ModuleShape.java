// SPDX-License-Identifier: Apache-2.0
package gate.tests.equivalence;

import static gate.engine.wasm.ValueType.EXTERNREF;
import static gate.engine.wasm.ValueType.F32;
import static gate.engine.wasm.ValueType.F64;
import static gate.engine.wasm.ValueType.FUNCREF;
import static gate.engine.wasm.ValueType.I32;
import static gate.engine.wasm.ValueType.I64;

import gate.engine.wasm.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What a generated module declares; bodies are generated against it.
///
/// Every function type has at least one function, so that a non-null reference to it can always be made. Table 0 holds
/// all functions by index. Global 0 is an `i32` that bounds calls and rounds of loops, so that every program ends.
final class ModuleShape {
    /// Functions imported, in this order: `tick`, `swap`, `pick`, `pause`.
    static final int IMPORTED = 4;

    static final int[] NONE = {};
    private static final int[] NUMBERS = {I32, I64, F64, F32};

    /// A function type.
    record Signature(int[] parameters, int[] results) {
        static Signature of(int[] parameters, int... results) {
            return new Signature(parameters, results);
        }
    }

    record GlobalShape(int type, boolean mutable) {}

    record TableShape(int type, int minimum, int maximum) {}

    /// @param mode 0 active in table or memory `target`, 1 passive, 2 declarative
    /// @param items functions, -1 for null; or bytes
    record SegmentShape(int type, int mode, int target, int offset, int[] items) {}

    final List<Signature> types = new ArrayList<>(List.of(
            Signature.of(NONE),
            Signature.of(new int[] {I32}, I32),
            Signature.of(new int[] {I64, F64}, F64, I64),
            Signature.of(new int[] {EXTERNREF, FUNCREF}, EXTERNREF)));

    /// Type of each function, imported ones first.
    final List<Integer> functions = new ArrayList<>(List.of(1, 2, 3, 0));

    final List<GlobalShape> globals = new ArrayList<>();
    final List<TableShape> tables = new ArrayList<>();
    final List<SegmentShape> elements = new ArrayList<>();
    final List<SegmentShape> data = new ArrayList<>();
    int memories = 1;
    final boolean hasStart;

    ModuleShape(Choices choices) {
        int moreTypes = choices.below(5);
        for (int i = 0; i < moreTypes; i++) {
            types.add(Signature.of(someTypes(choices, 5), someTypes(choices, 4)));
        }
        IntStream.range(0, types.size()).forEach(functions::add);
        int moreFunctions = choices.below(3);
        for (int i = 0; i < moreFunctions; i++) {
            functions.add(choices.below(types.size()));
        }
        globals.add(new GlobalShape(I32, true));
        int moreGlobals = choices.below(6);
        for (int i = 0; i < moreGlobals; i++) {
            globals.add(new GlobalShape(someType(choices), choices.below(4) != 3));
        }
        memories += choices.below(3);
        someTables(choices);
        someSegments(choices);
        hasStart = choices.rarely(4);
    }

    private int[] someTypes(Choices choices, int bound) {
        int[] chosen = new int[choices.below(bound)];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = someType(choices);
        }
        return chosen;
    }

    /// Any value type; concrete ones of types defined so far.
    int someType(Choices choices) {
        int choice = choices.below(10);
        return switch (choice) {
            case 6 -> FUNCREF;
            case 7 -> EXTERNREF;
            case 8, 9 -> ValueType.concrete(choices.below(types.size()), choice == 8);
            default -> NUMBERS[choice & 3];
        };
    }

    private void someTables(Choices choices) {
        tables.add(new TableShape(FUNCREF, functions.size(), -1));
        tables.add(new TableShape(FUNCREF, 4 + choices.below(20), 30));
        tables.add(new TableShape(EXTERNREF, choices.below(10), -1));
        int type = choices.below(types.size());
        tables.add(new TableShape(ValueType.concrete(type, true), 3 + choices.below(10), 20));
        if (choices.rarely(3)) {
            tables.add(new TableShape(ValueType.concrete(type, false), 2 + choices.below(4), 9));
        }
    }

    private void someSegments(Choices choices) {
        int[] all = IntStream.range(0, functions.size()).toArray();
        elements.add(new SegmentShape(FUNCREF, 0, 0, 0, all));
        elements.add(new SegmentShape(FUNCREF, 2, 0, 0, all));
        int more = choices.below(4);
        for (int i = 0; i < more; i++) {
            int target = 1 + choices.below(tables.size() - 1);
            int type = tables.get(target).type();
            int[] items = new int[choices.below(6)];
            for (int k = 0; k < items.length; k++) {
                items[k] = someItem(choices, type);
            }
            boolean active =
                    choices.below(2) == 1 && items.length <= tables.get(target).minimum();
            elements.add(new SegmentShape(type, active ? 0 : 1, target, 0, items));
        }
        int segments = choices.below(4);
        for (int i = 0; i < segments; i++) {
            int[] items = new int[choices.below(80)];
            for (int k = 0; k < items.length; k++) {
                items[k] = (k * 37 + i) & 0xFF;
            }
            data.add(new SegmentShape(0, choices.below(2), choices.below(memories), choices.below(5000), items));
        }
    }

    private int someItem(Choices choices, int type) {
        if (type == EXTERNREF || ValueType.isNullable(type) && choices.rarely(3)) {
            return -1;
        }
        return functionOf(type, choices);
    }

    /// A function that a reference type allows.
    int functionOf(int type, Choices choices) {
        if (!ValueType.isConcrete(type)) {
            return choices.below(functions.size());
        }
        return functions.lastIndexOf(ValueType.typeIndex(type));
    }

    Signature signature(int function) {
        return types.get(functions.get(function));
    }
}
