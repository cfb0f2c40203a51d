// SPDX-License-Identifier: Apache-2.0
package gate.tests.callsite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/// Generates programs that the original would load, in the text format: calls of every kind with operands below them,
/// loops in loops with operands around them, branches of every kind, and parameters that are written. All end: a
/// global counts calls and rounds.
final class PortableGenerator {
    private static final String[] TYPES = {"i32", "i64", "f32", "f64"};
    private static final int NODES_MAX = 60;
    private static final int DEPTH_MAX = 6;

    /// A function.
    private record Shape(List<Integer> parameters, int result, List<Integer> locals) {}

    private final SplittableRandom random;
    private final List<Shape> shapes;
    private final StringBuilder out = new StringBuilder();
    /// Open labels, innermost first; true for a loop.
    private final Deque<Boolean> labels = new ArrayDeque<>();

    private Shape shape;
    private int nodes;
    /// Loop counters used in the function.
    private int counters;

    private PortableGenerator(long seed) {
        this.random = new SplittableRandom(seed);
        int functions = 2 + random.nextInt(4);
        Shape entry = new Shape(List.of(), random.nextBoolean() ? 0 : -1, someTypes(5));
        shapes = new ArrayList<>(List.of(entry, new Shape(List.of(), -1, someTypes(3))));
        for (int i = 0; i < functions; i++) {
            shapes.add(new Shape(someTypes(5), random.nextInt(5) - 1, someTypes(5)));
        }
        this.shape = entry;
    }

    private List<Integer> someTypes(int bound) {
        return random.ints(random.nextInt(bound), 0, TYPES.length).boxed().toList();
    }

    /// The entry is exported as `entry`; the global as `steps`.
    static String generate(long seed) {
        return new PortableGenerator(seed).module();
    }

    private String module() {
        out.append("(module\n");
        out.append("(import \"wasi_snapshot_preview1\" \"sched_yield\" (func $yield (result i32)))\n");
        out.append("(import \"env\" \"__wasi_fd_read\" (func $read (param i32 i32 i32 i32) (result i32)))\n");
        out.append("(import \"gate\" \"io_65536\" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))\n");
        out.append("(memory (export \"memory\") 1 3)\n");
        out.append("(global $steps (export \"steps\") (mut i32) (i32.const 300))\n");
        out.append("(global $g (export \"g\") (mut i64) (i64.const 1))\n");
        out.append("(table ").append(shapes.size() + 4).append(" funcref)\n(elem (i32.const 1) $yield $read $io");
        for (int i = 0; i < shapes.size(); i++) {
            out.append(" $f").append(i);
        }
        out.append(")\n");
        if (random.nextInt(3) == 0) {
            out.append("(start $f1)\n");
        }
        for (int i = 0; i < shapes.size(); i++) {
            function(i);
        }
        return out.append(")\n").toString();
    }

    private void function(int index) {
        shape = shapes.get(index);
        nodes = 5 + random.nextInt(NODES_MAX);
        out.append("(func $f").append(index);
        if (index == 0) {
            out.append(" (export \"entry\")");
        }
        types("param", shape.parameters());
        if (shape.result() >= 0) {
            out.append(" (result ").append(TYPES[shape.result()]).append(')');
        }
        types("local", shape.locals());
        out.append(" (local $c0 i32) (local $c1 i32) (local $c2 i32)\n");
        counters = 0;
        boolean below = random.nextInt(3) == 0;
        if (below) {
            out.append("(i64.const 5)\n");
            someLocal(0);
        }
        spend();
        statements(0);
        if (below) {
            out.append("(drop) (drop)\n");
        }
        if (shape.result() >= 0) {
            expression(shape.result(), 0);
        }
        out.append(")\n");
    }

    private void types(String word, List<Integer> types) {
        if (!types.isEmpty()) {
            out.append(" (").append(word);
            types.forEach(type -> out.append(' ').append(TYPES[type]));
            out.append(')');
        }
    }

    private void spend() {
        out.append("(global.set $steps (i32.sub (global.get $steps) (i32.const 1)))\n");
        out.append("(if (i32.lt_s (global.get $steps) (i32.const 0)) (then (return");
        if (shape.result() >= 0) {
            out.append(" (").append(TYPES[shape.result()]).append(".const 0)");
        }
        out.append(")))\n");
    }

    // ---- statements: they leave nothing on the operand stack ----

    private void statements(int depth) {
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count && nodes > 0 && depth < DEPTH_MAX; i++) {
            nodes--;
            statement(depth + 1);
        }
    }

    private void statement(int depth) {
        switch (random.nextInt(15)) {
            case 0, 1, 2 -> setLocal(depth);
            case 3 -> store(depth);
            case 4, 5 -> call(random.nextInt(shapes.size()), depth);
            case 6 -> host(depth);
            case 7, 8 -> loop(depth);
            case 9 -> tableLoop(depth);
            case 10 -> inside("(block\n", depth, ")\n");
            case 11 -> conditional(depth);
            case 12 -> around(depth);
            case 13 -> leave(depth);
            default -> {
                expression(random.nextInt(TYPES.length), depth);
                out.append("(drop)\n");
            }
        }
    }

    private void setLocal(int depth) {
        int all = shape.parameters().size() + shape.locals().size();
        if (all == 0) {
            return;
        }
        int local = random.nextInt(all);
        expression(typeOf(local), depth);
        out.append("(local.set ").append(local).append(")\n");
    }

    private int typeOf(int local) {
        int parameters = shape.parameters().size();
        return local < parameters
                ? shape.parameters().get(local)
                : shape.locals().get(local - parameters);
    }

    private void store(int depth) {
        int type = random.nextInt(TYPES.length);
        address(depth);
        expression(type, depth);
        out.append('(').append(TYPES[type]).append(".store offset=16)\n");
    }

    private void address(int depth) {
        expression(0, depth);
        out.append("(i32.const 0xfff8) (i32.and)\n");
    }

    private void conditional(int depth) {
        expression(0, depth);
        inside("(if (then\n", depth, ")");
        if (random.nextBoolean()) {
            inside(" (else\n", depth, ")");
        }
        out.append(")\n");
    }

    private void inside(String before, int depth, String after) {
        out.append(before);
        labels.push(false);
        statements(depth);
        labels.pop();
        out.append(after);
    }

    /// A loop of some rounds; branches back to it stand at several places of its body, in it and in blocks of it.
    private void loop(int depth) {
        String counter = counter();
        if (counter.isEmpty()) {
            return;
        }
        out.append("(block (loop\n");
        labels.push(false);
        labels.push(true);
        if (random.nextBoolean()) {
            round(counter);
            statements(depth);
            out.append("(br 0)\n");
            if (random.nextInt(4) == 0) {
                out.append("(call_indirect (param i32) (result i32)) (drop) (br 0)\n");
            }
        } else {
            statements(depth);
            round(counter);
            if (random.nextBoolean()) {
                out.append("(block (br 1))\n");
            } else {
                expression(0, depth);
                out.append("(br_if 0)\n");
            }
        }
        labels.pop();
        labels.pop();
        out.append("))\n");
    }

    /// A counter set to some rounds, or nothing where the function has no more.
    private String counter() {
        if (counters == 3) {
            return "";
        }
        String counter = "$c" + counters++;
        out.append("(local.set ")
                .append(counter)
                .append(" (i32.const ")
                .append(1 + random.nextInt(4))
                .append("))\n");
        return counter;
    }

    /// Counts a round of a loop that a block is around.
    private void round(String counter) {
        out.append("(br_if 1 (i32.le_s (local.tee ").append(counter);
        out.append(" (i32.sub (local.get ").append(counter).append(") (i32.const 1))) (i32.const 0)))\n");
        out.append("(br_if 1 (i32.lt_s (global.get $steps) (i32.const 0)))\n");
    }

    /// A loop to which a branch table goes back, with operands around it.
    private void tableLoop(int depth) {
        String counter = counter();
        if (counter.isEmpty()) {
            return;
        }
        expression(random.nextInt(TYPES.length), depth);
        out.append("(block (loop\n");
        labels.push(false);
        labels.push(true);
        round(counter);
        statements(depth);
        if (random.nextInt(3) == 0) {
            out.append("(i64.const 77)\n");
        }
        expression(0, depth);
        out.append("(i32.const 3) (i32.and)\n");
        out.append(random.nextBoolean() ? "(br_table 0 1 0 0)\n" : "(br_table 0 1 1)\n");
        labels.pop();
        labels.pop();
        out.append("))\n(drop)\n");
    }

    /// Statements with an operand below them.
    private void around(int depth) {
        expression(random.nextInt(TYPES.length), depth);
        statements(depth);
        out.append("(drop)\n");
    }

    /// A branch forward, maybe a conditional one, out of blocks and loops.
    private void leave(int depth) {
        int label = 0;
        for (boolean loop : labels) {
            if (!loop && random.nextBoolean()) {
                expression(0, depth);
                out.append("(br_if ").append(label).append(")\n");
                return;
            }
            label++;
        }
    }

    private void call(int function, int depth) {
        Shape callee = shapes.get(function);
        callee.parameters().forEach(type -> expression(type, depth));
        if (random.nextInt(3) == 0) {
            out.append("(i32.const ").append(function + 4).append(")\n(call_indirect");
            types("param", callee.parameters());
            if (callee.result() >= 0) {
                out.append(" (result ").append(TYPES[callee.result()]).append(')');
            }
            out.append(")\n");
        } else {
            out.append("(call $f").append(function).append(")\n");
        }
        if (callee.result() >= 0) {
            out.append("(drop)\n");
        }
    }

    private void host(int depth) {
        switch (random.nextInt(3)) {
            case 0 ->
                out.append("(call $io (i32.const 0) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)"
                        + " (i32.const 5) (i64.const 6) (i32.const 7))\n");
            case 1 -> {
                expression(0, depth);
                out.append("(i32.const 8) (i32.const 9) (i32.const 10) (call $read) (drop)\n");
            }
            default -> {
                expression(0, depth);
                out.append("(i32.const 8) (i32.const 9) (i32.const 10) (i32.const 2)\n");
                out.append("(call_indirect (param i32 i32 i32 i32) (result i32)) (drop)\n");
            }
        }
    }

    // ---- expressions: they leave one value ----

    private void expression(int type, int depth) {
        nodes--;
        if (nodes <= 0 || depth >= DEPTH_MAX) {
            constant(type);
            return;
        }
        switch (random.nextInt(12)) {
            case 0, 1 -> constant(type);
            case 2, 3, 4 -> someLocal(type);
            case 5, 6 -> binary(type, depth + 1);
            case 7 -> {
                address(depth + 1);
                out.append('(').append(TYPES[type]).append(".load offset=16)\n");
            }
            case 8, 9 -> callFor(type, depth + 1);
            case 10 -> {
                expression(type, depth + 1);
                expression(type, depth + 1);
                expression(0, depth + 1);
                out.append("(select)\n");
            }
            default -> {
                expression(type, depth + 1);
                statements(depth + 1);
            }
        }
    }

    private void constant(int type) {
        out.append('(')
                .append(TYPES[type])
                .append(".const ")
                .append(random.nextInt(200) - 100)
                .append(")\n");
    }

    private void someLocal(int type) {
        int all = shape.parameters().size() + shape.locals().size();
        int from = all == 0 ? 0 : random.nextInt(all);
        for (int i = 0; i < all; i++) {
            int local = (from + i) % all;
            if (typeOf(local) == type) {
                out.append("(local.get ").append(local).append(")\n");
                return;
            }
        }
        constant(type);
    }

    private void binary(int type, int depth) {
        expression(type, depth);
        expression(type, depth);
        String[] operations = type < 2 ? new String[] {"add", "sub", "mul", "xor"} : new String[] {"add", "sub", "max"};
        out.append('(').append(TYPES[type]).append('.');
        out.append(operations[random.nextInt(operations.length)]).append(")\n");
    }

    private void callFor(int type, int depth) {
        for (int i = shapes.size() - 1; i >= 0; i--) {
            Shape callee = shapes.get(i);
            if (callee.result() == type) {
                callee.parameters().forEach(parameter -> expression(parameter, depth));
                out.append("(call $f").append(i).append(")\n");
                return;
            }
        }
        if (type == 0) {
            out.append("(call $yield)\n");
        } else {
            constant(type);
        }
    }
}
