// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import gate.engine.wasm.Module;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs the line programs of `.debug_line`, of the versions 2 to 5: DWARF 5, 6.2. Each byte of a program makes at most
/// one row, so that time and memory are linear.
final class LinePrograms {
    private final CodeOffsets code;
    private final DwarfReader in;
    private final DwarfReader strings;
    private final DwarfReader lineStrings;
    private final LineTable table;
    private @Nullable String problem;

    private LinePrograms(Module module, CodeOffsets code) {
        this.code = code;
        this.in = DwarfReader.of(module, ".debug_line");
        this.strings = DwarfReader.of(module, ".debug_str");
        this.lineStrings = DwarfReader.of(module, ".debug_line_str");
        this.table = new LineTable(new SourceFiles(module.bytes()));
    }

    /// @param problem with what has been left out
    record Read(LineTable table, Optional<String> problem) {}

    static Read read(Module module, CodeOffsets code) {
        LinePrograms programs = new LinePrograms(module, code);
        programs.all();
        return new Read(programs.table, Optional.ofNullable(programs.problem));
    }

    private void all() {
        int sectionEnd = in.end;
        try {
            while (!in.atEnd()) {
                int unitEnd = (int) in.unitLength() + in.position;
                in.end = unitEnd;
                try {
                    new Unit().read();
                } catch (MalformedDwarfException e) {
                    note(e);
                }
                table.dropSequence();
                in.position = unitEnd;
                in.end = sectionEnd;
            }
        } catch (MalformedDwarfException e) {
            note(e);
        }
        table.complete();
    }

    private void note(MalformedDwarfException e) {
        problem = problem == null ? e.getMessage() : problem;
    }

    /// One line program and its state machine.
    private final class Unit {
        private static final int COPY = 1;
        private static final int ADVANCE_PC = 2;
        private static final int ADVANCE_LINE = 3;
        private static final int SET_FILE = 4;
        private static final int SET_COLUMN = 5;
        private static final int NEGATE_STATEMENT = 6;
        private static final int CONST_ADD_PC = 8;
        private static final int FIXED_ADVANCE_PC = 9;
        private static final int STANDARD_LAST = 12;
        private static final int[] OPERANDS = {0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};

        private static final int END_SEQUENCE = 1;
        private static final int SET_ADDRESS = 2;
        private static final int DEFINE_FILE = 3;

        private final FileEntries entries = new FileEntries(in, strings, lineStrings, table.files);
        private int version;
        private int minimumLength;
        private boolean statementDefault;
        private int lineBase;
        private int lineRange;
        private int opcodeBase;
        private final int[] operandCounts = new int[256];

        private long address;
        private long file;
        private int line;
        private long column;
        private boolean statement;
        private boolean dropped;

        void read() throws MalformedDwarfException {
            version = in.u16();
            if (version < 2 || version > 5) {
                throw in.malformed("line numbers of version " + version);
            }
            if (version == 5) {
                in.u8(); // the size of addresses, which their operations tell too
                in.u8();
            }
            long headerBytes = in.sectionOffset();
            int afterLength = in.position;
            in.skip(headerBytes);
            int program = in.position;
            in.position = afterLength;
            header();
            entries.read(version);
            in.position = program;
            begin();
            while (!in.atEnd()) {
                operation();
            }
        }

        private void header() throws MalformedDwarfException {
            minimumLength = in.u8();
            if (version >= 4) {
                in.u8(); // operations of a long instruction word, which WebAssembly has not
            }
            statementDefault = in.u8() != 0;
            lineBase = (byte) in.u8();
            lineRange = in.u8();
            opcodeBase = in.u8();
            for (int i = 1; i < opcodeBase; i++) {
                operandCounts[i] = in.u8();
            }
        }

        private void begin() {
            address = 0;
            file = 1;
            line = 1;
            column = 0;
            statement = statementDefault;
            dropped = false;
        }

        private void operation() throws MalformedDwarfException {
            int opcode = in.u8();
            if (opcode >= opcodeBase) {
                int adjusted = opcode - opcodeBase;
                advance(adjusted);
                line += lineBase + adjusted % lineRange;
                row();
            } else if (opcode == 0) {
                extended();
            } else if (opcode <= STANDARD_LAST && operandCounts[opcode] == OPERANDS[opcode]) {
                standard(opcode);
            } else {
                for (int i = operandCounts[opcode]; i > 0; i--) {
                    in.unsigned();
                }
            }
        }

        private void standard(int opcode) throws MalformedDwarfException {
            switch (opcode) {
                case COPY -> row();
                case ADVANCE_PC -> address += minimumLength * in.unsigned();
                case ADVANCE_LINE -> line += (int) in.signed();
                case SET_FILE -> file = in.unsigned();
                case SET_COLUMN -> column = in.unsigned();
                case NEGATE_STATEMENT -> statement = !statement;
                case CONST_ADD_PC -> advance(255 - opcodeBase);
                case FIXED_ADVANCE_PC -> address += in.u16();
                default -> {
                    for (int i = operandCounts[opcode]; i > 0; i--) {
                        in.unsigned();
                    }
                }
            }
        }

        private void advance(int adjusted) throws MalformedDwarfException {
            if (lineRange == 0) {
                throw in.malformed("a range of no lines");
            }
            address += (long) minimumLength * (adjusted / lineRange);
        }

        private void extended() throws MalformedDwarfException {
            long length = in.unsigned();
            int from = in.position;
            in.skip(length);
            int next = in.position;
            if (length == 0) {
                return;
            }
            in.position = from;
            switch (in.u8()) {
                case END_SEQUENCE -> endSequence();
                case SET_ADDRESS -> address = in.fixed((int) length - 1);
                case DEFINE_FILE -> entries.define();
                default -> {}
            }
            in.position = next;
        }

        private void row() throws MalformedDwarfException {
            long offset = code.ofDwarf(address);
            if (!dropped && (offset < 0 || offset > in.bytes.length || address < 0)) {
                dropped = true;
                table.dropSequence();
            }
            if (!dropped) {
                table.row(in, (int) offset, entries.file(file), line, column, statement);
            }
        }

        /// Code that the linker has left out is at no function's place.
        private void endSequence() throws MalformedDwarfException {
            row();
            if (dropped || !table.beginsIn(code)) {
                table.dropSequence();
            } else {
                table.endSequence();
            }
            begin();
        }
    }
}
