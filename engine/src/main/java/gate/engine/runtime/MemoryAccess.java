// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

import static gate.engine.wasm.Opcode.*;

/// Loads and stores by opcode, for memories other than the first.
final class MemoryAccess {
    private MemoryAccess() {}

    /// @param at slot of the address, where a load's result goes; a store's value is in the slot after
    static void execute(Memory memory, int opcode, long[] st, int at, long offset) {
        long address = (st[at] & 0xFFFF_FFFFL) + offset;
        switch (opcode) {
            case I32_LOAD8_S, I64_LOAD8_S -> st[at] = memory.loadByte(address);
            case I32_LOAD8_U, I64_LOAD8_U -> st[at] = memory.loadByte(address) & 0xFF;
            case I32_LOAD16_S, I64_LOAD16_S -> st[at] = memory.loadShort(address);
            case I32_LOAD16_U, I64_LOAD16_U -> st[at] = memory.loadShort(address) & 0xFFFF;
            case I32_LOAD, F32_LOAD, I64_LOAD32_S -> st[at] = memory.loadInt(address);
            case I64_LOAD32_U -> st[at] = memory.loadInt(address) & 0xFFFF_FFFFL;
            case I64_LOAD, F64_LOAD -> st[at] = memory.loadLong(address);
            case I32_STORE8, I64_STORE8 -> memory.storeByte(address, (byte) st[at + 1]);
            case I32_STORE16, I64_STORE16 -> memory.storeShort(address, (short) st[at + 1]);
            case I32_STORE, F32_STORE, I64_STORE32 -> memory.storeInt(address, (int) st[at + 1]);
            case I64_STORE, F64_STORE -> memory.storeLong(address, st[at + 1]);
            default -> throw new IllegalStateException("not a load or store: 0x" + Integer.toHexString(opcode));
        }
    }
}
