// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

/// How attributes are encoded: DWARF 5, 7.5.6 "Form Encodings", and those of earlier versions, with GNU's.
final class Forms {
    static final int ADDR = 0x01;
    static final int BLOCK2 = 0x03;
    static final int BLOCK4 = 0x04;
    static final int DATA2 = 0x05;
    static final int DATA4 = 0x06;
    static final int DATA8 = 0x07;
    static final int STRING = 0x08;
    static final int BLOCK = 0x09;
    static final int BLOCK1 = 0x0A;
    static final int DATA1 = 0x0B;
    static final int FLAG = 0x0C;
    static final int SDATA = 0x0D;
    static final int STRP = 0x0E;
    static final int UDATA = 0x0F;
    static final int REF_ADDR = 0x10;
    static final int REF1 = 0x11;
    static final int REF2 = 0x12;
    static final int REF4 = 0x13;
    static final int REF8 = 0x14;
    static final int REF_UDATA = 0x15;
    static final int INDIRECT = 0x16;
    static final int SEC_OFFSET = 0x17;
    static final int EXPRLOC = 0x18;
    static final int FLAG_PRESENT = 0x19;
    static final int STRX = 0x1A;
    static final int ADDRX = 0x1B;
    static final int REF_SUP4 = 0x1C;
    static final int STRP_SUP = 0x1D;
    static final int DATA16 = 0x1E;
    static final int LINE_STRP = 0x1F;
    static final int REF_SIG8 = 0x20;
    static final int IMPLICIT_CONST = 0x21;
    static final int LOCLISTX = 0x22;
    static final int RNGLISTX = 0x23;
    static final int REF_SUP8 = 0x24;
    static final int STRX1 = 0x25;
    static final int STRX2 = 0x26;
    static final int STRX3 = 0x27;
    static final int STRX4 = 0x28;
    static final int ADDRX1 = 0x29;
    static final int ADDRX2 = 0x2A;
    static final int ADDRX3 = 0x2B;
    static final int ADDRX4 = 0x2C;
    static final int GNU_ADDR_INDEX = 0x1F01;
    static final int GNU_STR_INDEX = 0x1F02;
    static final int GNU_REF_ALT = 0x1F20;
    static final int GNU_STRP_ALT = 0x1F21;

    private Forms() {}

    /// Whether a value takes no bytes.
    static boolean isEmpty(int form) {
        return form == FLAG_PRESENT || form == IMPLICIT_CONST;
    }

    /// Reads a value: a number, an index, an offset into another section; of a string in place, its offset in the
    /// module; of a block, its length. Each takes at least one byte, but for the empty ones.
    ///
    /// @param addressBytes of the unit
    /// @param version of the unit
    static long read(DwarfReader in, int form, int addressBytes, int version) throws MalformedDwarfException {
        return switch (form) {
            case ADDR -> in.fixed(addressBytes);
            case DATA1, FLAG, REF1, STRX1, ADDRX1 -> in.u8();
            case DATA2, REF2, STRX2, ADDRX2 -> in.u16();
            case STRX3, ADDRX3 -> in.fixed(3);
            case DATA4, REF4, REF_SUP4, STRX4, ADDRX4 -> in.u32();
            case DATA8, REF8, REF_SIG8, REF_SUP8 -> in.u64();
            case UDATA, REF_UDATA, STRX, ADDRX, LOCLISTX, RNGLISTX, GNU_ADDR_INDEX, GNU_STR_INDEX -> in.unsigned();
            case SDATA -> in.signed();
            case STRING -> in.string();
            case STRP, SEC_OFFSET, STRP_SUP, LINE_STRP, GNU_REF_ALT, GNU_STRP_ALT -> in.sectionOffset();
            case REF_ADDR -> version <= 2 ? in.fixed(addressBytes) : in.sectionOffset();
            case FLAG_PRESENT, IMPLICIT_CONST -> 0;
            case DATA16 -> block(in, 16);
            case BLOCK1 -> block(in, in.u8());
            case BLOCK2 -> block(in, in.u16());
            case BLOCK4 -> block(in, in.u32());
            case BLOCK, EXPRLOC -> block(in, in.unsigned());
            default -> throw in.malformed("an attribute of the unknown form 0x" + Integer.toHexString(form));
        };
    }

    private static long block(DwarfReader in, long length) throws MalformedDwarfException {
        in.skip(length);
        return length;
    }
}
