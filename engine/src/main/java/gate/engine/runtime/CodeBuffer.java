// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.Arrays;

/// The words of a function being translated, and where fuel is charged in them.
///
/// Where fuel is counted, a straight piece of code begins with a word that charges for all its instructions.
final class CodeBuffer {
    private final boolean fuel;
    private long[] words = new long[32];
    private int size;
    private int chargeAt = -1;
    private int charged;

    CodeBuffer(boolean fuel) {
        this.fuel = fuel;
    }

    int size() {
        return size;
    }

    long[] toArray() {
        return Arrays.copyOf(words, size);
    }

    void add(long word) {
        if (size == words.length) {
            words = Arrays.copyOf(words, size + (size >> 1));
        }
        words[size++] = word;
    }

    void emit(int operation, int d, int a, int b) {
        add(Op.word(operation, d, a, b));
    }

    int target(int at) {
        return Op.b(words[at]);
    }

    void setTarget(int at, int target) {
        words[at] = words[at] & 0xFFFF_FFFFL | (long) target << 32;
    }

    /// Says of an entry of a branch table that the suspend flag is to be looked at when it is taken.
    void setPolled(int at) {
        words[at] |= 1;
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
