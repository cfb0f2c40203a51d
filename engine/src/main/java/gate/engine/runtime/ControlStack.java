// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import java.util.Arrays;

/// The blocks open at one point of a translation, innermost last. Kept in chunks, so that opening a block copies
/// little: there can be a million.
final class ControlStack {
    static final int FUNCTION = 0;
    static final int BLOCK = 1;
    static final int LOOP = 2;
    static final int IF = 3;
    static final int ELSE = 4;

    /// No branch to patch.
    static final int NONE = -1;

    private static final int FIELDS = 8;
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_BLOCKS = 1 << CHUNK_BITS;
    private static final int WITHIN = CHUNK_BLOCKS - 1;

    /// Per block: kind, operand height below parameters, parameters, results, a loop's first word or the last of
    /// the branches to be patched, an if's branch to its else, the last branch table that goes there, its stub.
    private int[][] chunks = new int[4][];

    private int chunkCount;
    private int depth;
    private int tables;

    void push(int kind, int height, int parameters, int results) {
        int[] chunk = room();
        int at = (depth & WITHIN) * FIELDS;
        chunk[at] = kind;
        chunk[at + 1] = height;
        chunk[at + 2] = parameters;
        chunk[at + 3] = results;
        chunk[at + 4] = NONE;
        chunk[at + 5] = NONE;
        chunk[at + 6] = 0;
        depth++;
    }

    /// The chunk for one more block. The first begins small, because most functions nest little.
    private int[] room() {
        int number = depth >> CHUNK_BITS;
        if (number == chunkCount) {
            if (number == chunks.length) {
                chunks = Arrays.copyOf(chunks, number * 2);
            }
            chunks[number] = new int[number == 0 ? 16 * FIELDS : CHUNK_BLOCKS * FIELDS];
            chunkCount++;
        } else if (number == 0 && chunks[0].length == depth * FIELDS) {
            chunks[0] = Arrays.copyOf(chunks[0], depth * 2 * FIELDS);
        }
        return chunks[number];
    }

    void pop() {
        depth--;
    }

    int depth() {
        return depth;
    }

    private int field(int relative, int field) {
        int block = depth - 1 - relative;
        return chunks[block >> CHUNK_BITS][(block & WITHIN) * FIELDS + field];
    }

    private void set(int relative, int field, int value) {
        int block = depth - 1 - relative;
        chunks[block >> CHUNK_BITS][(block & WITHIN) * FIELDS + field] = value;
    }

    int kind(int relative) {
        return field(relative, 0);
    }

    void setKind(int kind) {
        set(0, 0, kind);
    }

    int height(int relative) {
        return field(relative, 1);
    }

    int parameters(int relative) {
        return field(relative, 2);
    }

    int results(int relative) {
        return field(relative, 3);
    }

    /// Values that a branch to the label carries.
    int arity(int relative) {
        return field(relative, kind(relative) == LOOP ? 2 : 3);
    }

    /// A loop's first word, or the last branch to be patched.
    int link(int relative) {
        return field(relative, 4);
    }

    void setLink(int relative, int pc) {
        set(relative, 4, pc);
    }

    int elseBranch() {
        return field(0, 5);
    }

    void setElseBranch(int pc) {
        set(0, 5, pc);
    }

    // ---- branch tables ----

    /// A number for a branch table that begins.
    int nextTable() {
        return ++tables;
    }

    boolean isLabelOf(int table, int relative) {
        return field(relative, 6) == table;
    }

    /// How the table goes to a label of it: what [#setLabelOf] was told.
    int tableStub(int relative) {
        return field(relative, 7);
    }

    void setLabelOf(int table, int relative, int stub) {
        set(relative, 6, table);
        set(relative, 7, stub);
    }
}
