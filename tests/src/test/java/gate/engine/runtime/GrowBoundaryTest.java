// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;
import gate.engine.wasm.ValueType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// However a memory grows while a function runs, that function's next access sees it where and as large as it is.
@Timeout(60)
class GrowBoundaryTest {
    /// Ways to grow memory 0 by the pages in local 1, between two accesses of a function.
    enum Growth {
        HERE("(drop (memory.grow 0 (local.get 1)))"),
        /// The same memory imported a second time.
        BY_OTHER_INDEX("(drop (memory.grow 1 (local.get 1)))"),
        IN_CALLEE("(call $grow (local.get 1))"),
        IN_INDIRECT_CALLEE("(call_indirect (type $grows) (local.get 1) (i32.const 0))"),
        IN_CALLEE_OF_REFERENCE("(call_ref $grows (local.get 1) (ref.func $grow))"),
        IN_TAIL_CALLEE("(call $tail (local.get 1))"),
        IN_HOST("(call $host (local.get 1))"),
        IN_OTHER_INSTANCE("(call $other (local.get 1))"),
        IN_OTHER_INSTANCE_BY_TABLE("(call_indirect (type $grows) (local.get 1) (i32.const 1))"),
        /// A host function runs another execution.
        IN_OTHER_EXECUTION("(call $nested (local.get 1))");

        private final String code;

        Growth(String code) {
            this.code = code;
        }
    }

    private static final String TEXT = """
            (module
              (type $grows (func (param i32)))
              (import "" "host" (func $host (type $grows)))
              (import "" "other" (func $other (type $grows)))
              (import "" "nested" (func $nested (type $grows)))
              (import "" "memory" (memory 1))
              (import "" "memory" (memory 1))
              (table funcref (elem $grow $other))
              (func $grow (type $grows) (drop (memory.grow (local.get 0))))
              (func $tail (type $grows) (return_call $grow (local.get 0)))
            """;

    /// Its own first memory is another one.
    private static final Module GROWING =
            parse("(module (import \"\" \"own\" (memory 1)) (import \"\" \"memory\" (memory 1))"
                    + " (func (export \"grow\") (param i32)"
                    + " (drop (i32.load (i32.const 0))) (drop (memory.grow 1 (local.get 0)))))");

    /// Pages to grow by, one after the other; the second is refused.
    private static final List<Integer> DELTAS = List.of(1, Memory.PAGES_MAX, 17);

    private static final byte LAST_BYTES = (byte) 0xA5;

    private static Module parse(String text) {
        return Module.parse(TextFormat.toBinary(text, TextLimits.defaults()));
    }

    @ParameterizedTest
    @EnumSource
    void accessesAfterGrowingSeeTheGrownMemory(Growth growth) {
        StringBuilder text = new StringBuilder(TEXT);
        for (AccessInstruction instruction : AccessInstruction.all()) {
            String name = instruction.name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");
            String type = ValueType.name(instruction.valueType());
            text.append("(func (export \"").append(instruction.name()).append("\") (param i32 i32");
            text.append(instruction.isStore() ? " " + type + ")" : ") (result " + type + ")");
            text.append(" (drop (i32.load8_u (i32.const 0)))").append(growth.code);
            text.append(" (").append(name).append(" (local.get 0)");
            text.append(instruction.isStore() ? " (local.get 2)))\n" : "))\n");
        }
        Module module = parse(text.append(")").toString());
        for (MemoryBackend backend : List.of(MemoryBackend.arena(), MemoryBackend.mapped())) {
            for (AccessInstruction instruction : AccessInstruction.all()) {
                check(backend, module, instruction);
            }
        }
    }

    private static void check(MemoryBackend backend, Module module, AccessInstruction instruction) {
        int width = instruction.width();
        try (Store store = new Store();
                Memory other = backend.allocate(new MemoryShape(1, 1, true, 1));
                Memory memory = backend.allocate(new MemoryShape(1, Memory.PAGES_MAX, false, Memory.PAGES_MAX))) {
            Instance instance = store.allocate(module, imports(store, module, memory, other));
            Execution.instantiate(instance).run();
            for (int beyond = -1; beyond <= 1; beyond++) {
                for (int delta : DELTAS) {
                    long end = memory.byteSize();
                    long after = delta == Memory.PAGES_MAX ? end : end + (long) delta * Memory.PAGE_BYTES;
                    access(instance, memory, instruction, delta, after - width + beyond, after);
                    // The last that was there before: its first half, if it grew.
                    long grown = memory.byteSize() + (delta == Memory.PAGES_MAX ? 0 : (long) delta << 16);
                    access(instance, memory, instruction, delta, memory.byteSize() - (width + 1) / 2, grown);
                }
            }
        }
    }

    /// @param end size of the memory after growing
    private static void access(
            Instance instance, Memory memory, AccessInstruction instruction, int delta, long address, long end) {
        long before = memory.byteSize();
        memory.slice(before - 8, 8).fill(LAST_BYTES);
        long value = 0x8182_8384_8586_8788L;
        int function = instance.exportedFunction(instruction.name()).orElseThrow();
        Execution execution = Execution.of(instance, false);
        if (instruction.isStore()) {
            execution.call(function, address, delta, value);
        } else {
            execution.call(function, address, delta);
        }
        boolean inside = address + instruction.width() <= end;
        String what = instruction + " at " + address + " of " + before + " bytes that became " + end;
        try {
            execution.run();
            assertThat(inside).as(what).isTrue();
        } catch (Trap trap) {
            assertThat(trap.code()).as(what).isEqualTo(Trap.Code.MEMORY_OUT_OF_BOUNDS);
            assertThat(inside).as(what + " traps").isFalse();
        }
        assertThat(memory.byteSize()).as(what).isEqualTo(end);
        for (long at = before - 8; at < end; at = nextLookedAt(at, before, address)) {
            boolean stored = inside && instruction.isStore() && at >= address && at < address + instruction.width();
            byte expected = stored ? (byte) (value >>> 8 * (at - address)) : at < before ? LAST_BYTES : 0;
            if (memory.loadByte(at) != expected) {
                fail(what + ": byte at " + at + " is " + memory.loadByte(at) + " and not " + expected);
            }
        }
        if (inside && !instruction.isStore()) {
            assertThat(execution.results()[0]).as(what).isEqualTo(instruction.loaded(bytes(memory, address)));
        }
        memory.slice(before - 8, 8).fill((byte) 0);
        if (inside) {
            memory.slice(address, instruction.width()).fill((byte) 0);
        }
    }

    /// Bytes around the end before growing, and around the address.
    private static long nextLookedAt(long at, long before, long address) {
        long next = at + 1;
        if (next == address + 16) {
            return Long.MAX_VALUE;
        }
        return next > before + 16 && next < address - 16 ? address - 16 : next;
    }

    private static long bytes(Memory memory, long address) {
        long value = 0;
        for (long at = Math.min(address + 8, memory.byteSize()) - 1; at >= address; at--) {
            value = value << 8 | memory.loadByte(at) & 0xFF;
        }
        return value;
    }

    private static Imports imports(Store store, Module module, Memory memory, Memory otherMemory) {
        Instance other = store.allocate(
                GROWING,
                wanted -> Optional.of(new ImportValue.OfMemory(wanted.name().equals("own") ? otherMemory : memory)));
        Execution.instantiate(other).run();
        int grow = other.exportedFunction("grow").orElseThrow();
        FunctionType type = module.functionType(0);
        HostFunction host = call -> {
            memory.grow(call.i32(0));
            return HostFunction.Outcome.DONE;
        };
        HostFunction nested = call -> {
            Execution.of(other, false).call(grow, call.i32(0)).run();
            return HostFunction.Outcome.DONE;
        };
        return wanted -> Optional.of(
                switch (wanted.name()) {
                    case "memory" -> new ImportValue.OfMemory(memory);
                    case "host" -> new ImportValue.Host(host, type);
                    case "nested" -> new ImportValue.Host(nested, type);
                    default -> new ImportValue.Function(other, grow);
                });
    }

    /// An arena memory has more bytes than the guest may reach, to grow into.
    @Test
    void bytesReservedForGrowingAreOutside() {
        try (Memory memory =
                MemoryBackend.arena().allocate(new MemoryShape(1, Memory.PAGES_MAX, false, Memory.PAGES_MAX))) {
            assertThat(memory.grow(1)).isEqualTo(1);
            assertThat(memory.segment.byteSize()).isGreaterThan(memory.byteSize());
            Module module = parse(
                    "(module (import \"\" \"memory\" (memory 1))"
                            + " (func (export \"store\") (param i32) (i64.store (local.get 0) (i64.const -1)))"
                            + " (func (export \"fill\") (param i32) (memory.fill (local.get 0) (i32.const 255) (i32.const 8))))");
            try (Store store = new Store()) {
                Instance instance = store.allocate(module, wanted -> Optional.of(new ImportValue.OfMemory(memory)));
                for (String name : List.of("store", "fill")) {
                    for (long address = memory.byteSize() - 7; address <= memory.byteSize() + 8; address++) {
                        Execution execution = Execution.of(instance, false)
                                .call(instance.exportedFunction(name).orElseThrow(), address);
                        try {
                            execution.run();
                            fail(name + " at " + address + " doesn't trap");
                        } catch (Trap trap) {
                            assertThat(trap.code()).isEqualTo(Trap.Code.MEMORY_OUT_OF_BOUNDS);
                        }
                    }
                }
                byte[] all = memory.segment.toArray(Memory.BYTE);
                assertThat(all).containsOnly(0);
            }
        }
    }
}
