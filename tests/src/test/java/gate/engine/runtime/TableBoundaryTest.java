// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Everything that takes an index into a table at every boundary of it: core specification 4.4.6 and 4.4.8.
@Timeout(60)
class TableBoundaryTest {
    private static final int MAXIMUM = 3000;
    private static final List<String> INDEX = List.of("i32");
    private static final List<String> THREE = List.of("i32", "i32", "i32");

    /// Elements of the passive segments; the third is dropped, and a declared one is by itself.
    private static final int[] SEGMENT_SIZES = {0, 3, 2, 5};

    private static final int FIRST_DROPPED = 2;

    private final Set<Integer> trapped = new TreeSet<>();
    private int turn;

    @Test
    void theyDoAllOrNothing() {
        int page = 1024; // a table's own pages
        check(0, 0);
        check(0, 1);
        check(1, 3);
        check(page - 1, page);
        check(page + 1, 2 * page);
        Set<Integer> expected = Operations.byName().entrySet().stream()
                .filter(entry -> entry.getKey().contains("INDIRECT"))
                .map(Map.Entry::getValue)
                .collect(Collectors.toCollection(TreeSet::new));
        expected.addAll(Set.of(Op.RARE + 0x25, Op.RARE + 0x26)); // get and set
        expected.addAll(
                Set.of(Op.RARE_PREFIXED + 12, Op.RARE_PREFIXED + 14, Op.RARE_PREFIXED + 17)); // init, copy, fill
        assertThat(trapped).isEqualTo(expected);
    }

    private static Module module(int first, int second) {
        StringBuilder text = new StringBuilder("(module (type $r (func (result i32)))");
        text.append("(table " + first + " " + MAXIMUM + " funcref) (table " + second + " " + MAXIMUM + " funcref)\n");
        for (int i = 0; i < 5; i++) {
            text.append("(func $f" + i + " (type $r) (i32.const " + i + "))");
        }
        text.append(
                "(elem func) (elem func $f0 $f1 $f2) (elem func $f1 $f2) (elem declare func $f0 $f1 $f2 $f3 $f4)\n");
        for (OperandForm form : OperandForm.values()) {
            for (int t = 0; t < 2; t++) {
                text.append(form.function("get " + t, INDEX, "funcref", "table.get " + t));
                text.append(form.function("set " + t, List.of("i32", "funcref"), "", "table.set " + t));
                text.append(form.function("fill " + t, List.of("i32", "funcref", "i32"), "", "table.fill " + t));
                text.append(form.function("grow " + t, List.of("funcref", "i32"), "i32", "table.grow " + t));
                text.append(form.function("call " + t, INDEX, "i32", "call_indirect " + t + " (type $r)"));
                text.append(form.function("tail " + t, INDEX, "i32", "return_call_indirect " + t + " (type $r)"));
                for (int source = 0; source < 2; source++) {
                    String pair = t + " " + source;
                    text.append(form.function("copy " + pair, THREE, "", "table.copy " + pair));
                }
                for (int segment = 0; segment < SEGMENT_SIZES.length; segment++) {
                    String pair = t + " " + segment;
                    text.append(form.function("init " + pair, THREE, "", "table.init " + pair));
                }
                // Growing and using the new last element in one function.
                text.append(form.function(
                        "grow and call " + t,
                        List.of("funcref", "i32"),
                        "i32",
                        "table.grow " + t + " drop table.size " + t + " i32.const 1 i32.sub call_indirect " + t
                                + " (type $r)"));
            }
        }
        text.append("(func (export \"drop\") elem.drop 2))");
        return Module.parse(TextFormat.toBinary(text.toString(), TextLimits.defaults()));
    }

    private void check(int first, int second) {
        try (Store store = new Store()) {
            Instance instance = store.allocate(module(first, second), Imports.none());
            Execution.instantiate(instance)
                    .call(instance.exportedFunction("drop").orElseThrow())
                    .run();
            for (int table = 0; table < 2; table++) {
                restore(instance);
                single(instance, table);
                fill(instance, table);
                copy(instance, table, table);
                copy(instance, table, 1 - table);
                for (int segment = 0; segment < SEGMENT_SIZES.length; segment++) {
                    init(instance, table, segment);
                }
            }
            grow(instance, 0);
            grow(instance, 1);
        }
    }

    /// What an element is: a function, or null for every eighth.
    private static long expected(Instance instance, int table, int index) {
        int which = (index + table * 3) % 8;
        return which == 7 ? 0 : instance.reference(which % 5);
    }

    private static long[] expected(Instance instance, int table) {
        long[] all = new long[instance.tables[table].size];
        for (int i = 0; i < all.length; i++) {
            all[i] = expected(instance, table, i);
        }
        return all;
    }

    private static void restore(Instance instance) {
        for (int table = 0; table < 2; table++) {
            for (int i = 0; i < instance.tables[table].size; i++) {
                instance.tables[table].put(i, expected(instance, table, i));
            }
        }
    }

    /// Asserts what is in the tables, then makes them as they were.
    private static void assertTables(Instance instance, int table, long[] wanted, String what) {
        for (int t = 0; t < 2; t++) {
            long[] expected = t == table ? wanted : expected(instance, t);
            for (int i = 0; i < instance.tables[t].size; i++) {
                if (instance.tables[t].at(i) != expected[i]) {
                    throw new AssertionError(what + ": element " + i + " of table " + t);
                }
            }
        }
        restore(instance);
    }

    private void single(Instance instance, int table) {
        long end = instance.tables[table].size;
        long[] elements = expected(instance, table);
        long other = instance.reference(4);
        for (OperandForm form : OperandForm.values()) {
            for (long index : BoundaryValues.places(end)) {
                boolean inside = index < end;
                Trap.Code bounds = inside ? null : Trap.Code.TABLE_OUT_OF_BOUNDS;
                long[] got = runIn(form, instance, "get " + table, bounds, index);
                runIn(form, instance, "set " + table, bounds, index, other);
                long[] wanted = elements.clone();
                Trap.Code call = Trap.Code.UNDEFINED_ELEMENT;
                if (inside) {
                    assertThat(got).containsExactly(elements[(int) index]);
                    wanted[(int) index] = other;
                    call = elements[(int) index] == 0 ? Trap.Code.UNINITIALIZED_ELEMENT : null;
                }
                assertTables(instance, table, wanted, "set " + index);
                for (String name : List.of("call ", "tail ")) {
                    long[] result = runIn(form, instance, name + table, call, index);
                    if (call == null) {
                        assertThat(result).containsExactly(Store.functionIndex(elements[(int) index]));
                    }
                }
            }
        }
    }

    private void fill(Instance instance, int table) {
        long end = instance.tables[table].size;
        long other = instance.reference(4);
        for (long at : BoundaryValues.places(end)) {
            for (long length : BoundaryValues.lengths(end)) {
                boolean inside = at + length <= end;
                long[] wanted = expected(instance, table);
                if (inside) {
                    Arrays.fill(wanted, (int) at, (int) (at + length), other);
                }
                run(instance, "fill " + table, inside, at, other, length);
                assertTables(instance, table, wanted, "fill " + at + " " + length);
            }
        }
    }

    private void copy(Instance instance, int to, int from) {
        long end = instance.tables[to].size;
        long[] sources = expected(instance, from);
        Set<Long> lengths = BoundaryValues.lengths(end);
        lengths.addAll(BoundaryValues.lengths(sources.length));
        for (long at : BoundaryValues.places(end)) {
            for (long source : BoundaryValues.places(sources.length)) {
                for (long length : lengths) {
                    boolean inside = at + length <= end && source + length <= sources.length;
                    long[] wanted = expected(instance, to);
                    if (inside) {
                        System.arraycopy(sources, (int) source, wanted, (int) at, (int) length);
                    }
                    run(instance, "copy " + to + " " + from, inside, at, source, length);
                    assertTables(instance, to, wanted, "copy " + at + " " + source + " " + length);
                }
            }
        }
    }

    private void init(Instance instance, int table, int segment) {
        long end = instance.tables[table].size;
        long segmentEnd = segment < FIRST_DROPPED ? SEGMENT_SIZES[segment] : 0;
        Set<Long> lengths = BoundaryValues.lengths(end);
        lengths.addAll(BoundaryValues.lengths(segmentEnd));
        lengths.add((long) SEGMENT_SIZES[segment]);
        for (long at : BoundaryValues.places(end)) {
            for (long source : BoundaryValues.places(segmentEnd)) {
                for (long length : lengths) {
                    boolean inside = at + length <= end && source + length <= segmentEnd;
                    long[] wanted = expected(instance, table);
                    for (int i = 0; inside && i < length; i++) {
                        wanted[(int) at + i] = instance.reference((int) source + i);
                    }
                    run(instance, "init " + table + " " + segment, inside, at, source, length);
                    assertTables(instance, table, wanted, "init " + at + " " + source + " " + length);
                }
            }
        }
    }

    private void grow(Instance instance, int table) {
        long other = instance.reference(4);
        for (OperandForm form : OperandForm.values()) {
            int size = instance.tables[table].size;
            for (long delta : new long[] {MAXIMUM - size + 1, 1L << 31, (1L << 32) - 1, (1L << 32) - size}) {
                if (delta < 1L << 32) {
                    assertThat(runIn(form, instance, "grow " + table, null, other, delta))
                            .containsExactly(-1);
                }
            }
            assertThat(runIn(form, instance, "grow " + table, null, other, 0)).containsExactly(size);
            assertTables(instance, table, expected(instance, table), "refused to grow");
            assertThat(runIn(form, instance, "grow and call " + table, null, other, 1))
                    .containsExactly(4);
            int last = instance.tables[table].size - 1;
            assertThat(last).isEqualTo(size);
            run(instance, "get " + table, false, last + 1);
            long[] wanted = expected(instance, table);
            wanted[last] = other;
            assertTables(instance, table, wanted, "grown");
        }
        int rest = MAXIMUM - instance.tables[table].size;
        assertThat(run(instance, "grow " + table, true, other, rest)).containsExactly(MAXIMUM - rest);
        assertThat(run(instance, "grow " + table, true, other, 1)).containsExactly(-1);
        assertThat(run(instance, "call " + table, true, MAXIMUM - 1)).containsExactly(4);
        restore(instance);
    }

    private long[] run(Instance instance, String name, boolean inside, long... arguments) {
        Trap.Code expected = inside ? null : Trap.Code.TABLE_OUT_OF_BOUNDS;
        return runIn(OperandForm.ofTurn(turn++), instance, name, expected, arguments);
    }

    private long[] runIn(
            OperandForm form, Instance instance, String name, Trap.@Nullable Code expected, long... arguments) {
        Execution execution = Execution.of(instance, turn++ % 2 == 0)
                .call(instance.exportedFunction(name + " " + form).orElseThrow(), arguments);
        String what = name + " " + form + " " + Arrays.toString(arguments);
        try {
            execution.run();
            assertThat(expected).as(what + " doesn't trap").isNull();
            return execution.results();
        } catch (Trap trap) {
            assertThat(trap.code()).as(what).isEqualTo(expected);
            trapped.add(Operations.trapped(execution));
            return new long[0];
        }
    }
}
