// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import gate.tests.tidy.Repository;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What hosts do with a guest's memory, and what instantiation writes to it, ends where the memory does.
class MemoryBoundaryTest {
    /// Where there may be an access to memory that nothing but our own check bounds: through a segment over all of
    /// memory. Each has its test.
    private static final Map<String, String> RAW_ACCESSES = Map.of(
            "Interpreter", "AccessBoundaryTest, GrowBoundaryTest",
            "Memory", "MemoryBoundaryTest, and AccessBoundaryTest for memories other than the first",
            "MappedMemory", "copies what has been touched: MemoryHandlingTest",
            "InitialMemory", "MemoryBoundaryTest",
            "NativeMemory", "makes the segment",
            "Machine", "hands it to the interpreter: GrowBoundaryTest");

    private static final Pattern RAW = Pattern.compile(
            "NativeMemory\\.ALL|EVERYWHERE|\\breinterpret\\(|\\bsegment\\b.*\\bbase\\b|memory\\.segment\\b");

    private static final long[] NOWHERE = {
        -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 8, 1L << 31, 1L << 32, -1L << 32, (1L << 32) - 1
    };

    /// Segments of this much and more are mapped and shared, from the second instance on.
    private static final int SHARED_BYTES = 65_536;

    private static MemoryBackend backend(boolean mapped) {
        return mapped ? MemoryBackend.mapped() : MemoryBackend.arena();
    }

    private static Map<Integer, LongConsumer> accesses(Memory memory, boolean stores) {
        Map<Integer, LongConsumer> byWidth = new LinkedHashMap<>();
        byWidth.put(1, stores ? at -> memory.storeByte(at, (byte) -1) : memory::loadByte);
        byWidth.put(2, stores ? at -> memory.storeShort(at, (short) -1) : memory::loadShort);
        byWidth.put(4, stores ? at -> memory.storeInt(at, -1) : memory::loadInt);
        byWidth.put(8, stores ? at -> memory.storeLong(at, -1) : memory::loadLong);
        byWidth.put(3, at -> memory.slice(at, 3).get(Memory.BYTE, 2));
        return byWidth;
    }

    private static void assertTraps(ThrowingCallable access) {
        assertThatThrownBy(access).isInstanceOf(Trap.class).hasMessage("out of bounds memory access");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostsReachExactlyWhatTheGuestDoes(boolean mapped) {
        for (int pages : List.of(0, 1, 2)) {
            try (Memory memory = backend(mapped).allocate(new MemoryShape(pages, 3, true, 3))) {
                PatternedMemory bytes = new PatternedMemory(memory);
                long end = bytes.size();
                for (boolean stores : new boolean[] {false, true}) {
                    accesses(memory, stores).forEach((width, access) -> {
                        for (long at : NOWHERE) {
                            assertTraps(() -> access.accept(at));
                        }
                        assertTraps(() -> access.accept(end - width + 1));
                        assertTraps(() -> access.accept(end));
                        bytes.assertUnchanged("accesses outside");
                        if (end > 0) {
                            access.accept(end - width);
                            bytes.assertStored("the last", end - width, stores && width != 3 ? width : 0, -1);
                        }
                    });
                }
                assertThat(memory.slice(0, end).byteSize()).isEqualTo(end);
                assertThat(memory.slice(end, 0).byteSize()).isZero();
                for (long length : NOWHERE) {
                    assertTraps(() -> memory.slice(0, length));
                    assertTraps(() -> memory.slice(end, length));
                    assertTraps(() -> memory.slice(length, length));
                }
                assertTraps(() -> memory.slice(1, end));
                assertTraps(() -> memory.slice(end + 1, 0));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClosedMemoryHasNoBytes(boolean mapped) {
        Memory memory = backend(mapped).allocate(new MemoryShape(1, 1, true, 1));
        memory.close();
        assertTraps(() -> memory.loadByte(0));
        assertTraps(() -> memory.storeLong(0, 1));
        assertTraps(() -> memory.slice(0, 1));
    }

    /// Also by a module's second and third instance, which may share an image of it.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void activeSegmentsReachTheEndAndNoFurther(boolean mapped) {
        for (int pages : List.of(0, 1, 2)) {
            long end = (long) pages * Memory.PAGE_BYTES;
            for (int length : new int[] {0, 1, 5, SHARED_BYTES, SHARED_BYTES + 1}) {
                Set<Long> places = new TreeSet<>(BoundaryValues.places(end));
                places.addAll(BoundaryValues.places(end - length + 1));
                for (long at : places) {
                    String text = "(module (memory " + pages + ") (memory 1) (data (i32.const " + (int) at + ") \""
                            + "\\C3".repeat(length) + "\"))";
                    Module module = Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
                    try (Store store = new Store(StoreOptions.DEFAULT.withBackend(backend(mapped)))) {
                        for (int i = 0; i < 3; i++) {
                            assertInitialised(store.allocate(module, Imports.none()), at, length);
                        }
                    }
                }
            }
        }
    }

    private static void assertInitialised(Instance instance, long at, int length) {
        Memory memory = instance.memory(0);
        String what = length + " bytes at " + at + " of " + memory.byteSize();
        if (at + length > memory.byteSize()) {
            assertTraps(() -> Execution.instantiate(instance).run());
            length = 0;
        } else {
            assertThatCode(() -> Execution.instantiate(instance).run()).as(what).doesNotThrowAnyException();
        }
        byte[] expected = new byte[(int) memory.byteSize()];
        if (length > 0) {
            Arrays.fill(expected, (int) at, (int) at + length, (byte) 0xC3);
        }
        assertThat(memory.slice(0, memory.byteSize()).toArray(Memory.BYTE))
                .as(what)
                .isEqualTo(expected);
        assertThat(instance.memory(1).slice(0, Memory.PAGE_BYTES).toArray(Memory.BYTE))
                .as("the other memory")
                .isEqualTo(new byte[Memory.PAGE_BYTES]);
    }

    @Test
    void settingAGlobalChangesNoOther() {
        String text = """
                (module (import "" "g" (global (mut i64)))
                  (global (mut i32) (i32.const 1)) (global (mut i64) (i64.const 2)) (global (mut f32) (f32.const 3))
                  (global (mut f64) (f64.const 4)) (global (mut externref) (ref.null extern))
                """;
        List<String> types = List.of("i64", "i32", "i64", "f32", "f64", "externref");
        StringBuilder functions = new StringBuilder();
        for (int i = 0; i < types.size(); i++) {
            for (OperandForm form : OperandForm.values()) {
                functions.append(form.function("set " + i, List.of(types.get(i)), "", "global.set " + i));
                functions.append(form.function("get " + i, List.of(), types.get(i), "global.get " + i));
            }
        }
        Module module = Module.parse(TextFormat.toBinary(text + functions + ")", TextLimits.defaults()));
        try (Store store = new Store()) {
            Instance exporting = store.allocate(
                    Module.parse(TextFormat.toBinary(
                            "(module (global (export \"g\") (mut i64) (i64.const 9)))", TextLimits.defaults())),
                    Imports.none());
            Instance instance = store.allocate(module, wanted -> exporting.exportAsImport("g"));
            long[] values = values(instance);
            for (OperandForm form : OperandForm.values()) {
                for (int i = 0; i < types.size(); i++) {
                    values[i] += 11;
                    call(instance, "set " + i + " " + form, values[i]);
                    assertThat(values(instance)).as("set %d %s", i, form).isEqualTo(values);
                    assertThat(call(instance, "get " + i + " " + form)).containsExactly(values[i]);
                }
            }
            assertThat(exporting.global(0).value()).isEqualTo(9 + 3 * 11);
        }
    }

    private static long[] values(Instance instance) {
        long[] values = new long[instance.globals.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = instance.global(i).value();
        }
        return values;
    }

    private static long[] call(Instance instance, String name, long... arguments) {
        Execution execution = Execution.instantiate(instance)
                .call(instance.exportedFunction(name).orElseThrow(), arguments);
        execution.run();
        return execution.results();
    }

    @Test
    void rawAccessesAreOnlyWhereTheyAreTested() {
        String folder = "engine/src/main/java/";
        Set<String> found = Repository.files().stream()
                .filter(name ->
                        name.startsWith(folder) || name.startsWith("executor/") || name.startsWith("app/src/main"))
                .filter(name -> name.endsWith(".java"))
                .filter(name -> Repository.text(name)
                        .lines()
                        .filter(line -> !line.strip().startsWith("//"))
                        .anyMatch(line -> RAW.matcher(line).find()))
                .map(name -> name.substring(name.lastIndexOf('/') + 1, name.length() - ".java".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(found).isEqualTo(new TreeSet<>(RAW_ACCESSES.keySet()));
    }
}
