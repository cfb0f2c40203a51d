// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The back-end of [MemoryBackend#arena()].
@SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the memory and is closed with it
final class ArenaMemory extends Memory {
    private static final long CAPACITY_STEP = 16L * PAGE_BYTES;

    private Arena arena;

    private ArenaMemory(Arena arena, MemorySegment segment, MemoryShape shape) {
        super(segment, 0, (long) shape.initialPages() * PAGE_BYTES, shape);
        this.arena = arena;
    }

    static Memory allocate(MemoryShape shape) {
        Arena arena = Arena.ofShared();
        try {
            return new ArenaMemory(arena, arena.allocate((long) shape.initialPages() * PAGE_BYTES, 64), shape);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    @Override
    boolean resize(long newBytes) {
        if (newBytes > segment.byteSize()) {
            long ceiling = (long) maximumPages() * PAGE_BYTES;
            long wanted = Math.min(ceiling, Math.max(newBytes, limit + Math.max(CAPACITY_STEP, limit / 2)));
            if (!reallocate(wanted) && !reallocate(newBytes)) {
                return false;
            }
        }
        limit = newBytes;
        return true;
    }

    private boolean reallocate(long capacity) {
        Arena larger = Arena.ofShared();
        MemorySegment target;
        try {
            target = larger.allocate(capacity, 64);
        } catch (OutOfMemoryError e) {
            larger.close();
            return false;
        }
        MemorySegment.copy(segment, 0, target, 0, limit);
        arena.close();
        arena = larger;
        segment = target;
        return true;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            limit = 0;
        }
    }
}
