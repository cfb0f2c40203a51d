// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// Ends a call that had no effect because the execution is to stop: it is made again when the execution goes on.
final class CallAgain extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CallAgain() {
        super("call again", null, false, false);
    }
}
