// SPDX-License-Identifier: Apache-2.0
package gate.contract.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian numbers in arrays.
final class Bytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private Bytes() {}

    static int int32(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    static void int32(byte[] bytes, int offset, int value) {
        INT.set(bytes, offset, value);
    }

    static int int16(byte[] bytes, int offset) {
        return (short) SHORT.get(bytes, offset);
    }

    static void int16(byte[] bytes, int offset, int value) {
        SHORT.set(bytes, offset, (short) value);
    }
}
