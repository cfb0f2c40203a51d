// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.DataSegment;
import java.lang.foreign.MemorySegment;

/// Bulk memory and table instructions: core specification 4.4.6 and 4.4.7.
///
/// They work in chunks. Between chunks, what remains stands in their operands, so that they can stop there and be
/// executed again, here or elsewhere.
final class BulkOperations {
    /// Bytes between two looks at the suspend flag: some 100 µs of copying. A multiple of [#BYTES_PER_FUEL].
    private static final int CHUNK_BYTES = 1 << 18;

    /// Elements between two looks: below 1 ms also before the JVM has compiled the loop. A multiple of
    /// [#ELEMENTS_PER_FUEL].
    private static final int CHUNK_ELEMENTS = 1 << 12;

    private static final int BYTES_PER_FUEL = 64;
    private static final int ELEMENTS_PER_FUEL = 8;
    private static final long MASK = 0xFFFF_FFFFL;

    private BulkOperations() {}

    /// @param at slot of the first operand
    static int execute(Machine x, int opcode, int at, int immediate) {
        long[] st = x.stack;
        Instance instance = x.instance;
        switch (opcode) {
            case TABLE_SIZE -> st[at] = instance.tables[immediate].size;
            case TABLE_GROW -> st[at] = instance.tables[immediate].grow((int) st[at + 1], st[at]);
            case DATA_DROP -> instance.droppedData[immediate] = true;
            case ELEM_DROP -> instance.dropElements(immediate);
            case MEMORY_FILL -> {
                return fill(x, instance.memories[immediate], at);
            }
            case TABLE_FILL -> {
                return fill(x, instance.tables[immediate], at);
            }
            default -> {
                int second = (int) x.current.words()[x.pc];
                int status = switch (opcode) {
                    case MEMORY_COPY -> copy(x, instance.memories[immediate], instance.memories[second], at);
                    case TABLE_COPY -> copy(x, instance.tables[immediate], instance.tables[second], at);
                    case MEMORY_INIT -> initMemory(x, immediate, instance.memories[second], at);
                    default -> initTable(x, immediate, instance.tables[second], at);
                };
                x.pc++;
                return status;
            }
        }
        return 0;
    }

    /// Writes back what remains after a chunk.
    ///
    /// @return whether to stop here
    private static boolean stopAfter(Machine x, int at, long remaining, int chunk, int perFuel) {
        if (x.counting) {
            x.fuel -= chunk / perFuel;
        }
        x.stack[at + 2] = (int) remaining;
        return remaining > 0 && x.isSuspendRequested();
    }

    private static void checkMemory(long address, long count, long size) {
        if (address + count > size) {
            throw new Trap(Trap.Code.MEMORY_OUT_OF_BOUNDS);
        }
    }

    private static void checkTable(long index, long count, long size) {
        if (index + count > size) {
            throw new Trap(Trap.Code.TABLE_OUT_OF_BOUNDS);
        }
    }

    private static int fill(Machine x, Memory memory, int at) {
        long[] st = x.stack;
        long count = st[at + 2] & MASK;
        checkMemory(st[at] & MASK, count, memory.limit);
        byte value = (byte) st[at + 1];
        while (count > 0) {
            int chunk = (int) Math.min(count, CHUNK_BYTES);
            memory.slice(st[at] & MASK, chunk).fill(value);
            count -= chunk;
            st[at] = (int) (st[at] + chunk);
            if (stopAfter(x, at, count, chunk, BYTES_PER_FUEL)) {
                return Interpreter.SUSPENDED;
            }
        }
        return 0;
    }

    private static int copy(Machine x, Memory target, Memory source, int at) {
        long[] st = x.stack;
        long count = st[at + 2] & MASK;
        checkMemory(st[at] & MASK, count, target.limit);
        checkMemory(st[at + 1] & MASK, count, source.limit);
        boolean upwards = target != source || (st[at] & MASK) <= (st[at + 1] & MASK);
        while (count > 0) {
            int chunk = (int) Math.min(count, CHUNK_BYTES);
            count -= chunk;
            long skipped = upwards ? 0 : count;
            MemorySegment from = source.slice((st[at + 1] & MASK) + skipped, chunk);
            MemorySegment.copy(from, 0, target.slice((st[at] & MASK) + skipped, chunk), 0, chunk);
            if (upwards) {
                st[at] = (int) (st[at] + chunk);
                st[at + 1] = (int) (st[at + 1] + chunk);
            }
            if (stopAfter(x, at, count, chunk, BYTES_PER_FUEL)) {
                return Interpreter.SUSPENDED;
            }
        }
        return 0;
    }

    private static int initMemory(Machine x, int segment, Memory target, int at) {
        long[] st = x.stack;
        DataSegment data = x.instance.module().dataSegment(segment);
        long size = x.instance.droppedData[segment] ? 0 : data.size();
        long count = st[at + 2] & MASK;
        checkMemory(st[at + 1] & MASK, count, size);
        checkMemory(st[at] & MASK, count, target.limit);
        while (count > 0) {
            int chunk = (int) Math.min(count, CHUNK_BYTES);
            int from = data.start() + (int) st[at + 1];
            target.slice(st[at] & MASK, chunk)
                    .copyFrom(MemorySegment.ofArray(x.instance.module().bytes()).asSlice(from, chunk));
            count -= chunk;
            st[at] = (int) (st[at] + chunk);
            st[at + 1] = (int) (st[at + 1] + chunk);
            if (stopAfter(x, at, count, chunk, BYTES_PER_FUEL)) {
                return Interpreter.SUSPENDED;
            }
        }
        return 0;
    }

    private static int fill(Machine x, Table table, int at) {
        long[] st = x.stack;
        long count = st[at + 2] & MASK;
        checkTable(st[at] & MASK, count, table.size);
        while (count > 0) {
            int chunk = (int) Math.min(count, CHUNK_ELEMENTS);
            int from = (int) st[at];
            table.fill(from, chunk, st[at + 1]);
            count -= chunk;
            st[at] = from + chunk;
            if (stopAfter(x, at, count, chunk, ELEMENTS_PER_FUEL)) {
                return Interpreter.SUSPENDED;
            }
        }
        return 0;
    }

    private static int copy(Machine x, Table target, Table source, int at) {
        long[] st = x.stack;
        long count = st[at + 2] & MASK;
        checkTable(st[at] & MASK, count, target.size);
        checkTable(st[at + 1] & MASK, count, source.size);
        boolean upwards = target != source || (st[at] & MASK) <= (st[at + 1] & MASK);
        while (count > 0) {
            int chunk = (int) Math.min(count, CHUNK_ELEMENTS);
            count -= chunk;
            int skipped = upwards ? 0 : (int) count;
            move(source, (int) st[at + 1] + skipped, target, (int) st[at] + skipped, chunk, upwards);
            if (upwards) {
                st[at] = (int) (st[at] + chunk);
                st[at + 1] = (int) (st[at + 1] + chunk);
            }
            if (stopAfter(x, at, count, chunk, ELEMENTS_PER_FUEL)) {
                return Interpreter.SUSPENDED;
            }
        }
        return 0;
    }

    private static void move(Table source, int from, Table target, int to, int count, boolean upwards) {
        for (int i = 0; i < count; i++) {
            int offset = upwards ? i : count - 1 - i;
            target.put(to + offset, source.at(from + offset));
        }
    }

    private static int initTable(Machine x, int segment, Table target, int at) {
        long[] st = x.stack;
        boolean dropped = x.instance.droppedElements[segment];
        long size = dropped ? 0 : x.instance.module().elementSegment(segment).count();
        long count = st[at + 2] & MASK;
        checkTable(st[at + 1] & MASK, count, size);
        checkTable(st[at] & MASK, count, target.size);
        if (count == 0) {
            return 0;
        }
        ElementValues values = x.instance.elementValues(segment, x::isSuspendRequested);
        if (values == null) {
            return Interpreter.SUSPENDED;
        }
        while (count > 0) {
            int chunk = (int) Math.min(count, CHUNK_ELEMENTS);
            for (int i = 0; i < chunk; i++) {
                target.put((int) st[at] + i, values.at((int) st[at + 1] + i));
            }
            count -= chunk;
            st[at] = (int) (st[at] + chunk);
            st[at + 1] = (int) (st[at + 1] + chunk);
            if (stopAfter(x, at, count, chunk, ELEMENTS_PER_FUEL)) {
                return Interpreter.SUSPENDED;
            }
        }
        return 0;
    }
}
