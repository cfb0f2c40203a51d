// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

/// Why a running guest is asked to stop from outside.
public enum StopReason {
    /// Ctrl-C.
    INTERRUPT,
    /// SIGTERM.
    TERMINATE,
    /// SIGHUP: the terminal was closed.
    HANG_UP,
    /// `--after`.
    AFTER,
    /// `--timeout`.
    TIMEOUT
}
