// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

/// A section that is a list: its number of entries and their bytes. Core specification, 5.5.2 "Sections".
final class SectionOutput {
    private final int id;
    private final ByteOutput entries = new ByteOutput();
    private int count;

    SectionOutput(int id) {
        this.id = id;
    }

    /// Where the bytes of the next entry go.
    ByteOutput addEntry() {
        count++;
        return entries;
    }

    int count() {
        return count;
    }

    void writeTo(ByteOutput module) {
        if (count == 0) {
            return;
        }
        ByteOutput content = new ByteOutput();
        content.writeUnsigned(count);
        content.moveTail(entries, 0);
        module.writeByte(id);
        module.moveSized(content);
    }
}
