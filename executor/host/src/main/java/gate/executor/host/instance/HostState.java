// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.snapshot.CorruptSnapshotException;

/// What we save of a program's channel that reference 7.4 has no place for.
///
/// @param padding see [ChannelBuffers]
record HostState(int padding) {
    private static final byte VERSION = 1;

    byte[] toBytes() {
        return new byte[] {VERSION, (byte) padding};
    }

    static HostState of(byte[] bytes) throws CorruptSnapshotException {
        if (bytes.length == 0) {
            return new HostState(0);
        }
        if (bytes.length != 2 || bytes[0] != VERSION || bytes[1] < 0 || bytes[1] > 7) {
            throw new CorruptSnapshotException("the host's state isn't one of the gate profile");
        }
        return new HostState(bytes[1]);
    }
}
