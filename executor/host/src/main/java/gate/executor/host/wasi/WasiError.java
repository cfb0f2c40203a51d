// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// Ends a call with an error number for the guest. It has no Java stack trace: it is the guest's own business.
final class WasiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    WasiError(Errno errno) {
        super(errno.name(), null, false, false);
        this.errno = errno;
    }

    Errno errno() {
        return errno;
    }
}
