// SPDX-License-Identifier: Apache-2.0
package gate.engine.debug;

/// Debug information that can't be read. It never leaves the package: without it, a program can be debugged all the
/// same.
final class MalformedDwarfException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedDwarfException(String message) {
        super(message, null, false, false);
    }
}
