// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Rows of all line programs that are about code that is there: DWARF 5, 6.2 "Line Number Information". They come in
/// sequences, within which addresses ascend.
final class LineTable {
    /// Rows of all line programs together: 256 MiB.
    static final int LINE_ROWS_MAX = 16_777_216;

    private static final int COLUMN_MAX = 0x3FFF_FFFF;

    final SourceFiles files;

    private int[] offsets = new int[64];
    private int[] rowFiles = new int[64];
    private int[] lines = new int[64];
    /// Columns, times two, plus one where a statement begins.
    private int[] columns = new int[64];
    private int count;

    /// First rows of the sequences that are complete.
    private int[] sequences = new int[16];
    private int sequenceCount;
    /// Where the next sequence begins.
    private int open;
    /// Sequences by the offsets at which they begin, and their numbers.
    private long[] sorted = {};

    LineTable(SourceFiles files) {
        this.files = files;
    }

    // ---- building ----

    void row(DwarfReader in, int offset, int file, int line, long column, boolean statement)
            throws MalformedDwarfException {
        if (count == LINE_ROWS_MAX) {
            throw in.malformed("more than " + LINE_ROWS_MAX + " lines");
        }
        if (count > open && offset < offsets[count - 1]) {
            throw in.malformed("addresses that don't ascend");
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            rowFiles = Arrays.copyOf(rowFiles, 2 * count);
            lines = Arrays.copyOf(lines, 2 * count);
            columns = Arrays.copyOf(columns, 2 * count);
        }
        offsets[count] = offset;
        rowFiles[count] = file;
        lines[count] = line;
        columns[count++] = Math.clamp(column, 0, COLUMN_MAX) << 1 | (statement ? 1 : 0);
    }

    /// The last row added is behind the end of its sequence.
    void endSequence() {
        if (sequenceCount == sequences.length) {
            sequences = Arrays.copyOf(sequences, 2 * sequenceCount);
        }
        sequences[sequenceCount++] = open;
        open = count;
    }

    /// Whether the sequence that hasn't ended begins in a function.
    boolean beginsIn(CodeOffsets code) {
        return count > open && code.functionAt(offsets[open]) >= 0;
    }

    /// Forgets the rows of the sequence that hasn't ended.
    void dropSequence() {
        count = open;
    }

    /// No more rows come.
    void complete() {
        dropSequence();
        sorted = new long[sequenceCount];
        for (int i = 0; i < sequenceCount; i++) {
            sorted[i] = (long) offsets[sequences[i]] << 32 | i;
        }
        Arrays.sort(sorted);
        offsets = Arrays.copyOf(offsets, count);
        rowFiles = Arrays.copyOf(rowFiles, count);
        lines = Arrays.copyOf(lines, count);
        columns = Arrays.copyOf(columns, count);
    }

    // ---- asking ----

    boolean isEmpty() {
        return count == 0;
    }

    /// The last row of a sequence, which is behind it.
    private int lastRow(int sequence) {
        return (sequence + 1 < sequenceCount ? sequences[sequence + 1] : count) - 1;
    }

    /// Where an instruction comes from.
    Optional<SourceLine> lineAt(int offset) {
        int row = rowAt(offset);
        return row < 0 || lines[row] <= 0
                ? Optional.empty()
                : Optional.of(new SourceLine(files.path(rowFiles[row]), lines[row], columns[row] >>> 1));
    }

    private int rowAt(int offset) {
        int found = Arrays.binarySearch(sorted, ((long) offset + 1) << 32);
        int place = found >= 0 ? found - 1 : -found - 2;
        if (place < 0) {
            return -1;
        }
        int sequence = (int) sorted[place];
        int low = sequences[sequence];
        int high = lastRow(sequence);
        if (offset >= offsets[high]) {
            return -1;
        }
        while (low < high) { // the last row that isn't behind the offset
            int middle = low + high + 1 >>> 1;
            if (offsets[middle] <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /// Offsets at which statements of a line begin, in the order of the line programs.
    IntStream offsetsOf(String file, int line) {
        BitSet wanted = matching(file);
        return IntStream.range(0, count)
                .filter(row -> lines[row] == line && isStatement(row) && wanted.get(rowFiles[row]))
                .map(row -> offsets[row]);
    }

    /// The first line behind one that has code.
    OptionalInt nextLine(String file, int line) {
        BitSet wanted = matching(file);
        return IntStream.range(0, count)
                .filter(row -> lines[row] > line && isStatement(row) && wanted.get(rowFiles[row]))
                .map(row -> lines[row])
                .min();
    }

    boolean hasFile(String file) {
        return !matching(file).isEmpty();
    }

    private BitSet matching(String suffix) {
        BitSet found = new BitSet();
        for (int i = 0; i < files.count(); i++) {
            if (files.matches(i, suffix)) {
                found.set(i);
            }
        }
        return found;
    }

    /// Offsets at which statements begin, in the order of the line programs.
    IntStream statements() {
        return IntStream.range(0, count)
                .filter(row -> lines[row] > 0 && isStatement(row))
                .map(row -> offsets[row]);
    }

    private boolean isStatement(int row) {
        if ((columns[row] & 1) == 0 || rowFiles[row] < 0) {
            return false;
        }
        // The last row of a sequence is behind its code.
        int sequence = Arrays.binarySearch(sequences, 0, sequenceCount, row + 1);
        return sequence < 0 && row + 1 < count;
    }
}
