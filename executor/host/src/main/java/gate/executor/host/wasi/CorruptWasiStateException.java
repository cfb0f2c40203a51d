// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// Bytes that are no saved [WasiState].
public final class CorruptWasiStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CorruptWasiStateException(String what, int offset) {
        super("saved WASI state: " + what + " at byte " + offset);
    }
}
