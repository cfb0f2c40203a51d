// SPDX-License-Identifier: Apache-2.0
package gate.engine.snapshot;

/// A saved program that is truncated, forged, or of another version. The message says what is wrong.
public final class CorruptSnapshotException extends Exception {
    private static final long serialVersionUID = 1L;

    public CorruptSnapshotException(String message) {
        super(message, null, false, false);
    }
}
