// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.Arrays;

/// The words of a function being translated, and where fuel is charged in them.
///
/// They are kept in chunks, so that no step of a translation copies more than one: copying the words of the largest
/// function at once, each time that there are twice as many, would take longer than a guest may take to stop.
///
/// Where fuel is counted, a straight piece of code begins with a word that charges for all its instructions.
final class CodeBuffer {
    private static final int CHUNK_BITS = 12;
    static final int CHUNK_WORDS = 1 << CHUNK_BITS;
    private static final int WITHIN = CHUNK_WORDS - 1;
    private static final long[] NONE = {};

    private final boolean fuel;
    private long[][] chunks = new long[4][];
    private int chunkCount = 1;
    /// The last chunk. The first begins small, because most functions are.
    private long[] last = new long[32];

    private int filled;
    private int size;
    private int chargeAt = -1;
    private int charged;

    private long[] joined = NONE;
    private int chunksJoined;

    CodeBuffer(boolean fuel) {
        this.fuel = fuel;
        chunks[0] = last;
    }

    int size() {
        return size;
    }

    /// Copies a chunk into the one array of all words, to which nothing can be added then.
    ///
    /// @return whether that was the last: [#words] has them now
    boolean join() {
        if (chunksJoined == 0) {
            joined = new long[size];
        }
        int from = chunksJoined << CHUNK_BITS;
        System.arraycopy(chunks[chunksJoined], 0, joined, from, Math.min(CHUNK_WORDS, size - from));
        chunks[chunksJoined] = NONE;
        chunksJoined++;
        return chunksJoined == chunkCount;
    }

    int wordsJoined() {
        return chunksJoined << CHUNK_BITS;
    }

    /// All words, once joined.
    long[] words() {
        return joined;
    }

    void add(long word) {
        if (filled == last.length) {
            extend();
        }
        last[filled++] = word;
        size++;
    }

    private void extend() {
        if (filled < CHUNK_WORDS) {
            last = Arrays.copyOf(last, filled * 2);
        } else {
            last = new long[CHUNK_WORDS];
            filled = 0;
            if (chunkCount == chunks.length) {
                chunks = Arrays.copyOf(chunks, chunkCount * 2);
            }
            chunkCount++;
        }
        chunks[chunkCount - 1] = last;
    }

    void emit(int operation, int d, int a, int b) {
        add(Op.word(operation, d, a, b));
    }

    int target(int at) {
        return Op.b(chunks[at >> CHUNK_BITS][at & WITHIN]);
    }

    void setTarget(int at, int target) {
        long[] chunk = chunks[at >> CHUNK_BITS];
        chunk[at & WITHIN] = chunk[at & WITHIN] & 0xFFFF_FFFFL | (long) target << 32;
    }

    /// Says of an entry of a branch table that the suspend flag is to be looked at when it is taken.
    void setPolled(int at) {
        chunks[at >> CHUNK_BITS][at & WITHIN] |= 1;
    }

    // ---- fuel ----

    /// Begins a piece of code; `poll` where execution may stop for want of fuel.
    void beginPiece(boolean poll) {
        if (!fuel) {
            return;
        }
        endPiece();
        chargeAt = size;
        emit(poll ? Op.FUEL_POLL : Op.FUEL, 0, 0, 0);
    }

    /// Counts an instruction that executes in the current piece.
    void count() {
        charged++;
    }

    /// Instructions of the current piece counted so far.
    int counted() {
        return charged;
    }

    /// Where the current piece is charged, or -1.
    int chargeAt() {
        return chargeAt;
    }

    void endPiece() {
        if (chargeAt >= 0) {
            setTarget(chargeAt, charged);
        }
        chargeAt = -1;
        charged = 0;
    }
}
