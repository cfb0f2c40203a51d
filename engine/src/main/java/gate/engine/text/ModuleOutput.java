// SPDX-License-Identifier: Apache-2.0
package gate.engine.text;

import java.util.List;

/// The sections of the module that is being written, in the order that the binary format wants.
///
/// Core specification, 5.5 "Modules".
final class ModuleOutput {
    private static final int START = 8;
    private static final int DATA_COUNT = 12;

    /// The magic number and the version.
    private static final byte[] PREAMBLE = {0x00, 'a', 's', 'm', 0x01, 0x00, 0x00, 0x00};

    final SectionOutput imports = new SectionOutput(2);
    final SectionOutput functions = new SectionOutput(3);
    final SectionOutput tables = new SectionOutput(4);
    final SectionOutput memories = new SectionOutput(5);
    final SectionOutput globals = new SectionOutput(6);
    final SectionOutput exports = new SectionOutput(7);
    final SectionOutput elements = new SectionOutput(9);
    final SectionOutput code = new SectionOutput(10);
    final SectionOutput data = new SectionOutput(11);

    /// The index of the start function, in binary; empty without one.
    final ByteOutput start = new ByteOutput();

    byte[] toBinary(List<Signature> types, boolean dataUsedByCode, NameSection names) {
        ByteOutput module = new ByteOutput();
        module.write(PREAMBLE);
        typeSection(types).writeTo(module);
        for (SectionOutput section : List.of(imports, functions, tables, memories, globals, exports)) {
            section.writeTo(module);
        }
        if (start.size() > 0) {
            module.writeByte(START);
            module.moveSized(start);
        }
        elements.writeTo(module);
        if (dataUsedByCode) {
            ByteOutput count = new ByteOutput();
            count.writeUnsigned(data.count());
            module.writeByte(DATA_COUNT);
            module.moveSized(count);
        }
        code.writeTo(module);
        data.writeTo(module);
        names.writeTo(module);
        return module.toByteArray();
    }

    private static SectionOutput typeSection(List<Signature> types) {
        SectionOutput section = new SectionOutput(1);
        for (Signature type : types) {
            ByteOutput entry = section.addEntry();
            entry.writeByte(Types.FUNCTION);
            type.write(entry);
        }
        return section;
    }
}
