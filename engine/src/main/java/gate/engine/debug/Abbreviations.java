// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// One table of `.debug_abbrev`: DWARF 5, 7.5.3 "Abbreviations Tables".
final class Abbreviations {
    /// What entries of one kind look like.
    ///
    /// @param attributes names and forms, one after the other, of those whose values take bytes: the others are
    ///     left out, so that reading an entry takes no longer than its bytes allow
    record Abbreviation(int tag, int[] attributes) {}

    private final Map<Long, Abbreviation> byCode = new HashMap<>();
    /// Where the table ends.
    private int end;

    private Abbreviations() {}

    static Abbreviations read(DwarfReader in) throws MalformedDwarfException {
        Abbreviations table = new Abbreviations();
        int[] attributes = new int[32];
        while (true) {
            long code = in.unsigned();
            if (code == 0) {
                table.end = in.position;
                return table;
            }
            int tag = (int) Math.min(in.unsigned(), Integer.MAX_VALUE);
            in.u8(); // whether it has children, which are read one after the other all the same
            int count = 0;
            while (true) {
                int name = (int) Math.min(in.unsigned(), Integer.MAX_VALUE);
                int form = (int) Math.min(in.unsigned(), Integer.MAX_VALUE);
                if (form == Forms.IMPLICIT_CONST) {
                    in.signed();
                }
                if (name == 0 && form == 0) {
                    break;
                }
                if (Forms.isEmpty(form)) {
                    continue;
                }
                if (count == attributes.length) {
                    attributes = Arrays.copyOf(attributes, 2 * count);
                }
                attributes[count++] = name;
                attributes[count++] = form;
            }
            table.byCode.put(code, new Abbreviation(tag, Arrays.copyOf(attributes, count)));
        }
    }

    Abbreviation of(DwarfReader in, long code) throws MalformedDwarfException {
        Abbreviation found = byCode.get(code);
        if (found == null) {
            throw in.malformed("an entry of the unknown kind " + Long.toUnsignedString(code));
        }
        return found;
    }

    /// Offset in the module behind the table.
    int end() {
        return end;
    }
}
