// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// A `br_table` being translated, an entry in each step: it can have millions of them, and translation must be able to
/// stop between any two.
///
/// First their words are made, so that stubs can follow them; then each is linked. Where operands have to be moved, an
/// entry goes to a stub that does it; there is one for each label.
final class BranchTable {
    private static final int DIRECT = -1;

    private final Translator translator;
    private final CodeBuffer code;
    private final ControlStack control;
    private final int number;
    private final int targets;
    private final int first;
    private final int entries;
    private int reserved;
    private int linked;

    /// @param translator that has emitted the table's own word and read the number of its targets
    BranchTable(Translator translator, ControlStack control, int entries) {
        this.translator = translator;
        this.code = translator.code;
        this.control = control;
        this.number = control.nextTable();
        this.targets = translator.in.position;
        this.first = code.size();
        this.entries = entries;
    }

    /// @return whether that was the last step
    boolean step() {
        if (reserved < entries) {
            translator.in.u32();
            code.add(-1L << 32);
            reserved++;
            if (reserved == entries) {
                code.endPiece();
                translator.in.position = targets;
            }
            return false;
        }
        link(translator.in.u32(), first + linked);
        linked++;
        return linked == entries;
    }

    private void link(int depth, int word) {
        if (!control.isLabelOf(number, depth)) {
            control.setLabelOf(number, depth, stub(depth));
        }
        int stub = control.tableStub(depth);
        if (stub == DIRECT) {
            code.setPolled(word);
            translator.link(depth, word);
        } else {
            code.setTarget(word, stub);
        }
    }

    private int stub(int depth) {
        if (!translator.needsMoves(depth)) {
            return DIRECT;
        }
        int stub = code.size();
        translator.jump(depth);
        return stub;
    }
}
