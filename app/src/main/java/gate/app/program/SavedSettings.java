// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// What a saved file carries for us beside the guest's own state: limits that the guest can notice, because a program
/// that goes on elsewhere must not behave differently, and WASI's state.
///
/// @param stackWords the stack budget, see [gate.engine.runtime.StoreOptions]
/// @param memoryPagesMax pages that one memory may have
/// @param wasi WASI's state as bytes
record SavedSettings(int stackWords, int memoryPagesMax, byte[] wasi) {
    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 9;

    byte[] toBytes() {
        return ByteBuffer.allocate(HEAD_BYTES + wasi.length)
                .put(VERSION)
                .putInt(stackWords)
                .putInt(memoryPagesMax)
                .put(wasi)
                .array();
    }

    /// @throws IllegalArgumentException where the bytes are none of ours
    static SavedSettings of(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("its settings are of version " + version + ", and not " + VERSION);
            }
            int stackWords = in.getInt();
            int memoryPagesMax = in.getInt();
            byte[] wasi = new byte[in.remaining()];
            in.get(wasi);
            return new SavedSettings(stackWords, memoryPagesMax, wasi);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("its settings are cut off", e);
        }
    }
}
