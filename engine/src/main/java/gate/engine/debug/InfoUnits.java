// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

import gate.engine.wasm.Module;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads `.debug_info`, of the versions 2 to 5, for its functions: DWARF 5, chapter 7. The entries of a unit are read
/// one after the other, however deep they are within each other; each takes at least one byte for each value read.
final class InfoUnits {
    private static final int TAG_SUBPROGRAM = 0x2E;

    private static final int NAME = 0x03;
    private static final int LOW_PC = 0x11;
    private static final int ABSTRACT_ORIGIN = 0x31;
    private static final int SPECIFICATION = 0x47;
    private static final int LINKAGE_NAME = 0x6E;
    private static final int STR_OFFSETS_BASE = 0x72;
    private static final int ADDR_BASE = 0x73;
    private static final int MIPS_LINKAGE_NAME = 0x2007;
    private static final int GNU_ADDR_BASE = 0x2133;

    private static final int UNIT_TYPE = 2;
    private static final int UNIT_SKELETON = 4;
    private static final int UNIT_SPLIT_COMPILE = 5;
    private static final int UNIT_SPLIT_TYPE = 6;
    private static final int NONE = -1;

    private final CodeOffsets code;
    private final DwarfReader in;
    private final DwarfReader abbreviations;
    private final DwarfReader strings;
    private final DwarfReader lineStrings;
    private final DwarfReader stringOffsets;
    private final DwarfReader addresses;
    private final Map<Long, Abbreviations> tables = new HashMap<>();
    /// Bytes of abbreviation tables read so far. Tables that overlap could make it quadratic.
    private long tableBytes;

    private final Subprograms found;
    private @Nullable String problem;

    private InfoUnits(Module module, CodeOffsets code) {
        this.code = code;
        this.in = DwarfReader.of(module, ".debug_info");
        this.abbreviations = DwarfReader.of(module, ".debug_abbrev");
        this.strings = DwarfReader.of(module, ".debug_str");
        this.lineStrings = DwarfReader.of(module, ".debug_line_str");
        this.stringOffsets = DwarfReader.of(module, ".debug_str_offsets");
        this.addresses = DwarfReader.of(module, ".debug_addr");
        this.found = new Subprograms(module.bytes());
    }

    /// @param problem with what has been left out
    record Read(Subprograms subprograms, Optional<String> problem) {}

    static Read read(Module module, CodeOffsets code) {
        InfoUnits units = new InfoUnits(module, code);
        units.all();
        return new Read(units.found, Optional.ofNullable(units.problem));
    }

    private void all() {
        int sectionEnd = in.end;
        try {
            while (!in.atEnd()) {
                int unitStart = in.position;
                int unitEnd = (int) in.unitLength() + in.position;
                in.end = unitEnd;
                try {
                    new Unit(unitStart).read();
                } catch (MalformedDwarfException e) {
                    note(e);
                }
                in.position = unitEnd;
                in.end = sectionEnd;
            }
        } catch (MalformedDwarfException e) {
            note(e);
        }
    }

    private void note(MalformedDwarfException e) {
        problem = problem == null ? e.getMessage() : problem;
    }

    private Abbreviations table(long offset) throws MalformedDwarfException {
        Abbreviations known = tables.get(offset);
        if (known != null) {
            return known;
        }
        DwarfReader at = abbreviations.at(offset);
        if (tableBytes >= abbreviations.remaining()) {
            throw at.malformed("abbreviation tables that overlap");
        }
        int from = at.position;
        try {
            Abbreviations read = Abbreviations.read(at);
            tables.put(offset, read);
            return read;
        } finally {
            tableBytes += at.position - from;
        }
    }

    /// One unit, and what its first entry says for the others.
    private final class Unit {
        private final int unitStart;
        private int version;
        private int addressBytes;
        private long stringBase;
        private long addressBase;

        // The entry being read.
        private int name;
        private int linkageName;
        private int origin;
        private long address;

        // Values that can be understood only when the whole entry has been read, as it may hold the bases.
        private int nameForm;
        private long nameValue;
        private int linkageForm;
        private long linkageValue;
        private int addressForm;
        private long addressValue;

        Unit(int unitStart) {
            this.unitStart = unitStart;
        }

        void read() throws MalformedDwarfException {
            version = in.u16();
            if (version < 2 || version > 5) {
                throw in.malformed("debug information of version " + version);
            }
            long table = header();
            if (addressBytes != Integer.BYTES && addressBytes != Long.BYTES) {
                throw in.malformed("addresses of " + addressBytes + " bytes");
            }
            stringBase = in.offsetBytes == 4 ? 8 : 16;
            addressBase = stringBase;
            entries(table(table));
        }

        private long header() throws MalformedDwarfException {
            if (version < 5) {
                long table = in.sectionOffset();
                addressBytes = in.u8();
                return table;
            }
            int type = in.u8();
            addressBytes = in.u8();
            long table = in.sectionOffset();
            switch (type) {
                case UNIT_SKELETON, UNIT_SPLIT_COMPILE -> in.u64();
                case UNIT_TYPE, UNIT_SPLIT_TYPE -> {
                    in.u64();
                    in.sectionOffset();
                }
                default -> {}
            }
            return table;
        }

        private void entries(Abbreviations table) throws MalformedDwarfException {
            boolean first = true;
            while (!in.atEnd()) {
                int entry = in.position - in.start;
                long kind = in.unsigned();
                if (kind == 0) {
                    continue; // the end of a list of children
                }
                Abbreviations.Abbreviation abbreviation = table.of(in, kind);
                boolean wanted = abbreviation.tag() == TAG_SUBPROGRAM;
                attributes(abbreviation, first || wanted);
                if (wanted) {
                    resolve();
                    long offset = address < 0 ? NONE : code.ofDwarf(address);
                    boolean there = offset >= 0 && offset < in.bytes.length && code.functionAt(offset) >= 0;
                    found.add(in, entry, name, linkageName, origin, there ? (int) offset : NONE);
                }
                first = false;
            }
        }

        private void attributes(Abbreviations.Abbreviation abbreviation, boolean noted) throws MalformedDwarfException {
            nameForm = NONE;
            linkageForm = NONE;
            addressForm = NONE;
            origin = NONE;
            int[] attributes = abbreviation.attributes();
            for (int i = 0; i < attributes.length; i += 2) {
                int form = attributes[i + 1];
                while (form == Forms.INDIRECT) {
                    form = (int) Math.min(in.unsigned(), Integer.MAX_VALUE);
                }
                long value = Forms.read(in, form, addressBytes, version);
                if (noted) {
                    note(attributes[i], form, value);
                }
            }
        }

        private void note(int attribute, int form, long value) {
            switch (attribute) {
                case NAME -> {
                    nameForm = form;
                    nameValue = value;
                }
                case LINKAGE_NAME, MIPS_LINKAGE_NAME -> {
                    linkageForm = form;
                    linkageValue = value;
                }
                case LOW_PC -> {
                    addressForm = form;
                    addressValue = value;
                }
                case ABSTRACT_ORIGIN, SPECIFICATION -> origin = reference(form, value);
                case STR_OFFSETS_BASE -> stringBase = value;
                case ADDR_BASE, GNU_ADDR_BASE -> addressBase = value;
                default -> {}
            }
        }

        private int reference(int form, long value) {
            long target = switch (form) {
                case Forms.REF1, Forms.REF2, Forms.REF4, Forms.REF8, Forms.REF_UDATA ->
                    value < 0 ? NONE : unitStart - in.start + value;
                case Forms.REF_ADDR -> value;
                default -> NONE;
            };
            return target < 0 || target > Integer.MAX_VALUE ? NONE : (int) target;
        }

        private void resolve() throws MalformedDwarfException {
            name = string(nameForm, nameValue);
            linkageName = string(linkageForm, linkageValue);
            address = switch (addressForm) {
                case Forms.ADDR -> addressValue;
                case Forms.ADDRX, Forms.ADDRX1, Forms.ADDRX2, Forms.ADDRX3, Forms.ADDRX4, Forms.GNU_ADDR_INDEX ->
                    element(addresses, addressBase, addressValue, addressBytes);
                default -> NONE;
            };
        }

        private int string(int form, long value) throws MalformedDwarfException {
            return switch (form) {
                case Forms.STRING -> (int) value;
                case Forms.STRP -> strings.stringAt(value);
                case Forms.LINE_STRP -> lineStrings.stringAt(value);
                case Forms.STRX, Forms.STRX1, Forms.STRX2, Forms.STRX3, Forms.STRX4, Forms.GNU_STR_INDEX ->
                    strings.stringAt(element(stringOffsets, stringBase, value, in.offsetBytes));
                default -> NONE;
            };
        }

        private long element(DwarfReader section, long base, long index, int size) throws MalformedDwarfException {
            if (base < 0 || index < 0 || index > section.remaining() || base > section.remaining()) {
                throw in.malformed("an index beyond " + section.section);
            }
            return section.at(base + index * size).fixed(size);
        }
    }
}
