// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Module;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `memory.fill`, `copy` and `init` at every boundary of what they read and write: core specification 4.4.7.
@Timeout(60)
class BulkBoundaryTest {
    private static final List<String> ADDRESSES = List.of("i32", "i32", "i32");

    /// Bytes of the passive data segments; the third is dropped, and an active one is by itself.
    private static final int[] SEGMENT_SIZES = {0, 5, 3, 1};

    private static final int FIRST_DROPPED = 2;

    /// More is a matter of time, not of boundaries.
    private static final long WRITTEN_MAX = 6L * Memory.PAGE_BYTES;

    private static final byte FILL = (byte) 0xEE;

    private final Set<Integer> trapped = new TreeSet<>();
    private int turn;

    @Test
    void theyDoAllOrNothing() {
        check(MemoryBackend.arena(), 0, 1);
        check(MemoryBackend.arena(), 2, 1);
        check(MemoryBackend.mapped(), 0, 0);
        check(MemoryBackend.mapped(), 1, 1);
        check(MemoryBackend.mapped(), 5, 2); // more than is done at a time
        check(MemoryBackend.mapped(), Memory.PAGES_MAX, 0);
        // init, copy and fill
        assertThat(trapped).containsExactly(Op.RARE_PREFIXED + 8, Op.RARE_PREFIXED + 10, Op.RARE_PREFIXED + 11);
    }

    private static Module module(int first, int second) {
        StringBuilder text = new StringBuilder("(module (memory " + first + ") (memory " + second + ")\n");
        for (int size : SEGMENT_SIZES) {
            boolean active = size == 1;
            text.append("(data ").append(active ? "(memory 1) (offset i32.const 0) \"" : "\"");
            text.append("\\A7".repeat(active && second == 0 ? 0 : size)).append("\")\n");
        }
        for (OperandForm form : OperandForm.values()) {
            for (int memory = 0; memory < 2; memory++) {
                text.append(form.function("fill " + memory, ADDRESSES, "", "memory.fill " + memory));
                for (int source = 0; source < 2; source++) {
                    String pair = memory + " " + source;
                    text.append(form.function("copy " + pair, ADDRESSES, "", "memory.copy " + pair));
                }
                for (int segment = 0; segment < SEGMENT_SIZES.length; segment++) {
                    String pair = memory + " " + segment;
                    text.append(form.function("init " + pair, ADDRESSES, "", "memory.init " + pair));
                }
            }
        }
        text.append("(func (export \"drop\") data.drop 2))");
        return Module.parse(TextFormat.toBinary(text.toString(), TextLimits.defaults()));
    }

    private void check(MemoryBackend backend, int first, int second) {
        try (Store store = new Store(StoreOptions.DEFAULT.withBackend(backend))) {
            Instance instance = store.allocate(module(first, second), Imports.none());
            Execution.instantiate(instance)
                    .call(instance.exportedFunction("drop").orElseThrow())
                    .run();
            PatternedMemory[] memories = {
                new PatternedMemory(instance.memories[0]), new PatternedMemory(instance.memories[1])
            };
            for (int memory = 0; memory < 2; memory++) {
                fill(instance, memories, memory);
                copy(instance, memories, memory, memory);
                copy(instance, memories, memory, 1 - memory);
                for (int segment = 0; segment < SEGMENT_SIZES.length; segment++) {
                    init(instance, memories, memory, segment);
                }
            }
        }
    }

    private void fill(Instance instance, PatternedMemory[] memories, int memory) {
        long end = memories[memory].size();
        for (long at : BoundaryValues.places(end)) {
            for (long length : BoundaryValues.lengths(end)) {
                boolean inside = at + length <= end;
                if (!inside || length <= WRITTEN_MAX) {
                    run(instance, "fill " + memory, inside, at, FILL, length);
                    byte[] written = new byte[inside ? (int) length : 0];
                    Arrays.fill(written, FILL);
                    assertWritten(memories, memory, inside ? at : 0, written, "fill " + at + " " + length);
                }
            }
        }
    }

    private void copy(Instance instance, PatternedMemory[] memories, int to, int from) {
        long end = memories[to].size();
        long sourceEnd = memories[from].size();
        Set<Long> lengths = BoundaryValues.lengths(end);
        lengths.addAll(BoundaryValues.lengths(sourceEnd));
        for (long at : BoundaryValues.places(end)) {
            for (long source : BoundaryValues.places(sourceEnd)) {
                for (long length : lengths) {
                    boolean inside = at + length <= end && source + length <= sourceEnd;
                    if (inside && length > WRITTEN_MAX) {
                        continue;
                    }
                    byte[] written = new byte[inside ? (int) length : 0];
                    for (int i = 0; i < written.length; i++) {
                        written[i] = memories[from].expected(source + i);
                    }
                    run(instance, "copy " + to + " " + from, inside, at, source, length);
                    String what = "copy " + to + " " + from + " " + at + " " + source + " " + length;
                    assertWritten(memories, to, inside ? at : 0, written, what);
                }
            }
        }
    }

    private void init(Instance instance, PatternedMemory[] memories, int memory, int segment) {
        long end = memories[memory].size();
        long segmentEnd = segment < FIRST_DROPPED ? SEGMENT_SIZES[segment] : 0;
        Set<Long> lengths = BoundaryValues.lengths(end);
        lengths.addAll(BoundaryValues.lengths(segmentEnd));
        lengths.add((long) SEGMENT_SIZES[segment]);
        for (long at : BoundaryValues.places(end)) {
            for (long source : BoundaryValues.places(segmentEnd)) {
                for (long length : lengths) {
                    boolean inside = at + length <= end && source + length <= segmentEnd;
                    run(instance, "init " + memory + " " + segment, inside, at, source, length);
                    byte[] written = new byte[inside ? (int) length : 0];
                    Arrays.fill(written, (byte) 0xA7);
                    String what = "init " + memory + " " + segment + " " + at + " " + source + " " + length;
                    assertWritten(memories, memory, inside ? at : 0, written, what);
                }
            }
        }
    }

    private static void assertWritten(PatternedMemory[] memories, int memory, long at, byte[] written, String what) {
        memories[memory].assertWritten(what, at, written);
        if (written.length > 0) {
            memories[1 - memory].assertUnchanged(what + ", the other memory");
        }
    }

    private void run(Instance instance, String name, boolean inside, long... arguments) {
        OperandForm form = OperandForm.ofTurn(turn++);
        Execution execution = Execution.of(instance, turn / 3 % 2 == 0)
                .call(instance.exportedFunction(name + " " + form).orElseThrow(), arguments);
        String what = name + " " + form + " " + Arrays.toString(arguments);
        try {
            execution.run();
            assertThat(inside).as(what + " doesn't trap").isTrue();
        } catch (Trap trap) {
            assertThat(trap.code()).as(what).isEqualTo(Trap.Code.MEMORY_OUT_OF_BOUNDS);
            assertThat(inside).as(what + " traps").isFalse();
            trapped.add(Operations.trapped(execution));
        }
    }
}
