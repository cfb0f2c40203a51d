// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// A saved program's open file can't be opened again; the message names it and says why.
public final class WasiRestoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WasiRestoreException(String message) {
        super(message);
    }
}
