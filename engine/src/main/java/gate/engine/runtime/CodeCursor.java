// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

import gate.engine.wasm.FunctionType;
import gate.engine.wasm.Module;

/// Reads the instructions of a body that has been validated, so without checks of its own.
public final class CodeCursor {
    final byte[] bytes;
    int position;

    /// @param bytes a validated module's
    public CodeCursor(byte[] bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    /// Offset of what is read next.
    public int position() {
        return position;
    }

    int peek() {
        return bytes[position] & 0xFF;
    }

    /// An opcode, with its number where it has a prefix byte.
    public int opcode() {
        int opcode = bytes[position++] & 0xFF;
        return opcode == PREFIX_FC ? PREFIX_FC << 8 | u32() : opcode;
    }

    /// An unsigned number.
    public int u32() {
        int b = bytes[position++];
        if (b >= 0) {
            return b;
        }
        int value = b & 0x7F;
        for (int shift = 7; ; shift += 7) {
            b = bytes[position++];
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    /// What [#u32] would read.
    int peekU32() {
        int at = position;
        int value = u32();
        position = at;
        return value;
    }

    /// An index, or 0 with nothing read for an instruction without one.
    int u32Unless(boolean absent) {
        return absent ? 0 : u32();
    }

    /// A signed number.
    public long s64() {
        long value = 0;
        int shift = 0;
        while (true) {
            int b = bytes[position++];
            value |= (long) (b & 0x7F) << shift;
            shift += 7;
            if (b >= 0) {
                return shift < 64 ? value << 64 - shift >> 64 - shift : value;
            }
        }
    }

    public int i32Bits() {
        int at = position;
        position += 4;
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }

    public long i64Bits() {
        long low = i32Bits() & 0xFFFF_FFFFL;
        return low | (long) i32Bits() << 32;
    }

    private void skipLeb() {
        while (bytes[position++] < 0) {}
    }

    /// Skips the labels of a `br_table` just read.
    public void skipTargets() {
        for (int targets = u32(); targets >= 0; targets--) {
            skipLeb();
        }
    }

    /// Skips the immediates of an opcode just read, which isn't `br_table`.
    public void skipImmediates(int opcode) {
        if (opcode >= I32_LOAD && opcode <= I64_STORE32) {
            if ((u32() & 0x40) != 0) {
                skipLeb();
            }
            skipLeb();
            return;
        }
        switch (opcode) {
            case BLOCK,
                    LOOP,
                    IF,
                    BR,
                    BR_IF,
                    BR_ON_NULL,
                    BR_ON_NON_NULL,
                    CALL,
                    RETURN_CALL,
                    CALL_REF,
                    RETURN_CALL_REF,
                    LOCAL_GET,
                    LOCAL_SET,
                    LOCAL_TEE,
                    GLOBAL_GET,
                    GLOBAL_SET,
                    TABLE_GET,
                    TABLE_SET,
                    REF_FUNC,
                    REF_NULL,
                    MEMORY_SIZE,
                    MEMORY_GROW,
                    I32_CONST,
                    I64_CONST,
                    DATA_DROP,
                    ELEM_DROP,
                    MEMORY_FILL,
                    TABLE_GROW,
                    TABLE_SIZE,
                    TABLE_FILL -> skipBlockTypeOrLeb(opcode);
            case CALL_INDIRECT, RETURN_CALL_INDIRECT, MEMORY_INIT, MEMORY_COPY, TABLE_INIT, TABLE_COPY -> {
                skipLeb();
                skipLeb();
            }
            case SELECT_TYPED -> {
                for (int count = u32(); count > 0; count--) {
                    skipValueType();
                }
            }
            case F32_CONST -> position += 4;
            case F64_CONST -> position += 8;
            default -> {}
        }
    }

    /// Reads the locals at the beginning of a body.
    ///
    /// @return how many, without parameters
    public int locals() {
        int count = 0;
        for (int groups = u32(); groups > 0; groups--) {
            count += u32();
            skipValueType();
        }
        return count;
    }

    /// Parameters and results of the block type read next.
    int[] blockShape(Module module) {
        int first = peek();
        if (first == 0x40) {
            position++;
            return new int[] {0, 0};
        }
        if (first > 0x40 && first < 0x80) {
            skipValueType();
            return new int[] {0, 1};
        }
        FunctionType block = module.type((int) s64());
        return new int[] {block.parameterCount(), block.resultCount()};
    }

    /// Skips an instruction.
    public void skipInstruction() {
        int opcode = opcode();
        if (opcode == BR_TABLE) {
            for (int targets = u32(); targets >= 0; targets--) {
                skipLeb();
            }
        } else {
            skipImmediates(opcode);
        }
    }

    private void skipBlockTypeOrLeb(int opcode) {
        if (opcode == BLOCK || opcode == LOOP || opcode == IF) {
            skipValueType();
        } else {
            skipLeb();
        }
    }

    /// A value type, or a block type: `(ref ht)` has its heap type behind it.
    public void skipValueType() {
        int first = bytes[position] & 0xFF;
        skipLeb();
        if (first == 0x63 || first == 0x64) {
            skipLeb();
        }
    }
}
