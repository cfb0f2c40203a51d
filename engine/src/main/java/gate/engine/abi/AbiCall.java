// SPDX-License-Identifier: Apache-2.0
package gate.engine.abi;

import gate.engine.runtime.HostCall;
import gate.engine.runtime.Memory;
import gate.engine.runtime.Trap;
import java.lang.foreign.MemorySegment;

/// One call of an import function: its arguments and the program's memory. What lies outside of the memory
/// traps.
///
/// Where a function gives results through pointers, it checks them before it does anything.
final class AbiCall {
    private final HostCall call;
    private final AbiFunction function;
    private final Running running;

    AbiCall(HostCall call, AbiFunction function, Running running) {
        this.call = call;
        this.function = function;
        this.running = running;
    }

    HostCall host() {
        return call;
    }

    Running running() {
        return running;
    }

    int i32(int argument) {
        return call.i32(argument);
    }

    /// A pointer or size.
    long u32(int argument) {
        return Integer.toUnsignedLong(call.i32(argument));
    }

    long i64(int argument) {
        return call.argument(argument);
    }

    /// The program is to stop.
    boolean stopRequested() {
        return call.suspendRequested() && running.isStopping();
    }

    /// Ends the call with [TrapId#ABI_DEFICIENCY].
    Answer deficient(String reason) {
        running.setDeficiency(new Deficiency(function.fieldName(), reason));
        return Answer.REPEAT;
    }

    /// @throws Trap where not all of these bytes are in memory
    void check(long address, long length) {
        Memory memory = call.memory();
        long size = memory == null ? 0 : memory.byteSize();
        if (length > size || address > size - length) {
            throw new Trap(Trap.Code.MEMORY_OUT_OF_BOUNDS);
        }
    }

    private Memory memory() {
        Memory memory = call.memory();
        if (memory == null) {
            throw new Trap(Trap.Code.MEMORY_OUT_OF_BOUNDS);
        }
        return memory;
    }

    MemorySegment slice(long address, long length) {
        return memory().slice(address, length);
    }

    int loadByte(long address) {
        return Byte.toUnsignedInt(memory().loadByte(address));
    }

    int loadShort(long address) {
        return Short.toUnsignedInt(memory().loadShort(address));
    }

    int loadInt(long address) {
        return memory().loadInt(address);
    }

    long loadU32(long address) {
        return Integer.toUnsignedLong(memory().loadInt(address));
    }

    long loadLong(long address) {
        return memory().loadLong(address);
    }

    void storeByte(long address, int value) {
        memory().storeByte(address, (byte) value);
    }

    void storeShort(long address, int value) {
        memory().storeShort(address, (short) value);
    }

    void storeInt(long address, int value) {
        memory().storeInt(address, value);
    }

    void storeLong(long address, long value) {
        memory().storeLong(address, value);
    }

    void storeBytes(long address, byte[] bytes) {
        slice(address, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }
}
